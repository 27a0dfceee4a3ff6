import { AvroSerializer, SchemaRegistryClient, SerdeType, type SchemaInfo } from '@confluentinc/schemaregistry';
import { Kafka, logLevel, type Producer } from 'kafkajs';

/** What an outside system is told: where Kafka and the schema registry are. */
export interface Addresses {
  readonly kafka: string;
  readonly schemaRegistry: string;
  /** Goes before topic names where several installations share one Kafka; subjects have none. */
  readonly topicPrefix: string;
}

/** A broker that is started again must not lose a report: half a minute of tries, and the same message twice is fine. */
const PATIENT = { initialRetryTime: 200, maxRetryTime: 3_000, retries: 15 } as const;

export interface Publisher {
  publish(record: string, key: string, value: object): Promise<void>;
  close(): Promise<void>;
}

/**
 * An outside system's way in, as its own developers would write it: a stock Kafka client and a stock Confluent Avro
 * serializer, registration off; nothing of the platform.
 */
export async function connectPublisher(system: string, topic: string, addresses: Addresses): Promise<Publisher> {
  const kafka = new Kafka({ clientId: system, brokers: [addresses.kafka], logLevel: logLevel.NOTHING, retry: PATIENT });
  const producer: Producer = kafka.producer({ allowAutoTopicCreation: false, maxInFlightRequests: 1 });
  await producer.connect();
  const registry = new SchemaRegistryClient({ baseURLs: [addresses.schemaRegistry] });
  const namespace = `lotwarden.${topic.split('.').slice(0, 2).join('.').replaceAll('-', '_')}`;
  const serializers = new Map<string, AvroSerializer>();

  /** Subject = topic + full record name; one serializer a record, since stock ones are told one subject at a time. */
  function serializerOf(record: string): AvroSerializer {
    const known = serializers.get(record);
    if (known) return known;
    const subject = `${topic}-${namespace}.${record}`;
    const made = new AvroSerializer(registry, SerdeType.VALUE, {
      autoRegisterSchemas: false,
      useLatestVersion: true,
      subjectNameStrategy: (_topic: string, _serde: SerdeType, _info?: SchemaInfo) => Promise.resolve(subject),
    });
    serializers.set(record, made);
    return made;
  }

  return {
    publish: async (record, key, value) => {
      const bytes = await serializerOf(record).serialize(topic, value);
      await producer.send({ topic: `${addresses.topicPrefix}${topic}`, acks: -1, messages: [{ key, value: bytes }] });
    },
    close: () => producer.disconnect(),
  };
}
