import { topics, type TopicName } from '@lotwarden/contracts/topics';
import type { KafkaPort } from '../kafka/kafka.ts';
import type { Inventory } from './service.ts';

interface Described {
  readonly partitions: number;
  readonly retention: number | 'forever';
  readonly writers: readonly string[];
}

const HOLD_TOPICS: readonly TopicName[] = ['recall.hold.v1', 'recall.tick.v1'];

/** What a service reads and writes. */
export function topicsOf(service: string, { consumers = [], gates = [] }: Inventory): TopicName[] {
  const names = Object.keys(topics) as TopicName[];
  const writes = names.filter((name) => (topics[name] as Described).writers.includes(service));
  const hears = consumers.map(({ topic }) => topic);
  return [...new Set([...writes, ...hears, ...(gates.length > 0 ? HOLD_TOPICS : [])])];
}

/**
 * Makes sure that a service's topics are there with at least the partitions agreed. In production they come from the
 * cluster's own description, as whoever may create topics may also create wrong ones; throws then, naming each.
 */
export async function prepareTopics(kafka: KafkaPort, wanted: readonly TopicName[], mayCreate: boolean): Promise<void> {
  const described = wanted.map((topic) => ({ topic, ...(topics[topic] as Described) }));
  if (mayCreate) await kafka.createTopics(described);
  const found = await kafka.partitions(wanted);
  const wrong = described.flatMap(({ topic, partitions }) => {
    const there = found.get(topic);
    if (there === undefined) return [`${topic} is missing`];
    // The key decides the partition: fewer or more of them would break the order of what is already there.
    return there === partitions ? [] : [`${topic} has ${String(there)} partitions, not ${String(partitions)}`];
  });
  if (wrong.length > 0) throw new Error(`Kafka is not as contracts/topics.ts says: ${wrong.join('; ')}`);
}
