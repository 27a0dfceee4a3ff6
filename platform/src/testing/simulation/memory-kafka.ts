import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';
import type { BatchControl, ConsumeRequest, Incoming, KafkaPort, Subscription } from '../../kafka/kafka.ts';

/** Lets everything else that is ready run before it goes on. */
export const othersFirst = (): Promise<void> => turn();

/** What outlives a process: partitions by topic, and how far Kafka believes a group to be. */
export interface Broker {
  readonly partitions: ReadonlyMap<string, readonly (readonly Incoming[])[]>;
  readonly committed: Map<string, number>;
}

/**
 * Kafka for one simulated process. Every process is given every partition: members that do not know that they are not
 * alone, as after a long pause. Batches are cut at random.
 */
export function memoryKafka(broker: Broker, random: () => number): Pick<KafkaPort, 'consume' | 'ends'> {
  const follow = async (
    topic: string,
    partition: number,
    log: readonly Incoming[],
    { onBatch, startAt = [] }: ConsumeRequest,
    stopped: AbortSignal,
  ): Promise<void> => {
    const place = `${topic}|${String(partition)}`;
    const start = startAt.find((one) => one.topic === topic && one.partition === partition);
    let position = start?.next ?? broker.committed.get(place) ?? 0;
    while (!stopped.aborted) {
      await othersFirst();
      const messages = log.slice(position, position + 1 + Math.floor(random() * 12));
      const [first] = messages;
      if (first === undefined) {
        await pause(5);
        continue;
      }
      const control: BatchControl = {
        live: () => !stopped.aborted,
        heartbeat: othersFirst,
        done: async (next) => {
          position = next;
          await othersFirst();
          broker.committed.set(place, next);
        },
        seek: (next) => void (position = next),
        pause: () => undefined,
      };
      const next = position + messages.length;
      await onBatch({ topic, partition, messages, from: position, next, end: log.length }, control);
    }
  };

  return {
    ends: async (topic) =>
      (broker.partitions.get(topic) ?? []).map((log, partition) => ({ partition, low: 0, next: log.length })),
    consume: async (request) => {
      const stopped = new AbortController();
      const following = request.topics.flatMap((topic) =>
        (broker.partitions.get(topic) ?? []).map((log, n) => follow(topic, n, log, request, stopped.signal)),
      );
      const subscription: Subscription = {
        ready: Promise.resolve(),
        assigned: () => true,
        failed: new Promise<Error>(() => undefined),
        stop: async () => {
          stopped.abort();
          await Promise.all(following);
        },
      };
      return subscription;
    },
  };
}
