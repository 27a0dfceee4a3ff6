import { setTimeout as pause } from 'node:timers/promises';
import { topics, type TopicName } from '@lotwarden/contracts/topics';
import { ConfigInvalid } from '../config/config.ts';
import type { KafkaPort } from '../kafka/kafka.ts';
import type { Inventory } from './service.ts';

interface Described {
  readonly partitions: number;
  readonly retention: number | 'forever';
  readonly writers: readonly string[];
  readonly readers: readonly string[];
}

const HOLD_TOPICS: readonly TopicName[] = ['recall.hold.v1', 'recall.tick.v1'];

/** What a service reads and writes. */
export function topicsOf(service: string, { consumers = [], gates = [] }: Inventory): TopicName[] {
  const names = Object.keys(topics) as TopicName[];
  const writes = names.filter((name) => (topics[name] as Described).writers.includes(service));
  const hears = consumers.map(({ topic }) => topic);
  return [...new Set([...writes, ...hears, ...(gates.length > 0 ? HOLD_TOPICS : [])])];
}

/** What a service may read or write by the contracts, whether this version of it does or not. */
export const topicsAround = (service: string): TopicName[] =>
  (Object.keys(topics) as TopicName[]).filter((name) => {
    const { writers, readers } = topics[name] as Described;
    return writers.includes(service) || readers.includes(service);
  });

/** In production only named systems report facts. Throws `ConfigInvalid` for inbound topics that anybody might write. */
export function assertSourcesNamed(
  service: string,
  { consumers = [] }: Inventory,
  sources: Readonly<Partial<Record<string, readonly string[]>>>,
): void {
  const open = consumers
    .map(({ topic }) => topic)
    .filter((topic) => topics[topic].kind === 'inbound' && !sources[topic]);
  const problems = [...new Set(open)].map((topic) => `INBOUND_SOURCES: name the source systems of ${topic}`);
  if (problems.length > 0) throw new ConfigInvalid(service, problems);
}

/** How long it may take until topics that several services make at the same moment are known everywhere. */
const PATIENCE_MS = 15_000;
const AGAIN_MS = 50;

/**
 * Makes sure that a service's topics are there with exactly the partitions agreed. In production they come from the
 * cluster's own description, as whoever may create topics may also create wrong ones. Throws naming each that is wrong.
 */
export async function prepareTopics(kafka: KafkaPort, wanted: readonly TopicName[], mayCreate: boolean): Promise<void> {
  const described = wanted.map((topic) => ({ topic, ...(topics[topic] as Described) }));
  const look = async (): Promise<readonly string[]> => {
    if (mayCreate) await kafka.createTopics(described);
    return wrong(described, await kafka.partitions(wanted));
  };
  const until = Date.now() + (mayCreate ? PATIENCE_MS : 0);
  for (;;) {
    const found = await look().catch((error: unknown) => {
      // Another service makes the same topics just now, or a broker has not heard of them yet.
      if (Date.now() > until) throw error;
      return undefined;
    });
    if (found?.length === 0) return;
    if (found !== undefined && Date.now() > until)
      throw new Error(`Kafka is not as contracts/topics.ts says: ${found.join('; ')}`);
    await pause(AGAIN_MS);
  }
}

const wrong = (described: readonly ({ readonly topic: TopicName } & Described)[], found: ReadonlyMap<string, number>) =>
  described.flatMap(({ topic, partitions }) => {
    const there = found.get(topic);
    if (there === undefined) return [`${topic} is missing`];
    // The key decides the partition: fewer or more of them would break the order of what is already there.
    return there === partitions ? [] : [`${topic} has ${String(there)} partitions, not ${String(partitions)}`];
  });
