import { expect, test } from '@jest/globals';
import { Transient } from '@lotwarden/platform/errors';
import { indexLimits } from './index-limits.store.ts';

const SUPPLIERS = 'receiving.supplier.v1';
const LOTS = 'receiving.material-lot.v1';
const at = (topic: string, next: number) => ({ topic, partition: 0, next });
const never = new AbortController().signal;

interface World {
  /** How far the index has read. */
  readonly read?: ReturnType<typeof at>[];
  readonly graph?: () => Promise<unknown>;
  readonly ends?: (topic: string) => Promise<{ partition: number; low: number; next: number }[]>;
  readonly now?: () => number;
}

const limitsOf = ({ read = [at(LOTS, 5), at(SUPPLIERS, 2)], graph, ends, now = () => 0 }: World) =>
  indexLimits(
    {
      kafka: { ends: ends ?? (async () => [{ partition: 0, low: 0, next: 2 }]) },
      clock: { now: () => new Date(now()) },
    } as unknown as Parameters<typeof indexLimits>[0],
    {
      replica: { ask: graph ?? (async () => ({ offsets: [at(LOTS, 5)], complete: true, gaps: [] })) },
      written: { offsets: async () => read, until: async () => undefined },
      topics: [LOTS, SUPPLIERS],
    } as unknown as Parameters<typeof indexLimits>[1],
  );

test('names are complete when the index has read all that the graph and the streams have', async () => {
  expect(await limitsOf({})([], never)).toEqual({ offsets: [at(LOTS, 5), at(SUPPLIERS, 2)], complete: true, gaps: [] });
});

test('a supplier that is told and not in the index yet is a gap, as is a lot', async () => {
  const { complete, gaps } = await limitsOf({ read: [at(LOTS, 4), at(SUPPLIERS, 1)] })([], never);
  expect([complete, gaps]).toEqual([
    false,
    [`unread-by-index ${LOTS}/0 up to 5`, `unread-by-index ${SUPPLIERS}/0 up to 2`],
  ]);
});

test('what nobody can tell now is a gap and no silence', async () => {
  const deaf = await limitsOf({ ends: () => Promise.reject(new Error('no broker')) })([], never);
  expect(deaf).toMatchObject({ complete: false, gaps: [`ends-unknown ${SUPPLIERS}`] });
  const blind = limitsOf({ graph: () => Promise.reject(new Transient('graph-unavailable')) });
  expect(await blind([], never)).toMatchObject({ complete: false, gaps: ['graph-unavailable'] });
  await expect(blind([at(LOTS, 1)], never)).rejects.toThrow('graph-unavailable');
});

test('the broker is asked once a second, however many search', async () => {
  let [asked, now] = [0, 0];
  const ends = async () => {
    asked += 1;
    return [{ partition: 0, low: 0, next: 2 }];
  };
  const limits = limitsOf({ ends, now: () => now });
  await Promise.all([limits([], never), limits([], never)]);
  await limits([], never);
  expect(asked).toBe(1);
  now = 1_001;
  await limits([], never);
  expect(asked).toBe(2);
});
