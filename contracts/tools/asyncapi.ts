import type { Released } from '../src/schema.ts';
import type { Topic, Topics } from '../src/topic.ts';

/** AsyncAPI 3: channels are topics, messages are records (newest released schema), operations are who sends and who receives. */
export function asyncapiOf(topics: Topics, released: readonly Released[]): string {
  const newest = new Map(released.map((schema) => [`${schema.topic}.${schema.record}`, schema]));
  const entries = Object.entries(topics);
  const document = {
    asyncapi: '3.0.0',
    info: {
      title: 'Lotwarden topics',
      version: '1',
      description:
        'Confluent wire format (0x00, schema id, Avro body); subject = topic + record name. CloudEvents 1.0 binary headers on what services publish.',
    },
    defaultContentType: 'application/avro',
    channels: Object.fromEntries(entries.map(([topic, about]) => [topic, channel(topic, about)])),
    operations: Object.fromEntries(entries.flatMap(([topic, about]) => operations(topic, about))),
    components: {
      messages: Object.fromEntries(
        [...newest.values()].map((schema) => [`${schema.topic}.${schema.record}`, message(schema)]),
      ),
    },
  };
  return `${JSON.stringify(document, null, 1)}\n`;
}

const channel = (topic: string, { kind, owner, key, partitions, retention, records }: Topic) => ({
  address: topic,
  summary: `${kind} topic of ${owner}; key: ${key}`,
  messages: Object.fromEntries(records.map((record) => [record, { $ref: `#/components/messages/${topic}.${record}` }])),
  bindings: {
    kafka: { partitions, topicConfiguration: { 'retention.ms': retention === 'forever' ? -1 : retention } },
  },
});

const operations = (topic: string, { writers, readers }: Topic) => [
  ...writers.map((writer) => [`${writer}.send.${topic}`, operation('send', topic)] as const),
  ...readers.map((reader) => [`${reader}.receive.${topic}`, operation('receive', topic)] as const),
];

const operation = (action: 'send' | 'receive', topic: string) => ({ action, channel: { $ref: `#/channels/${topic}` } });

function message({ record, subject, version, id, schema }: Released) {
  const parsed = JSON.parse(schema) as { doc?: string };
  return {
    name: record,
    ...(parsed.doc !== undefined && { summary: parsed.doc }),
    'x-subject': subject,
    'x-version': version,
    'x-schema-id': id,
    payload: { schemaFormat: 'application/vnd.apache.avro;version=1.9.0', schema: parsed },
  };
}
