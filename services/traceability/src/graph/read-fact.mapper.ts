import { UndecodableError, UnknownSchemaIdError, type Codec } from '@lotwarden/contracts/codec';
import { FACT_TOPICS, type Fact, type FactTopic } from '../genealogy/facts.ts';
import type { StreamMessage } from './protocol.ts';

export const isFactTopic = (topic: string): topic is FactTopic => (FACT_TOPICS as readonly string[]).includes(topic);

/** The fact in a message, or the name of the gap that it leaves: unreadable today may only be newer than we are. */
export function readFact(codec: Codec, message: StreamMessage): { fact: Fact } | { unreadable: string } {
  const { topic, partition, offset, value, headers } = message;
  const where = (): string => `${topic}/${partition} offset ${offset}`;
  const version = Number(headers['ce_aggregateversion']);
  const aggregate = headers['ce_subject'];
  if (!isFactTopic(topic) || value === null || aggregate === undefined || !Number.isSafeInteger(version))
    return { unreadable: `undecodable ${where()}` };
  try {
    const event = codec.decode(topic, Buffer.from(value.buffer, value.byteOffset, value.byteLength));
    const id = headers['ce_id'] ?? where();
    const occurredAt = headers['ce_occurredat'] ?? headers['ce_time'] ?? '';
    const subject = aggregate.includes('%') ? decodeURIComponent(aggregate) : aggregate;
    return { fact: { topic, partition, offset, aggregate: subject, version, id, occurredAt, event } as Fact };
  } catch (error) {
    if (error instanceof UnknownSchemaIdError)
      return { unreadable: `schema-unknown ${where()} schema ${error.schemaId}` };
    if (error instanceof UndecodableError) return { unreadable: `undecodable ${where()}` };
    throw error;
  }
}
