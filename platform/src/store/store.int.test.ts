import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { Conflict, Rejected } from '../errors.ts';
import { openTestStore } from '../testing/store.ts';
import { OffsetFenced, AlreadyHandled, connectStore, type Aggregate, type Context, type Work } from './store.ts';
import { commandMark } from './work.ts';

interface Counter {
  readonly count: number;
}
type Counted = { readonly type: 'Counted'; readonly by: number };

const TOPIC = 'warehouse.stock.v1';
const ADA: Context = { actor: 'ada', reason: '盘点', causationId: 'r-1' };
const one = (): Counted[] => [{ type: 'Counted', by: 1 }];

const opened = await openTestStore({ service: 'warehouse' });
const { store } = opened;
const definition = {
  collection: 'counters',
  topic: TOPIC,
  initial: { count: 0 } as Counter,
  evolve: (state: Counter, event: Counted): Counter => ({ count: state.count + event.by }),
  indexes: [{ key: { 'state.count': 1 as const } }],
} as const;
const counters: Aggregate<Counter, Counted> = store.aggregate(definition);
const fresh = (): string => `C-${randomUUID()}`;
const outboxOf = (aggregate: string) =>
  store.db.collection('outbox').find({ aggregate }).sort({ version: 1 }).toArray();

beforeAll(() => store.ensureIndexes());
afterAll(opened.drop);

test('a change stores the state and its event together, and tells the relay', async () => {
  const id = fresh();
  let woken = 0;
  const stop = store.onOutbox(() => (woken += 1));
  const changed = await counters.change(id, ADA, one);
  stop();
  expect(changed).toMatchObject({ id, state: { count: 1 }, version: 1, rev: 1, events: [{ by: 1 }] });
  expect(await counters.get(id)).toMatchObject({ state: { count: 1 }, version: 1, rev: 1, holds: {} });
  const [entry] = await outboxOf(id);
  const incarnation = store.meta.incarnation();
  expect(entry).toMatchObject({ topic: TOPIC, key: id, version: 1, type: 'Counted', published: false });
  expect(entry?.['headers']).toMatchObject({
    ce_id: `${id}:1@${incarnation}`,
    ce_source: '/warehouse',
    ce_actor: 'ada',
    ce_reason: encodeURIComponent('盘点'),
    ce_aggregateversion: '1',
    'content-type': 'application/avro',
  });
  expect(woken).toBe(1);
});

test('of many at once none is lost', async () => {
  const id = fresh();
  await Promise.all(
    Array.from({ length: 12 }, () => store.work(ADA, (work) => work.change(counters, id, one), { tries: 50 })),
  );
  expect(await counters.get(id)).toMatchObject({ state: { count: 12 }, version: 12 });
  expect((await outboxOf(id)).map((entry) => entry['version'] as number)).toEqual(
    Array.from({ length: 12 }, (_, n) => n + 1),
  );
});

test('a unit is all or nothing', async () => {
  const [a, b] = [fresh(), fresh()];
  const failing = store.work(ADA, async (work) => {
    await work.change(counters, a, one);
    await work.change(counters, b, () => {
      throw new Rejected('lot-on-hold', { lot: b });
    });
  });
  await expect(failing).rejects.toThrow('lot-on-hold');
  expect(await counters.get(a)).toBeUndefined();
  expect(await outboxOf(a)).toEqual([]);
});

test('a unit sees what it did, and a savepoint takes back what failed', async () => {
  const id = fresh();
  const changed = await store.work(ADA, async (work) => {
    await work.append(counters, id, one());
    const attempt = work.savepoint(async () => {
      await work.append(counters, id, one());
      throw new Rejected('lot-on-hold', {});
    });
    await expect(attempt).rejects.toThrow('lot-on-hold');
    const [seen] = await work.load(counters, [id]);
    expect(seen).toMatchObject({ state: { count: 1 }, version: 1 });
    return work.as({ actor: 'bob' }).append(counters, id, one());
  });
  expect(changed).toMatchObject({ version: 2, rev: 1 });
  expect((await outboxOf(id)).map((entry) => (entry['headers'] as Record<string, string>)['ce_actor'])).toEqual([
    'ada',
    'bob',
  ]);
});

