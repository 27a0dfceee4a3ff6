import { createCodec } from '@lotwarden/contracts/codec';
import type { EventOf } from '@lotwarden/contracts/events';
import { topics, type TopicName } from '@lotwarden/contracts/topics';
import type { Incoming, KafkaPort } from '../kafka/kafka.ts';
import { connectKafka } from '../kafka/kafka-kafkajs.client.ts';
import { createLog } from '../log/log.ts';
import type { Context } from '../store/context.ts';
import { eventHeaders } from '../store/outbox.ts';
import { stack } from './stack.ts';

/** The services around the one under test: what they would publish, and what it published. */
export interface Neighbours {
  /** Says it as the topic's owner would, in the next version of that aggregate. */
  say<T extends TopicName>(topic: T, subject: string, event: EventOf<T>, context?: Partial<Context>): Promise<void>;
  /** Keeps gates open: the hold topic is alive and ends where it ends. */
  tick(): Promise<void>;
  /** Everything on a topic so far, in order per partition. */
  heard<T extends TopicName>(topic: T): Promise<EventOf<T>[]>;
  /** The headers of everything on a topic so far. */
  headers(topic: TopicName): Promise<Readonly<Record<string, string>>[]>;
  close(): Promise<void>;
}

export async function neighbours(topicPrefix: string): Promise<Neighbours> {
  const log = createLog({ service: 'neighbours', level: 'silent' });
  const kafka: KafkaPort = await connectKafka({
    brokers: [stack().kafka],
    clientId: 'neighbours',
    prefix: topicPrefix,
    log,
  });
  const codec = createCodec();
  const versions = new Map<string, number>();
  let ticks = 0;
  let ticking = Promise.resolve();

  async function tick(): Promise<void> {
    ticks += 1;
    const [end] = await kafka.ends('recall.hold.v1');
    const value = codec.encode('recall.tick.v1', {
      type: 'RecallTick',
      at: new Date().toISOString(),
      sequence: ticks,
      holdEnd: end?.next ?? 0,
    });
    await kafka.send([{ topic: 'recall.tick.v1', key: 'recall', value }]);
  }

  async function everything(topic: TopicName): Promise<Incoming[]> {
    const wanted = (await kafka.ends(topic)).reduce((sum, { low, next }) => sum + next - low, 0);
    const found: Incoming[] = [];
    if (wanted === 0) return found;
    const done = Promise.withResolvers<undefined>();
    const subscription = await kafka.consume({
      group: `neighbours-${String(Math.random()).slice(2)}`,
      topics: [topic],
      onBatch: async (batch, control) => {
        found.push(...batch.messages);
        await control.done((batch.messages.at(-1)?.offset ?? 0) + 1);
        if (found.length >= wanted) done.resolve(undefined);
      },
    });
    await done.promise;
    await subscription.stop();
    return found;
  }

  return {
    say: async (topic, subject, event, context = {}) => {
      const place = `${topic}|${subject}`;
      const version = (versions.get(place) ?? 0) + 1;
      versions.set(place, version);
      const recordedAt = new Date().toISOString();
      const { type } = event as { type: string };
      const facts = {
        service: topics[topic].owner,
        type,
        aggregate: subject,
        version,
        incarnation: 'test',
        recordedAt,
      };
      const headers = topics[topic].kind === 'inbound' ? {} : eventHeaders(facts, { actor: 'neighbour', ...context });
      await kafka.send([{ topic, key: subject, value: codec.encode(topic, event), headers }]);
    },
    tick: () => {
      ticking = tick();
      return ticking;
    },
    heard: async <T extends TopicName>(topic: T) =>
      (await everything(topic)).flatMap(({ value }) => (value === null ? [] : [codec.decode(topic, value)])),
    headers: async (topic) => (await everything(topic)).map(({ headers }) => headers),
    close: async () => {
      // A tick that is under way would fail for want of a connection, and the test with it.
      await ticking;
      await kafka.close();
    },
  };
}
