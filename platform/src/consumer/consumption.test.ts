import { expect, test } from '@jest/globals';
import type { Codec } from '@lotwarden/contracts/codec';
import { Conflict, Rejected } from '../errors.ts';
import type { Incoming, KafkaPort } from '../kafka/kafka.ts';
import { createLog } from '../log/log.ts';
import type { Work } from '../store/store.ts';
import { memoryKafka, othersFirst, type Broker } from '../testing/simulation/memory-kafka.ts';
import { memoryStore, type Disk } from '../testing/simulation/memory-store.ts';
import { until } from '../testing/until.ts';
import { runConsumers } from './consumption.client.ts';
import type { Consumer } from './consumer.ts';
import { createInbox, declareInbox } from './inbox.store.ts';
import { createRedrive } from './redrive.store.ts';

const FACTS = 'qms.inspection.v1';
const REPORTS = 'lims.inbound.v1';
const GROUP = 'simulated.things';
const PARTITIONS = 2;
const SEEDS = 16;
const log = createLog({ service: 'test', level: 'silent' });
const codec = { decode: (_topic: string, bytes: Buffer) => JSON.parse(bytes.toString()) } as unknown as Codec;

type Random = () => number;

/** mulberry32: small, and the same for the same seed. */
function randomOf(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** In order, except that some come twice and some too early or too late. */
function disturbed<T>(items: readonly T[], random: Random): T[] {
  const placed = items.flatMap((item, n) => {
    const first = { item, at: n + (random() < 0.3 ? (random() - 0.5) * 30 : 0) };
    return random() < 0.3 ? [first, { item, at: first.at + random() * 40 }] : [first];
  });
  return placed.sort((a, b) => a.at - b.at).map(({ item }) => item);
}

interface Thing {
  readonly subject: string;
  readonly number: number;
}

/** Aggregates with versions 1..n, or messages of a key with ids 1..n; interleaved. */
function things(random: Random): Thing[] {
  const left = Array.from({ length: 6 }, (_, n) => ({
    subject: `A${n}`,
    sent: 0,
    wanted: 3 + Math.floor(random() * 9),
  }));
  const result: Thing[] = [];
  for (let open = left; open.length > 0; open = open.filter(({ sent, wanted }) => sent < wanted)) {
    const one = open[Math.floor(random() * open.length)]!;
    one.sent += 1;
    result.push({ subject: one.subject, number: one.sent });
  }
  return result;
}

const partitioned = (messages: readonly Omit<Incoming, 'partition' | 'offset'>[]): Incoming[][] =>
  Array.from({ length: PARTITIONS }, (_, partition) =>
    messages
      .filter(({ key }) => Number(key?.slice(1)) % PARTITIONS === partition)
      .map((message, offset) => ({ ...message, partition, offset })),
  );

const message = (key: string, value: unknown, headers: Record<string, string> = {}) => ({
  key,
  rawKey: Buffer.from(key),
  value: Buffer.from(JSON.stringify(value)),
  headers,
  timestamp: 0,
});

interface World {
  readonly disk: Disk;
  readonly broker: Broker;
  readonly random: Random;
  /** How often handling still fails, by message; 'conflict' fails as if somebody else were faster. */
  readonly failing: Map<string, { left: number; readonly how: keyof typeof failures }>;
}

const failures = {
  bug: () => new TypeError('a bug'),
  conflict: () => new Conflict(),
  refusal: () => new Rejected('version-stale'),
};

interface Handled {
  readonly numbers: readonly number[];
}

/** One process: its own memory, the same disk and broker as all others. It may die at any commit. */
async function startProcess({ disk, broker, random, failing }: World, dies: boolean) {
  const died = Promise.withResolvers<undefined>();
  let commits = dies ? Math.floor(random() * 12) : Infinity;
  let dead = false;
  const store = memoryStore({
    disk,
    codec: { encode: () => new Uint8Array() },
    turn: async (at) => {
      if (random() < 0.5) await othersFirst();
      if (at === 'commit' && commits-- <= 0) dead = random() < 0.5;
      if (at === 'committed' && commits < 0) dead = true;
      if (!dead) return;
      died.resolve(undefined);
      throw new Error('this process is dead');
    },
  });
  const handled = store.aggregate<Handled, { type: 'Handled'; number: number }>({
    collection: 'handled',
    initial: { numbers: [] },
    evolve: ({ numbers }, { number }) => ({ numbers: [...numbers, number] }),
  });
  const handle = async (topic: string, subject: string, number: number, work: Work): Promise<void> => {
    await work.append(handled, `${topic}|${subject}`, [{ type: 'Handled', number }]);
    const fails = failing.get(`${topic}|${subject}|${number}`);
    if (fails === undefined || fails.left-- <= 0) return;
    throw failures[fails.how]();
  };
  const consumers: Consumer[] = [FACTS, REPORTS].map((topic) => ({
    topic: topic as Consumer['topic'],
    group: GROUP,
    handle: ({ subject, event }, work) => handle(topic, subject, (event as unknown as Thing).number, work),
  }));
  const parkedKeys = declareInbox(store);
  const inbox = createInbox({ store, codec, log, service: 'qms', allowedSources: {}, parkedKeys });
  const redrive = createRedrive({ store, inbox, parkedKeys, consumers });
  const kafka = memoryKafka(broker, random) as KafkaPort;
  const running = await runConsumers({ service: 'qms', kafka, store, inbox, redrive, consumers, log, sweepEvery: 20 });
  return { running, redrive, died: died.promise };
}

async function simulate(seed: number): Promise<void> {
  const random = randomOf(seed);
  const sent = things(random);
  const facts = disturbed(sent, random).map(({ subject, number }) =>
    message(subject, { number }, { ce_subject: subject, ce_aggregateversion: String(number) }),
  );
  const reports = disturbed(sent, random).map(({ subject, number }) =>
    message(subject, { number, sourceSystem: 'S', messageId: `${subject}-${number}`, occurredAt: '', operator: null }),
  );
  const partitions = new Map([
    [FACTS, partitioned(facts)],
    [REPORTS, partitioned(reports)],
  ]);
  const broken = [FACTS, REPORTS].flatMap((topic) =>
    sent
      .filter(() => random() < 0.08)
      .map(({ subject, number }) => {
        const kind = random();
        const how = kind < 0.4 ? ('bug' as const) : kind < 0.7 ? ('refusal' as const) : ('conflict' as const);
        return [`${topic}|${subject}|${number}`, { left: 1 + Math.floor(random() * 6), how }] as const;
      }),
  );
  const world: World = {
    disk: new Map(),
    broker: { partitions, committed: new Map() },
    random,
    failing: new Map(broken),
  };

  // Two at a time, each of which believes to be alone; each dies some times and is started again.
  const isRead = (): boolean =>
    [...partitions].every(([topic, logs]) =>
      logs.every(
        (read, n) => (world.disk.get('consumer_offsets')?.get(`${GROUP}|${topic}|${n}`)?.['next'] ?? 0) === read.length,
      ),
    );
  const live = async (lives: number): Promise<void> => {
    const { running, redrive, died } = await startProcess(world, lives > 1);
    const operator = async () => {
      // A person who presses the button too often, and at the same time as others.
      if (random() < 0.05) await redrive.all();
      return isRead();
    };
    await Promise.race([until(operator, 20_000), died]);
    await running.stop();
    if (lives > 1) await live(lives - 1);
  };
  await Promise.all([live(3), live(2)]);

  const { running, redrive } = await startProcess(world, false);
  const parked = () => world.disk.get('parked_messages')?.size ?? 0;
  await until(async () => {
    await redrive.all();
    return parked() === 0;
  }, 20_000);
  await running.stop();

  const known = (topic: string, subject: string) =>
    (world.disk.get('handled')?.get(`${topic}|${subject}`)?.['state'] as Handled | undefined)?.numbers ?? [];
  for (const subject of new Set(sent.map((thing) => thing.subject))) {
    const last = sent.filter((thing) => thing.subject === subject).length;
    expect({ seed, subject, facts: known(FACTS, subject) }).toEqual({
      seed,
      subject,
      facts: Array.from({ length: last }, (_, n) => n + 1),
    });
    const arrived = reports
      .filter(({ key }) => key === subject)
      .map(({ value }) => (JSON.parse(String(value)) as Thing).number);
    expect({ seed, subject, reports: known(REPORTS, subject) }).toEqual({
      seed,
      subject,
      reports: [...new Set(arrived)],
    });
  }
  const counts = [...(world.disk.get('parked_keys')?.values() ?? [])].map(
    ({ state }) => (state as { count: number }).count,
  );
  expect({ seed, counts }).toEqual({ seed, counts: counts.map(() => 0) });
}

test('whatever is doubled, early, late, broken, contended or killed: each aggregate hears 1..n once, in order', async () => {
  await Promise.all(Array.from({ length: SEEDS }, (_, n) => simulate(n + 1)));
}, 30_000);
