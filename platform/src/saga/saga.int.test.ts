import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { createCodec } from '@lotwarden/contracts/codec';
import type { Instant } from '../instant.ts';
import { connectStore, type Store } from '../store/store.ts';
import { stack } from '../testing/stack.ts';
import type { SagaDefinition } from './saga.ts';
import { createSagas } from './saga.store.ts';

interface Freeze {
  readonly hold: string;
}
interface PlaceHold {
  readonly hold: string;
  readonly attempt: number;
}

const definition = (version: number, gates: readonly string[]): SagaDefinition<Freeze, string, PlaceHold> => ({
  name: 'test-recall',
  version,
  first: 'freeze',
  steps: {
    freeze: {
      pivotal: true,
      enter: ({ data: { hold }, attempt }) => [{ hold, attempt }],
      waitsFor: () => gates,
      next: 'frozen',
      deadline: { after: 1000, then: 'retry' },
    },
    frozen: { end: true },
  },
});

const CONTEXT = { actor: 'li.na' };
let now = Date.parse('2026-11-01T08:00:00Z');
let store: Store;

const sagasOf = (definitions: readonly SagaDefinition<Freeze, string, PlaceHold>[]) =>
  createSagas<Freeze, PlaceHold>({
    store,
    definitions,
    initial: { hold: '' },
    perform: async (command, { id }, work) =>
      work.insert('asked', { _id: `${id}|${command.attempt}`, ...command, trace: work.context.trace ?? null }),
  });
const ack = (participant: string) => ({ participant, epoch: 0, at: new Date(now).toISOString() as Instant });
const asked = (id: string) => store.db.collection('asked').find({ hold: id }).sort({ _id: 1 }).toArray();

beforeAll(async () => {
  const database = `t-${randomUUID()}`;
  store = await connectStore({
    mongoUrl: stack().mongo,
    database,
    service: 'test',
    clock: () => new Date(now),
    codec: createCodec(),
  });
  sagasOf([definition(1, ['a'])]);
  store.collection('asked');
  await store.ensureIndexes();
});

afterAll(async () => {
  await store.db.dropDatabase();
  await store.close();
});

test('a step and what it asks for are there together; a second begin changes nothing', async () => {
  const sagas = sagasOf([definition(1, ['a', 'b'])]);
  for (let i = 0; i < 2; i++) await store.work(CONTEXT, (work) => sagas.begin(work, 'H-1', { hold: 'H-1' }));
  expect(await asked('H-1')).toMatchObject([{ attempt: 1 }]);
  expect(await sagas.get('H-1')).toMatchObject({ state: { step: 'freeze', status: 'running' } });
  expect(await sagas.ages()).toMatchObject([{ saga: 'test-recall', step: 'freeze', enteredAt: new Date(now) }]);
  await expect(
    store.work(CONTEXT, async (work) => {
      await sagas.begin(work, 'H-2', { hold: 'H-2' });
      throw new Error('the rest of the unit fails');
    }),
  ).rejects.toThrow('fails');
  expect(await sagas.get('H-2')).toBeUndefined();
});

test('acknowledgements at the same moment all count', async () => {
  const sagas = sagasOf([definition(1, ['a', 'b'])]);
  await Promise.all(
    ['a', 'b', 'a'].map((one) => store.work(CONTEXT, (work) => sagas.acknowledge(work, 'H-1', ack(one)))),
  );
  expect(await sagas.get('H-1')).toMatchObject({ state: { step: 'frozen', status: 'ended', deadline: null } });
});

test('a deadline lapses once, however many replicas look, and a running saga keeps its definition', async () => {
  const first = sagasOf([definition(1, ['a'])]);
  const trace = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  await store.work({ ...CONTEXT, trace }, (work) => first.begin(work, 'H-3', { hold: 'H-3' }));
  now += 999;
  expect(await first.lapse()).toBe(0);
  now += 1;
  const second = sagasOf([definition(1, ['a']), definition(2, ['a', 'b', 'c'])]);
  await Promise.all([first.lapse(), second.lapse(), second.lapse()]);
  // What a deadline leads to belongs to the trace that the step was entered in.
  expect(await asked('H-3')).toMatchObject([
    { attempt: 1, trace },
    { attempt: 2, trace },
  ]);
  await store.work(CONTEXT, (work) => second.acknowledge(work, 'H-3', ack('a')));
  expect(await second.get('H-3')).toMatchObject({ state: { status: 'ended', definition: 1 } });
});
