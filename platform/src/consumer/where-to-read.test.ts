import { expect, test } from '@jest/globals';
import { whereToRead } from './where-to-read.ts';

const batch = (from: number, next: number, end = 1_000) => ({ from, next, end });
const there =
  (low: number, next = 1_000) =>
  () =>
    Promise.resolve({ low, next });
const notAsked = () => Promise.reject(new Error('nobody has to ask the broker'));

const judge = (
  places: (number | null)[],
  read: ReturnType<typeof batch>,
  { keptForEver = true, ends = notAsked }: { keptForEver?: boolean; ends?: ReturnType<typeof there> } = {},
) => whereToRead({ places, batch: read, keptForEver, there: ends });

test('a batch that begins at or before our place is read', async () => {
  expect(await judge([5], batch(5, 10))).toEqual({ do: 'read' });
  expect(await judge([5], batch(0, 10))).toEqual({ do: 'read' });
  expect(await judge([null], batch(0, 10))).toEqual({ do: 'read' });
  expect(await judge([7, 3], batch(3, 10))).toEqual({ do: 'read' });
});

test('what all have read is jumped over', async () => {
  expect(await judge([500], batch(0, 10))).toEqual({ do: 'seek', to: 500 });
  expect(await judge([500, 400], batch(0, 10))).toEqual({ do: 'seek', to: 400 });
  expect(await judge([500, null], batch(0, 10))).toEqual({ do: 'read' });
});

test('Kafka ahead of our place (a restored database, a new reader): back to what was not read', async () => {
  expect(await judge([5], batch(8, 10), { ends: there(0) })).toEqual({ do: 'seek', to: 5 });
  expect(await judge([8, 2], batch(8, 10), { ends: there(0) })).toEqual({ do: 'seek', to: 2 });
  expect(await judge([8, null], batch(8, 10), { ends: there(0) })).toEqual({ do: 'seek', to: 0 });
});

test('a topic that is kept for ever and has lost its beginning stops us', async () => {
  expect(await judge([5], batch(8, 10), { ends: there(6) })).toMatchObject({ do: 'stop' });
  expect(await judge([null], batch(6, 10), { ends: there(6) })).toMatchObject({ do: 'stop' });
});

test('a topic that is not kept for ever: what is gone is admitted, what is still there is read', async () => {
  const keptForEver = false;
  expect(await judge([5], batch(8, 10), { keptForEver, ends: there(6) })).toEqual({ do: 'seek', to: 6 });
  expect(await judge([5], batch(6, 10), { keptForEver, ends: there(6) })).toEqual({ do: 'admit-loss', from: 5, to: 6 });
  expect(await judge([null], batch(6, 10), { keptForEver, ends: there(6) })).toEqual({ do: 'read' });
  expect(await judge([null], batch(8, 10), { keptForEver, ends: there(6) })).toEqual({ do: 'seek', to: 6 });
});

test('a topic that ends before our place was made anew; a broker that only fell behind is believed on asking', async () => {
  expect(await judge([500], batch(0, 10, 10), { ends: there(0, 10) })).toMatchObject({ do: 'stop' });
  expect(await judge([5, 500], batch(0, 10, 10), { ends: there(0, 10) })).toMatchObject({ do: 'stop' });
  expect(await judge([500], batch(490, 495, 495), { ends: there(0, 510) })).toEqual({ do: 'seek', to: 500 });
});
