import { afterEach, expect, test } from '@jest/globals';
import { createCodec } from '@lotwarden/contracts/codec';
import fc from 'fast-check';
import type { Aggregate, AggregateDefinition, Store } from '../store/store.ts';
import { messagesOfHold } from '../testing/gate/hold-messages.ts';
import { memoryStreams } from '../testing/gate/memory-streams.ts';
import { openTestStore } from '../testing/store.ts';
import { until } from '../testing/until.ts';
import { evolveAcknowledgement, SILENT, type Acknowledgement, type AcknowledgementEvent } from './acknowledgement.ts';
import {
  acknowledgedAt,
  acknowledgedSoFar,
  assertFree,
  gate,
  mergedLots,
  mergePlaceholder,
  type Gate,
} from './gate.ts';
import { holdDigest } from './hold-digest.ts';
import { applyWrite, coalesce, type HoldMessage } from './hold-message.ts';
import { digestOf, writeHolds } from './gate-documents.store.ts';
import { createHoldReader } from './hold-reader.store.ts';
import type { GateDocument } from './hold-write.ts';

interface Stock {
  readonly shipped: number;
}
type Shipped = { readonly type: 'Shipped' };

const HOLD = 'H-RC-2026-1';
const ALL = { mode: 'all', ranges: [] };
const ACTOR = { actor: 'shipper' };
const codec = createCodec();
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

const definition: AggregateDefinition<Stock, Shipped> = {
  collection: 'stock',
  initial: { shipped: 0 },
  evolve: ({ shipped }) => ({ shipped: shipped + 1 }),
};
const acknowledging: AggregateDefinition<Acknowledgement, AcknowledgementEvent> = {
  collection: 'gate_acknowledgements',
  topic: 'warehouse.gate.v1',
  initial: SILENT,
  evolve: evolveAcknowledgement,
};

const undo: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

async function warehouse() {
  const { store, drop } = await openTestStore({ service: 'warehouse', codec });
  undo.push(drop);
  const stock: Aggregate<Stock, Shipped> = store.aggregate(definition);
  await store.ensureIndexes();
  return { store, stock, documents: store.db.collection<GateDocument>('stock') };
}

const placed = (lots: readonly string[], epoch = 1): HoldMessage => ({
  type: 'HoldPlaced',
  hold: HOLD,
  case: 'RC-2026-1',
  epoch,
  chunk: 1,
  chunks: 1,
  provisional: false,
  lots: lots.map((lot) => ({ lot, serials: ALL })),
});
const manifest = (lots: readonly string[], epoch = 1): HoldMessage => ({
  type: 'HoldManifest',
  hold: HOLD,
  case: 'RC-2026-1',
  epoch,
  ...holdDigest(lots.map((lot) => ({ lot, serials: ALL }))),
});
const encode = (message: HoldMessage): Buffer => codec.encode('recall.hold.v1', message);
const tick = (holdEnd: number): Buffer =>
  codec.encode('recall.tick.v1', { type: 'RecallTick', at: new Date().toISOString(), sequence: 1, holdEnd });

async function published(store: Store, type: string) {
  const entries = await store.db.collection<{ value: { buffer: Buffer } }>('outbox').find({ type }).toArray();
  return entries.map(({ value }) => codec.decode('warehouse.gate.v1', Buffer.from(value.buffer)));
}

const isOpen = ({ status }: Gate): boolean => status().closed === null;

test('the documents say what the model says, whatever comes in whatever order', async () => {
  const { documents } = await warehouse();
  await fc.assert(
    fc.asyncProperty(
      messagesOfHold.chain((all) => fc.shuffledSubarray([...all, ...all])),
      async (messages) => {
        await documents.deleteMany({});
        const model = new Map<string, ReturnType<typeof applyWrite>>();
        for (let from = 0; from < messages.length; from += 3) {
          const writes = coalesce(messages.slice(from, from + 3));
          for (const write of writes) model.set(write.lot, applyWrite(model.get(write.lot), write));
          await writeHolds(documents, writes, new Date());
        }
        const found = await documents.find().toArray();
        expect(new Map(found.map(({ _id, holds }) => [_id, holds[HOLD]]))).toEqual(model);
        const held = [...model]
          .filter(([, { state }]) => state === 'held')
          .map(([lot, entry]) => ({ lot, serials: entry.placed ?? ALL }));
        expect(await digestOf(documents, HOLD)).toEqual(holdDigest(held));
      },
    ),
    { numRuns: 40 },
  );
});

