import { createCodec } from '@lotwarden/contracts/codec';
import { publish, type Told } from '../../generator/publish.ts';
import { genealogyOf } from '../trace/factory-graph.ts';

/** An event as its owner's relay would write it to Kafka. */
export interface Message {
  readonly topic: string;
  readonly key: string;
  readonly value: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  readonly isOperation: boolean;
}

/** The messages of so many operations, in the order in which they were told. */
export function messagesOf(operations: number): Message[] {
  const codec = createCodec();
  const found: Message[] = [];
  for (const told of publish(genealogyOf(operations))) found.push(message(codec, told));
  return found;
}

function message(
  codec: ReturnType<typeof createCodec>,
  { topic, aggregate, version, id, occurredAt, event }: Told,
): Message {
  return {
    topic,
    key: aggregate,
    value: codec.encode(topic, event),
    headers: {
      ce_id: id,
      ce_subject: encodeURIComponent(aggregate),
      ce_aggregateversion: String(version),
      ce_occurredat: occurredAt,
    },
    isOperation: topic === 'mes-bridge.operation.v1',
  };
}