test('a document that was only touched guards the decision', async () => {
  const [guard, id] = [fresh(), fresh()];
  await counters.change(guard, ADA, one);
  let runs = 0;
  await store.work(ADA, async (work) => {
    runs += 1;
    const [read] = await work.load(counters, [guard]);
    await work.touch(counters, guard);
    if (runs === 1) await counters.change(guard, ADA, one);
    await work.append(counters, id, [{ type: 'Counted', by: read?.state.count ?? 0 }]);
  });
  expect(runs).toBe(2);
  expect((await counters.get(id))?.state.count).toBe(2);
});

test('who always meets somebody else is told so, after a bounded number of tries', async () => {
  const id = fresh();
  await counters.change(id, ADA, one);
  let runs = 0;
  const losing = store.work(
    ADA,
    async (work) => {
      runs += 1;
      await work.change(counters, id, one);
      await counters.change(id, ADA, one);
    },
    { tries: 3 },
  );
  await expect(losing).rejects.toBeInstanceOf(Conflict);
  expect(runs).toBe(3);
});

test('a repeated command applies once; its own request may work twice', async () => {
  const id = fresh();
  const key = fresh();
  const command = (causationId: string): Context => ({ actor: 'ada', idempotencyKey: key, causationId });
  await counters.change(id, command('r-1'), one);
  await counters.change(id, command('r-1'), one);
  await expect(counters.change(id, command('r-2'), one)).rejects.toThrow('idempotency-already-applied');
  expect((await counters.get(id))?.state.count).toBe(2);
  expect(await store.db.collection('inbox').findOne({ _id: commandMark('ada', key) } as object)).not.toBeNull();
});

test('a consumer that lost its partition cannot write, and a handled message is not handled again', async () => {
  const [id, message] = [fresh(), fresh()];
  const advance = (from: number | null, next: number) => ({
    offsets: [{ group: 'g', topic: id, partition: 0, from, next, topicId: 't' }],
    seen: [{ group: 'g', topic: id, key: 'k', version: next }],
  });
  const run = (options: object) => store.work(ADA, (work) => work.change(counters, id, one), options);
  await run({ ...advance(null, 5), marks: [message] });
  await run(advance(5, 9));
  await expect(run(advance(5, 9))).rejects.toBeInstanceOf(OffsetFenced);
  await expect(run(advance(null, 9))).rejects.toBeInstanceOf(OffsetFenced);
  await expect(run({ ...advance(9, 10), marks: [message] })).rejects.toBeInstanceOf(AlreadyHandled);
  expect((await counters.get(id))?.state.count).toBe(2);
  const place = await store.db.collection('consumer_offsets').findOne({ _id: `g|${id}|0` } as object);
  expect(place).toMatchObject({ next: 9, topicId: 't' });
  expect(await store.db.collection('seen_versions').findOne({ _id: `g|${id}|k` } as object)).toMatchObject({
    version: 9,
  });
});

test('an event that cannot be encoded fails its command', async () => {
  const picky = await connectStore({
    mongoUrl: store.client.options.hosts.map((host) => `mongodb://${String(host)}/?directConnection=true`)[0] ?? '',
    database: opened.database,
    service: 'warehouse',
    clock: () => new Date(),
    codec: {
      encode: () => {
        throw new Error('does not fit');
      },
    },
  });
  const id = fresh();
  await expect(picky.aggregate(definition).change(id, ADA, one)).rejects.toThrow('does not fit');
  expect(picky.meta.incarnation()).toBe(store.meta.incarnation());
  await picky.close();
  expect(await counters.get(id)).toBeUndefined();
});

test('a batch goes on past the one that is refused, and past one that conflicts', async () => {
  const [a, b, c] = [fresh(), fresh(), fresh()];
  let disturbed = 0;
  const refuse = (): Counted[] => {
    throw new Rejected('lot-on-hold', {});
  };
  const outcomes = await counters.changeMany(
    [
      { id: a, decide: one },
      { id: b, decide: refuse },
      {
        id: c,
        decide: () => {
          disturbed += 1;
          return one();
        },
      },
    ],
    ADA,
  );
  expect(outcomes.map((outcome) => ('changed' in outcome ? outcome.changed.version : outcome.rejected.code))).toEqual([
    1,
    'lot-on-hold',
    1,
  ]);
  expect(disturbed).toBe(1);
});

