import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { placeholderLotId } from '../ids.ts';
import type { LotRef } from '../lot-ref.ts';
import { openTestStore } from '../testing/store.ts';
import { lotDirectory } from './lot-directory.store.ts';

const { store, drop } = await openTestStore();
const directory = lotDirectory(store);
const MES = { actor: 'mes' };
const ref = (): LotRef => ({ system: 'MES-A', code: randomUUID() });

beforeAll(() => store.ensureIndexes());
afterAll(drop);

test('our own ids mean themselves, a declared name its lot, an unknown name its placeholder', async () => {
  const [known, unknown] = [ref(), ref()];
  await store.work(MES, (work) => directory.learn(work, { lot: 'P-SZ1-260301-00001', aliases: [known] }));
  const own = { system: 'lotwarden', code: 'M-SZ1-260301-00007' };
  expect(await directory.resolve([own, known, unknown])).toEqual([
    { ref: own, lot: own.code, known: true },
    { ref: known, lot: 'P-SZ1-260301-00001', known: true },
    { ref: unknown, lot: placeholderLotId(unknown), known: false },
  ]);
});

test('a name learnt in a unit is known in it, and a placeholder used twice is one', async () => {
  const [name, unknown] = [ref(), ref()];
  await store.work(MES, async (work) => {
    await directory.learn(work, { lot: 'P-1', aliases: [name] });
    expect(await directory.resolve([name, unknown, unknown], work)).toMatchObject([
      { lot: 'P-1', known: true },
      { lot: placeholderLotId(unknown), known: false },
      { lot: placeholderLotId(unknown), known: false },
    ]);
    await directory.resolve([unknown], work);
  });
});

test('a declaration merges the placeholder that was used for its name, once', async () => {
  const name = ref();
  const merged: string[][] = [];
  const merge = (_: unknown, placeholder: string, lot: string): Promise<void> => {
    merged.push([placeholder, lot]);
    return Promise.resolve();
  };
  const learn = () => store.work(MES, (work) => directory.learn(work, { lot: 'P-2', aliases: [name] }, merge));
  await store.work(MES, (work) => directory.resolve([name], work));
  await learn();
  await learn();
  expect(merged).toEqual([[placeholderLotId(name), 'P-2']]);
  await store.work(MES, (work) =>
    directory.learn(work, { lot: 'P-3', aliases: [], placeholder: placeholderLotId(name) }, merge),
  );
  expect(merged.at(-1)).toEqual([placeholderLotId(name), 'P-3']);
});

test('a use and a declaration at the same moment do not miss each other', async () => {
  for (let round = 0; round < 10; round++) {
    const name = ref();
    const merged: string[] = [];
    const used = store.work(MES, async (work) => (await directory.resolve([name], work))[0]?.lot);
    const declared = store.work(MES, (work) => {
      merged.length = 0;
      return directory.learn(work, { lot: 'P-4', aliases: [name] }, (_, placeholder) => {
        merged.push(placeholder);
        return Promise.resolve();
      });
    });
    const [lot] = await Promise.all([used, declared]);
    expect(merged).toEqual(lot === 'P-4' ? [] : [lot]);
  }
});

test('what is told under the id of a placeholder is of its lot once that is known, and of nobody else before', async () => {
  const [name, never] = [ref(), ref()];
  const [placeholder, other] = [placeholderLotId(name), placeholderLotId(never)];
  const lots = ['P-5', placeholder, other];
  const named = () => store.work(MES, async (work) => lots.map(await directory.current(lots, work)));
  expect(await named()).toEqual(lots);
  const merged: string[] = [];
  const merge = (_: unknown, stale: string): Promise<void> => Promise.resolve(void merged.push(stale));
  await store.work(MES, (work) => directory.learn(work, { lot: 'P-6', aliases: [name] }, merge));
  expect(merged).toEqual([placeholder]);
  expect(await named()).toEqual(['P-5', 'P-6', other]);
  const own = { system: 'lotwarden', code: placeholder };
  expect(await directory.resolve([own])).toEqual([{ ref: own, lot: 'P-6', known: true }]);
});

test('a placeholder that is declared names itself, and is merged later', async () => {
  const name = ref();
  const placeholder = placeholderLotId(name);
  const merged: string[] = [];
  const learn = (lot: string) =>
    store.work(MES, (work) =>
      directory.learn(work, { lot, aliases: [name] }, (_, stale) => Promise.resolve(void merged.push(stale))),
    );
  await learn(placeholder);
  expect(await directory.resolve([name])).toEqual([{ ref: name, lot: placeholder, known: false }]);
  await learn('P-7');
  expect(merged).toEqual([placeholder]);
});

test.each([
  ['by its name', (name: LotRef) => directory.resolve.bind(null, [name])],
  ['by its own id', (name: LotRef) => directory.resolve.bind(null, [{ system: 'lotwarden', code: placeholderLotId(name) }])], // prettier-ignore
])('who uses a placeholder again %s runs again if it is merged meanwhile', async (_, asking) => {
  const name = ref();
  const ask = asking(name);
  await store.work(MES, (work) => ask(work));
  const said: unknown[] = [];
  await store.work(MES, async (work) => {
    said.push((await ask(work))[0]?.lot);
    if (said.length === 1)
      await store.work(MES, (other) =>
        directory.learn(other, { lot: 'P-8', aliases: [name] }, () => Promise.resolve()),
      );
  });
  expect(said).toEqual([placeholderLotId(name), 'P-8']);
});