test.each(['L-1', 'L-2'])('a hold that comes between looking and shipping is seen: %s', async (lotHeld) => {
  const { store, stock, documents } = await warehouse();
  await stock.change('L-1', ACTOR, () => [{ type: 'Shipped' }]);
  let looks = 0;
  const shipping = store.work(ACTOR, async (work) => {
    looks += 1;
    for (const lot of ['L-1', 'L-2'])
      await work.change(stock, lot, (_, loaded): Shipped[] => {
        assertFree(loaded, [], 'sale');
        return [{ type: 'Shipped' }];
      });
    if (looks === 1) await writeHolds(documents, coalesce([placed([lotHeld])]), new Date());
  });
  await expect(shipping).rejects.toThrow('lot-on-hold');
  expect(looks).toBe(2);
  expect((await stock.get('L-1'))?.state.shipped).toBe(1);
});

test('after the acknowledgement nothing leaves, however many try', async () => {
  const { store, stock, documents } = await warehouse();
  const lots = Array.from({ length: 100 }, (_, n) => `F-SZ1-260301-${String(n).padStart(5, '0')}`);
  const streams = memoryStreams();
  const atFreeze = new Map<string, number>();
  const guarded = gate({
    name: 'warehouse',
    aggregate: stock,
    drains: [],
    // Called between the hold writes and the acknowledgement: from here on no version may move.
    inFlight: (lot) => void atFreeze.set(lot.id, lot.version),
  });
  const running = await guarded.start({ store, codec, streams, log: quiet });
  undo.push(() => running.stop());
  streams.append('recall.tick.v1', tick(0));
  await until(() => isOpen(guarded));

  let stop = false;
  const count = { shipped: 0, refused: 0, later: 0 };
  const shipper = async (seed: number): Promise<void> => {
    for (let n = seed; !stop; n += 37) {
      const three = [n, n + 7, n + 31].map((index) => lots[index % lots.length] ?? '');
      try {
        guarded.assertOpen();
        await store.work(ACTOR, async (work) => {
          await work.load(stock, three);
          for (const lot of three)
            await work.change(stock, lot, (_, loaded): Shipped[] => {
              assertFree(loaded, [], 'sale');
              return [{ type: 'Shipped' }];
            });
        });
        count.shipped += 1;
      } catch (error) {
        const { code } = error as { code?: string };
        if (code === 'lot-on-hold') count.refused += 1;
        else if (code !== 'version-conflict' && code !== 'gate-closed') throw error;
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
  };
  const shippers = Array.from({ length: 8 }, (_, index) => shipper(index * 11));
  await until(() => count.shipped > 60);
  streams.append('recall.hold.v1', encode(placed(lots.slice(0, 60))));
  streams.append('recall.hold.v1', encode(placed(lots.slice(60))));
  streams.append('recall.hold.v1', encode(manifest(lots)));
  await until(async () => (await published(store, 'HoldAcknowledged')).length === 1);
  const refused = count.refused;
  await until(() => count.refused > refused + 200);
  stop = true;
  await Promise.all(shippers);

  const [acknowledged] = await published(store, 'HoldAcknowledged');
  expect(acknowledged).toMatchObject({ epoch: 1, ...holdDigest(lots.map((lot) => ({ lot, serials: ALL }))) });
  const now = await documents.find({ _id: { $in: [...atFreeze.keys()] } }).toArray();
  expect(now.length).toBeGreaterThan(0);
  expect(now.map(({ _id, version }) => [_id, version])).toEqual(now.map(({ _id }) => [_id, atFreeze.get(_id)]));
  expect(await documents.countDocuments({ heldBy: HOLD })).toBe(lots.length);
  // Lots the shippers had not touched have a document by the hold, and were not born after it.
  expect(await documents.countDocuments({ version: 0 })).toBe(lots.length - atFreeze.size);
});

test('a crash between the holds and the acknowledgement leads to the same acknowledgement', async () => {
  const { store, stock, documents } = await warehouse();
  const acknowledgements = store.aggregate(acknowledging);
  const parts = { gate: 'warehouse', group: 'warehouse.gate', codec, lots: stock, acknowledgements };
  const messages = [placed(['L-1', 'L-2']), manifest(['L-1', 'L-2'])].map((message, offset) => ({
    offset,
    value: encode(message),
  }));
  const dying: Store = { ...store, work: () => Promise.reject(new Error('killed')) };
  await expect(createHoldReader({ ...parts, store: dying }).handle(messages)).rejects.toThrow('killed');
  expect(await documents.countDocuments({ heldBy: HOLD })).toBe(2);
  const revs = await documents.find().toArray();

  const reader = createHoldReader({ ...parts, store });
  expect(await reader.position()).toBeUndefined();
  expect(await reader.handle(messages)).toBe(2);
  expect(await reader.position()).toBe(2);
  expect(await documents.find().toArray()).toEqual(revs);
  await reader.reread();
  expect(await reader.handle(messages)).toBe(2);
  expect(await published(store, 'HoldAcknowledged')).toHaveLength(1);
});

test('a lot that is born while its hold is written is held, and so is a lot with two holds', async () => {
  const { stock, documents } = await warehouse();
  const born = Object.create(documents) as typeof documents;
  born.insertMany = async (births, options) => {
    await stock.change('L-1', ACTOR, () => [{ type: 'Shipped' }]);
    return documents.insertMany(births, options);
  };
  const other = 'H-RC-2026-2';
  const writes = coalesce([placed(['L-1', 'L-2']), { ...placed(['L-2', 'L-3']), hold: other }]);
  await writeHolds(born, writes, new Date());
  const found = await documents.find().sort({ _id: 1 }).toArray();
  expect(found.map(({ version, heldBy }) => [version, heldBy])).toEqual([
    [1, [HOLD]],
    [0, [HOLD, other]],
    [0, [other]],
  ]);
});

test('a reader that was overtaken stores nothing and reads its place again', async () => {
  const { store, stock } = await warehouse();
  const acknowledgements = store.aggregate(acknowledging);
  const parts = { gate: 'warehouse', group: 'warehouse.gate', codec, lots: stock, acknowledgements, store };
  const said = [placed(['L-1']), manifest(['L-1']), placed(['L-2'], 2), manifest(['L-1', 'L-2'], 2)];
  const messages = said.map((message, offset) => ({ offset, value: encode(message) }));
  const slow = createHoldReader(parts);
  await slow.handle(messages.slice(0, 2));
  await createHoldReader(parts).handle(messages.slice(2, 3));
  await expect(slow.handle(messages.slice(2))).rejects.toThrow('offset-fenced');
  expect((await published(store, 'HoldAcknowledged')).map((event) => event.epoch)).toEqual([1]);
  expect(await slow.handle(messages.slice(2))).toBe(4);
  expect((await published(store, 'HoldAcknowledged')).map((event) => event.epoch)).toEqual([1, 2]);
});

test('an overtaken epoch is not acknowledged, the newest is', async () => {
  const { store, stock } = await warehouse();
  const acknowledgements = store.aggregate(acknowledging);
  const reader = createHoldReader({
    gate: 'warehouse',
    group: 'warehouse.gate',
    codec,
    lots: stock,
    acknowledgements,
    store,
  });
  const said = [placed(['L-1']), manifest(['L-1']), placed(['L-2'], 2), manifest(['L-1', 'L-2'], 2)];
  const messages = said.map((message, offset) => ({ offset, value: encode(message) }));
  expect(await reader.handle(messages)).toBe(4);
  // Everything again, one by one: when the first manifest is read, the second epoch's hold is there already.
  await reader.reread();
  await store.meta.renewIncarnation();
  for (const message of messages) await reader.handle([message]);
  expect((await published(store, 'HoldAcknowledged')).map((event) => event.epoch)).toEqual([2, 2]);
});

test('it is kept at which place each epoch was acknowledged, once a life; the newest place never goes back in one', async () => {
  const { store, stock } = await warehouse();
  const acknowledgements = store.aggregate(acknowledging);
  const reader = createHoldReader({
    gate: 'warehouse',
    group: 'warehouse.gate',
    codec,
    lots: stock,
    acknowledgements,
    store,
  });
  const said = [placed(['L-1']), manifest(['L-1']), placed(['L-2'], 2), manifest(['L-1', 'L-2'], 2)];
  const messages = said.map((message, offset) => ({ offset, value: encode(message) }));
  const incarnation = store.meta.incarnation();
  const places = async (life: string) =>
    (await acknowledgedAt(store.db, life, [HOLD])).map(({ epoch, place }) => [epoch, place]);
  expect(await acknowledgedSoFar(store.db)).toBeNull();
  await reader.handle(messages.slice(0, 3));
  expect(await acknowledgedSoFar(store.db)).toEqual({ incarnation, place: 1 });
  await reader.handle(messages.slice(3));
  const all = [
    [1, 1],
    [2, 3],
  ];
  expect(await places(incarnation)).toEqual(all);
  await reader.reread();
  for (const message of messages) {
    await reader.handle([message]);
    expect(await acknowledgedSoFar(store.db)).toEqual({ incarnation, place: 3 });
  }
  expect(await places(incarnation)).toEqual(all);

  await reader.reread();
  const restored = await store.meta.renewIncarnation();
  expect(await places(restored)).toEqual([]);
  await reader.handle(messages);
  expect(await acknowledgedSoFar(store.db)).toEqual({ incarnation: restored, place: 3 });
  expect(await places(restored)).toEqual([[2, 3]]);
});

test('a gate that does not hold what the manifest says stays closed until it does', async () => {
  const { store, stock, documents } = await warehouse();
  const streams = memoryStreams();
  const guarded = gate({ name: 'warehouse', aggregate: stock, drains: [] });
  const running = await guarded.start({ store, codec, streams, log: quiet });
  undo.push(() => running.stop());
  expect(() => {
    guarded.assertOpen();
  }).toThrow('gate-closed');
  streams.append('recall.tick.v1', tick(0));
  await until(() => isOpen(guarded));

  streams.append('recall.hold.v1', encode(placed(['L-1', 'L-2'])));
  await until(async () => (await documents.countDocuments({ heldBy: HOLD })) === 2);
  // Somebody tampers with the database.
  await documents.updateOne({ _id: 'L-1' }, { $set: { heldBy: [] } });
  streams.append('recall.hold.v1', encode(manifest(['L-1', 'L-2'])));
  streams.append('recall.tick.v1', tick(2));
  await until(() => guarded.status().closed === 'digest-mismatch');
  expect(await published(store, 'HoldAcknowledged')).toEqual([]);

  await documents.updateOne({ _id: 'L-1' }, { $set: { heldBy: [HOLD] } });
  await until(async () => (await published(store, 'HoldAcknowledged')).length === 1);
  await until(() => isOpen(guarded));
});

test('a hold message nobody can read closes the gate and is never passed over', async () => {
  const { store, stock } = await warehouse();
  const streams = memoryStreams();
  const guarded = gate({ name: 'warehouse', aggregate: stock, drains: [] });
  const running = await guarded.start({ store, codec, streams, log: quiet });
  undo.push(() => running.stop());
  streams.append('recall.hold.v1', Buffer.from('not avro'));
  streams.append('recall.hold.v1', encode(placed(['L-1'])));
  streams.append('recall.tick.v1', tick(2));
  await until(() => guarded.status().closed === 'hold-unreadable');
  expect(guarded.status().applied).toBe(0);
});

test('a release ends the hold of the lots it names, and a new hold holds them again', async () => {
  const { store, stock, documents } = await warehouse();
  const acknowledgements = store.aggregate(acknowledging);
  const reader = createHoldReader({
    gate: 'warehouse',
    group: 'warehouse.gate',
    codec,
    lots: stock,
    acknowledgements,
    store,
  });
  const release: HoldMessage = {
    type: 'HoldReleased',
    hold: HOLD,
    case: 'RC-2026-1',
    epoch: 2,
    lots: ['L-1'],
    reviewedOperations: [],
    reason: 'not affected',
    signatures: [],
  };
  const said = [
    placed(['L-1', 'L-2']),
    manifest(['L-1', 'L-2']),
    release,
    manifest(['L-2'], 2),
    placed(['L-1'], 3),
    manifest(['L-1', 'L-2'], 3),
  ];
  const messages = said.map((message, offset) => ({ offset, value: encode(message) }));
  const free = async (): Promise<void> => {
    const document = await documents.findOne({ _id: 'L-1' });
    assertFree({ id: 'L-1', holds: document?.holds ?? {} }, [], 'sale');
  };
  await reader.handle(messages.slice(0, 2));
  await expect(free()).rejects.toThrow('lot-on-hold');
  await reader.handle(messages.slice(2, 4));
  await free();
  await reader.handle(messages.slice(4));
  await expect(free()).rejects.toThrow('lot-on-hold');
  expect((await published(store, 'HoldAcknowledged')).map((event) => event.epoch)).toEqual([1, 2, 3]);
});

test('holds of a placeholder follow it into the lot it turns out to be, before and after', async () => {
  const { store, stock, documents } = await warehouse();
  const acknowledgements = store.aggregate(acknowledging);
  const reader = createHoldReader({
    gate: 'warehouse',
    group: 'warehouse.gate',
    codec,
    lots: stock,
    acknowledgements,
    store,
  });
  const unknown = 'X-1b4e28ba-2fa1-5d2b-883f-0016d3cca427';
  const held = async (lot: string): Promise<string[]> =>
    Object.keys((await documents.findOne({ _id: lot }))?.holds ?? {});
  const other: HoldMessage = { ...placed([unknown]), hold: 'H-RC-2026-2' };
  await reader.handle([{ offset: 0, value: encode(placed([unknown])) }]);
  await store.work(ACTOR, (work) => mergePlaceholder(work, stock, unknown, 'P-1'));
  expect(await held('P-1')).toEqual([HOLD]);
  await reader.handle([{ offset: 1, value: encode(other) }]);
  expect(await held('P-1')).toEqual([HOLD, 'H-RC-2026-2']);
  // What was inherited is no part of the digest: recall has not named this lot yet.
  expect(await digestOf(documents, HOLD)).toEqual(holdDigest([{ lot: unknown, serials: ALL }]));
});

test('who found that a placeholder was not merged, and writes to it, runs again if it is meanwhile', async () => {
  const { store, stock } = await warehouse();
  const unknown = 'X-2b4e28ba-2fa1-5d2b-883f-0016d3cca427';
  const found: (string | undefined)[] = [];
  await store.work(ACTOR, async (work) => {
    const merged = await mergedLots(work, stock, [unknown, 'P-2']);
    found.push(merged.get(unknown));
    if (found.length === 1) await store.work(ACTOR, (other) => mergePlaceholder(other, stock, unknown, 'P-2'));
    await work.touch(stock, merged.get(unknown) ?? unknown);
  });
  expect(found).toEqual([undefined, 'P-2']);
});

test('a gate is drained when its sources are read and its outbox is published', async () => {
  const { store, stock } = await warehouse();
  const streams = memoryStreams();
  const source = 'mes-bridge.production-lot.v1';
  streams.append(source, Buffer.from('a lot'));
  const guarded = gate({ name: 'warehouse', aggregate: stock, drains: [{ topic: source, group: 'warehouse.stock' }] });
  const running = await guarded.start({ store, codec, streams, log: quiet });
  undo.push(() => running.stop());
  streams.append('recall.hold.v1', encode(placed(['L-1'])));
  streams.append('recall.hold.v1', encode(manifest(['L-1'])));
  await until(async () => (await published(store, 'HoldAcknowledged')).length === 1);
  const outbox = store.db.collection('outbox');
  await outbox.updateMany({}, { $set: { published: true } });
  expect(await published(store, 'GateDrained')).toEqual([]);

  const offsets = [{ group: 'warehouse.stock', topic: source, partition: 0, from: null, next: 1 }];
  await store.work(ACTOR, () => Promise.resolve(), { offsets });
  await until(async () => (await published(store, 'GateDrained')).length === 1);
  const [event] = await published(store, 'GateDrained');
  expect(event).toMatchObject({ hold: HOLD, epoch: 1, incarnation: store.meta.incarnation() });
  expect(event?.type === 'GateDrained' && event.offsets.map(({ topic }) => topic)).toContain('warehouse.stock.v1');
});