test('a stale If-Match is refused', async () => {
  const id = fresh();
  const { rev } = await counters.change(id, ADA, one);
  await counters.change(id, ADA, one, { expectedRev: rev });
  await expect(counters.change(id, ADA, one, { expectedRev: rev })).rejects.toThrow('version-stale');
});

test('pages follow one another without gap or repeat, also over equal and missing values', async () => {
  const site = fresh();
  const values = [3, 1, null, 2, 2, null, 5, 2];
  const documents = values.map((rank, n) => ({
    _id: `${site}-${String(n)}`,
    rev: 1,
    version: 1,
    state: { site, count: 0, rank },
    holds: {},
    updatedAt: new Date(),
  }));
  documents.push({ ...documents[0]!, _id: `${site}-held`, version: 0 });
  await store.db.collection('counters').insertMany(documents as object[]);
  for (const direction of [1, -1] as const) {
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await counters.find(
        { 'state.site': site },
        { limit: 3, after, sort: { field: 'state.rank', direction } },
      );
      seen.push(...page.items.map((item) => item.id));
      after = page.next;
    } while (after !== undefined);
    expect(seen.length).toBe(values.length);
    expect(new Set(seen).size).toBe(values.length);
  }
  await expect(counters.find({}, { after: Buffer.from('[{"$gt":""},1]').toString('base64url') })).rejects.toThrow(
    'cursor-invalid',
  );
});

test('plain documents are written in the same transaction', async () => {
  const notes = store.collection<{ _id: string; n: number }>('notes');
  const id = fresh();
  await store.work(ADA, async (work) => {
    work.insert('notes', { _id: id, n: 1 });
    work.replace('notes', { _id: id, n: 2 });
    expect((await work.read('notes', [id])).get(id)).toMatchObject({ n: 2 });
    work.reference('notes', { _id: `${id}-r`, n: 1 });
    work.put('notes', { _id: `${id}-p` }, { $inc: { n: 5 } });
  });
  await store.work(ADA, async (work) => {
    work.reference('notes', { _id: `${id}-r`, n: 9 });
    work.put('notes', { _id: `${id}-p` }, { $inc: { n: 5 } });
    work.remove('notes', id);
    await Promise.resolve();
  });
  const left = await notes
    .find({ _id: { $regex: `^${id}` } })
    .sort({ _id: 1 })
    .toArray();
  expect(left).toEqual([
    { _id: `${id}-p`, n: 10 },
    { _id: `${id}-r`, n: 1 },
  ]);
  const wrong = store.work(ADA, async (work) => {
    work.put('counters', { _id: id }, { $set: { rev: 0 } });
    await Promise.resolve();
  });
  await expect(wrong).rejects.toThrow('change them by events');
});

