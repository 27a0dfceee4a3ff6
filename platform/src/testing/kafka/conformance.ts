import { expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { Refused, type Batch, type BatchControl, type KafkaPort, type Subscription } from '../../kafka/kafka.ts';
import { until } from '../until.ts';

/** What is asked of a client: one way in to the same Kafka, again and again. */
export interface Candidate {
  readonly connect: (prefix: string) => Promise<KafkaPort>;
}

interface Heard {
  readonly partition: number;
  readonly offset: number;
  readonly key: string | null;
  readonly text: string | null;
  readonly headers: Readonly<Record<string, string>>;
}

const TOPIC = 'conformance.things.v1';

/** What the platform builds upon, whichever client is behind the port. */
export function describeKafkaPort(name: string, { connect }: Candidate): void {
  async function port(partitions: number): Promise<{ kafka: KafkaPort; another: () => Promise<KafkaPort> }> {
    const prefix = `c${randomUUID().slice(0, 8)}.`;
    const kafka = await connect(prefix);
    await kafka.createTopics([{ topic: TOPIC, partitions, retention: 'forever' }]);
    return { kafka, another: () => connect(prefix) };
  }

  const say = (kafka: KafkaPort, texts: readonly string[], key = 'k') =>
    kafka.send(texts.map((text) => ({ topic: TOPIC, key, value: Buffer.from(text) })));

  /** Hears until it is stopped; `answer` decides what becomes of each batch. */
  async function hear(
    kafka: KafkaPort,
    answer: (batch: Batch, control: BatchControl) => unknown = finish,
  ): Promise<{ heard: Heard[]; subscription: Subscription }> {
    const heard: Heard[] = [];
    const subscription = await kafka.consume({
      group: 'conformance',
      topics: [TOPIC],
      concurrency: 2,
      onBatch: async (batch, control) => {
        for (const { partition, offset, key, value, headers } of batch.messages)
          heard.push({ partition, offset, key, text: value?.toString() ?? null, headers });
        await answer(batch, control);
      },
    });
    await subscription.ready;
    return { heard, subscription };
  }

  const finish = ({ next }: Batch, control: BatchControl): Promise<void> => control.done(next);
  const texts = (heard: readonly Heard[]) => heard.map(({ text }) => text);

  test(`${name}: every message has the position it was given, and a key stays in one partition in order`, async () => {
    const { kafka } = await port(3);
    const keys = Array.from({ length: 60 }, (_, n) => `key-${n % 7}`);
    const sent = await kafka.send(keys.map((key, n) => ({ topic: TOPIC, key, value: Buffer.from(String(n)) })));
    const { heard } = await hear(kafka);
    await until(() => heard.length === 60);
    for (const { text, partition, offset, key } of heard) {
      expect(sent[Number(text)]).toEqual({ partition, offset });
      expect(key).toBe(keys[Number(text)]);
    }
    for (const [, of] of Map.groupBy(heard, ({ key }) => key)) {
      const numbers = of.map(({ text }) => Number(text));
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
      expect(new Set(of.map(({ partition }) => partition)).size).toBe(1);
    }
    await kafka.close();
  });

  test(`${name}: requests of many callers stay in the order of their calls, and ends tell where they stand`, async () => {
    const { kafka } = await port(1);
    const sent = await Promise.all(Array.from({ length: 20 }, (_, n) => say(kafka, [`${n}a`, `${n}b`])));
    expect(sent.flat().map(({ offset }) => offset)).toEqual(Array.from({ length: 40 }, (_, n) => n));
    expect(await kafka.ends(TOPIC)).toEqual([{ partition: 0, low: 0, next: 40 }]);
    await kafka.close();
  });

  test(`${name}: a batch says where it begins, where it goes on and where the partition ended`, async () => {
    const { kafka } = await port(1);
    await say(kafka, ['a', 'b', 'c']);
    const batches: Batch[] = [];
    const { heard, subscription } = await hear(kafka, async (batch, control) => {
      batches.push(batch);
      await finish(batch, control);
    });
    await until(() => heard.length === 3);
    expect(batches[0]).toMatchObject({ topic: TOPIC, partition: 0, from: 0, end: 3 });
    expect(batches.at(-1)).toMatchObject({ next: 3 });
    await subscription.stop();
    await kafka.close();
  });

  test(`${name}: what was not done comes again; a restart goes on behind what was done`, async () => {
    const { kafka } = await port(1);
    await say(kafka, ['a', 'b', 'c']);
    const first = await hear(kafka, () => undefined);
    await until(() => first.heard.length >= 6);
    await first.subscription.stop();
    expect(texts(first.heard).slice(0, 6)).toEqual(['a', 'b', 'c', 'a', 'b', 'c']);

    const second = await hear(kafka, (_, control) => control.done(2));
    await until(() => second.heard.length >= 3);
    await second.subscription.stop();
    const third = await hear(kafka);
    await until(() => third.heard.length >= 1);
    expect(texts(third.heard)).toEqual(['c']);
    await third.subscription.stop();
    await say(kafka, ['d']);
    const fourth = await hear(kafka);
    await until(() => fourth.heard.length >= 1);
    expect(texts(fourth.heard)).toEqual(['d']);
    await kafka.close();
  });

  test(`${name}: places committed now and then: nothing is heard twice while it runs, the rest again after a restart`, async () => {
    const { kafka } = await port(1);
    const heard: string[] = [];
    const listen = () =>
      kafka.consume({
        group: 'conformance.seldom',
        topics: [TOPIC],
        commitEvery: 600_000,
        onBatch: async (batch, control) => {
          for (const { value } of batch.messages) heard.push(value?.toString('utf8') ?? '');
          await finish(batch, control);
        },
      });
    await say(kafka, ['a']);
    const first = await listen();
    await until(() => heard.length === 1);
    await say(kafka, ['b']);
    await until(() => heard.length === 2);
    await say(kafka, ['c']);
    await until(() => heard.length === 3);
    expect(heard).toEqual(['a', 'b', 'c']);
    await first.stop();
    const second = await listen();
    await until(() => heard.length === 5);
    expect(heard.slice(3)).toEqual(['b', 'c']);
    await second.stop();
    await kafka.close();
  });

  test(`${name}: a group that nobody is in begins where it is told, other partitions at the beginning`, async () => {
    const { kafka } = await port(2);
    const sent = await kafka.send(
      Array.from({ length: 20 }, (_, n) => ({ topic: TOPIC, key: `key-${n}`, value: Buffer.from(String(n)) })),
    );
    const later = sent.filter(({ partition, offset }) => partition === 1 || offset >= 4);
    const heard: string[] = [];
    const subscription = await kafka.consume({
      group: 'conformance.begins',
      topics: [TOPIC],
      startAt: [{ topic: TOPIC, partition: 0, next: 4 }],
      onBatch: async (batch, control) => {
        for (const { partition, offset } of batch.messages) heard.push(`${partition}/${offset}`);
        await finish(batch, control);
      },
    });
    await until(() => heard.length >= later.length);
    expect(heard.sort()).toEqual(later.map(({ partition, offset }) => `${partition}/${offset}`).sort());
    await subscription.stop();
    await kafka.close();
  });

  test(`${name}: seek goes back and forth, whatever was done`, async () => {
    const { kafka } = await port(1);
    await say(kafka, ['a', 'b', 'c', 'd']);
    const seeks = [2, 0];
    const { heard } = await hear(kafka, async (batch, control) => {
      const to = seeks.shift();
      if (to === undefined) await finish(batch, control);
      else control.seek(to);
    });
    await until(() => heard.length >= 10);
    expect(texts(heard)).toEqual(['a', 'b', 'c', 'd', 'c', 'd', 'a', 'b', 'c', 'd']);
    await kafka.close();
  });

  test(`${name}: a handler that throws sees the same again`, async () => {
    const { kafka } = await port(1);
    await say(kafka, ['a']);
    let failures = 2;
    const { heard } = await hear(kafka, async (batch, control) => {
      if (failures-- > 0) throw new Error('not now');
      await finish(batch, control);
    });
    await until(() => heard.length >= 3);
    expect(texts(heard)).toEqual(['a', 'a', 'a']);
    await kafka.close();
  });

  test(`${name}: a partition that pauses comes again; meanwhile the others go on`, async () => {
    const { kafka } = await port(2);
    const [place] = await say(kafka, ['slow']);
    const other = await keyFor(kafka, 1 - (place?.partition ?? 0));
    let pauses = 0;
    const { heard } = await hear(kafka, async (batch, control) => {
      if (batch.partition === place?.partition && pauses++ === 0) control.pause(1_000);
      else await finish(batch, control);
    });
    await until(() => pauses === 1);
    await say(kafka, ['quick'], other);
    await until(() => texts(heard).filter((text) => text === 'slow').length === 2);
    expect(texts(heard).filter((text) => text !== '')).toEqual(['slow', 'quick', 'slow']);
    await kafka.close();
  });

  test(`${name}: two members share the partitions; when one leaves the other takes over where it was`, async () => {
    const { kafka, another } = await port(4);
    const other = await another();
    const one = await hear(kafka);
    const two = await hear(other);
    const keys = Array.from({ length: 80 }, (_, n) => `key-${n}`);
    const all = keys.map((key) => ({ topic: TOPIC, key, value: Buffer.from(key) }));
    const isShared = async (): Promise<boolean> => {
      await kafka.send(all);
      return one.heard.length > 0 && two.heard.length > 0 && one.subscription.assigned() && two.subscription.assigned();
    };
    await until(isShared, 25_000);
    const total = async () => (await kafka.ends(TOPIC)).reduce((sum, { next }) => sum + next, 0);
    const places = () => new Set([...one.heard, ...two.heard].map(({ partition, offset }) => `${partition}@${offset}`));
    await until(async () => places().size === (await total()));
    await two.subscription.stop();
    await kafka.send(all);
    await until(async () => places().size === (await total()), 15_000);
    await other.close();
    await kafka.close();
  });

  test(`${name}: keys, headers and values travel as they are: Chinese, percent signs, none at all`, async () => {
    const { kafka } = await port(1);
    const headers = { ce_actor: '%E6%9D%8E%E6%98%8E', 'content-type': 'text', raw: '李明', rate: '100%' };
    await kafka.send([
      { topic: TOPIC, key: '批次-1', value: Buffer.from('值'), headers },
      { topic: TOPIC, key: 'tombstone', value: null },
      { topic: TOPIC, key: null, value: Buffer.alloc(0) },
      { topic: TOPIC, key: 'names', value: null, headers: { 'a.b': '1', $set: '2', 名: '3' } },
    ]);
    const { heard } = await hear(kafka);
    await until(() => heard.length === 4);
    expect(heard[0]).toMatchObject({ key: '批次-1', text: '值', headers });
    expect(heard[1]).toMatchObject({ key: 'tombstone', text: null, headers: {} });
    expect(heard[2]).toMatchObject({ key: null, text: '' });
    expect(heard[3]?.headers).toEqual({ 'a%2Eb': '1', '%24set': '2', '%E5%90%8D': '3' });
    await kafka.close();
  });

  test(`${name}: more than a broker takes at once goes in several requests; what it never takes is refused`, async () => {
    const { kafka } = await port(1);
    const large = Array.from({ length: 12 }, (_, n) => ({ topic: TOPIC, key: 'k', value: Buffer.alloc(300_000, n) }));
    const sent = await kafka.send(large);
    expect(sent.map(({ offset }) => offset)).toEqual(large.map((_, n) => n));
    const tooLarge = kafka.send([{ topic: TOPIC, key: 'k', value: Buffer.alloc(1_100_000) }]);
    await expect(tooLarge).rejects.toBeInstanceOf(Refused);
    const nowhere = kafka.send([{ topic: 'conformance.nowhere.v1', key: 'k', value: null }]);
    await expect(nowhere).rejects.toMatchObject({ name: 'Refused', topic: 'conformance.nowhere.v1' });
    expect(await say(kafka, ['after'])).toEqual([{ partition: 0, offset: 12 }]);
    await kafka.close();
  });

  test(`${name}: after stop nothing is heard, and stopping twice is fine`, async () => {
    const { kafka } = await port(1);
    const { heard, subscription } = await hear(kafka);
    await subscription.stop();
    await subscription.stop();
    expect(subscription.assigned()).toBe(false);
    await say(kafka, ['a']);
    const again = await hear(kafka);
    await until(() => again.heard.length === 1);
    expect(heard).toEqual([]);
    await kafka.close();
  });

  /** A key that the client puts into this partition. */
  async function keyFor(kafka: KafkaPort, wanted: number): Promise<string> {
    for (let n = 0; ; n++) {
      const [place] = await say(kafka, [''], `key-${n}`);
      if (place?.partition === wanted) return `key-${n}`;
    }
  }
}