describe('a plain document that was read and then written', () => {
  const notes = store.collection<{ _id: string; n?: number; at?: Date; deep?: unknown }>('notes');
  const add = (id: string) => async (work: Work) => {
    const known = (await work.read<{ _id: string; n: number }>('notes', [id])).get(id);
    work.replace('notes', { ...known, _id: id, n: (known?.n ?? 0) + 1 });
  };
  /** Runs `meanwhile` once, after the unit has decided and before it writes. */
  const disturbed = async (run: (work: Work) => Promise<void>, meanwhile: () => Promise<unknown>) => {
    let runs = 0;
    await store.work(ADA, async (work) => {
      await run(work);
      if (++runs === 1) await meanwhile();
    });
    return runs;
  };

  test('of those who read a plain document and then write it none is lost, whether it is there already or not', async () => {
    const id = fresh();
    await Promise.all(Array.from({ length: 12 }, () => store.work(ADA, add(id), { tries: 50 })));
    expect(await notes.findOne({ _id: id })).toEqual({ _id: id, n: 12 });
  });

  const at = new Date();
  const deep = { list: [null, { $a: 'b.c' }] };
  test.each<[string, (id: string) => Promise<unknown>, object]>([
    ['replaces it', (id) => store.work(ADA, add(id)), { n: 7, at, deep }],
    ['updates it in a unit', (id) => store.work(ADA, (work) => Promise.resolve(work.put('notes', { _id: id }, { $inc: { n: 1 } }))), { n: 7, at, deep }], // prettier-ignore
    ['updates it outside of units', (id) => notes.updateOne({ _id: id }, { $set: { 'deep.more': true } }), { n: 6, at, deep: { ...deep, more: true } }], // prettier-ignore
    ['takes it away', (id) => notes.deleteOne({ _id: id }), { n: 1 }],
  ])('one waits for another who %s', async (_, meanwhile, expected) => {
    const id = fresh();
    await notes.insertOne({ _id: id, n: 5, at, deep });
    expect(await disturbed(add(id), () => meanwhile(id))).toBe(2);
    expect(await notes.findOne({ _id: id })).toEqual({ _id: id, ...expected });
  });

  test('both who make it count', async () => {
    const id = fresh();
    expect(await disturbed(add(id), () => store.work(ADA, add(id)))).toBe(2);
    expect(await notes.findOne({ _id: id })).toEqual({ _id: id, n: 2 });
  });

  test('what changed is not removed by one who read it before', async () => {
    const id = fresh();
    await store.work(ADA, add(id));
    const removeAll = async (work: Work) => {
      const known = (await work.read<{ _id: string; n: number }>('notes', [id])).get(id);
      if (known?.n === 1) work.remove('notes', id);
    };
    expect(await disturbed(removeAll, () => store.work(ADA, add(id)))).toBe(2);
    expect(await notes.findOne({ _id: id })).toEqual({ _id: id, n: 2 });
    await store.work(ADA, async (work) => {
      await work.read('notes', [id]);
      work.remove('notes', id);
    });
    expect(await notes.findOne({ _id: id })).toBeNull();
  });

  test('a unit may read and write it again and again, and take part of that back', async () => {
    const id = fresh();
    await store.work(ADA, add(id));
    const runs = await disturbed(
      async (work) => {
        await Promise.all([add(id)(work), work.read('notes', [id, id])]);
        const undone = work.savepoint(async () => {
          await add(id)(work);
          work.remove('notes', id);
          throw new Rejected('lot-on-hold', {});
        });
        await expect(undone).rejects.toThrow('lot-on-hold');
        await add(id)(work);
        work.remove('notes', id);
        work.insert('notes', { _id: id, n: 40 });
        await add(id)(work);
        expect((await work.read('notes', [id])).get(id)).toEqual({ _id: id, n: 41 });
      },
      () => store.work(ADA, add(id)),
    );
    expect(runs).toBe(2);
    expect(await notes.findOne({ _id: id })).toEqual({ _id: id, n: 41 });
  });

  test('one who did not read it replaces it whatever it is', async () => {
    const id = fresh();
    await store.work(ADA, add(id));
    const runs = await disturbed(
      (work) => Promise.resolve(work.replace('notes', { _id: id, n: 9 })),
      () => store.work(ADA, add(id)),
    );
    expect(runs).toBe(1);
    expect(await notes.findOne({ _id: id })).toEqual({ _id: id, n: 9 });
  });
});

test('a restored database recovers what it had published, and a gap is told', async () => {
  const id = fresh();
  await counters.change(id, ADA, one);
  const published = [1, 2, 3].map((version) => ({ id, version, event: one()[0]! }));
  const old = store.meta.incarnation();
  expect(await store.meta.renewIncarnation()).not.toBe(old);
  expect(await counters.recover(published)).toEqual({ applied: 2 });
  expect(await counters.recover(published)).toEqual({ applied: 0 });
  expect(await counters.get(id)).toMatchObject({ state: { count: 3 }, version: 3, rev: 2 });
  expect((await outboxOf(id)).length).toBe(1);
  await expect(counters.recover([{ id, version: 5, event: one()[0]! }])).rejects.toThrow('recovery-gap');
});

test('a message whose events came back is read again and counts once; another one counts', async () => {
  const id = fresh();
  await counters.recover([{ id, version: 1, event: one()[0]!, cause: 'MES|m-1' }]);
  const never = () => {
    throw new Error('it is in already');
  };
  await store.work({ actor: 'mes', causationId: 'MES|m-1' }, async (work) => {
    expect(await work.change(counters, id, never)).toMatchObject({ state: { count: 1 }, events: [] });
    await work.append(counters, id, one());
  });
  expect((await counters.get(id))?.state.count).toBe(1);
  await store.work({ actor: 'mes', causationId: 'MES|m-2' }, (work) => work.append(counters, id, one()));
  expect((await counters.get(id))?.state.count).toBe(2);
});
