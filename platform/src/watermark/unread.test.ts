import { expect, test } from '@jest/globals';
import { unreadBy } from './unread.ts';

const mes = { group: 'mes-bridge.operation', topic: 'mes.inbound.v1' };
const lots = { group: 'mes-bridge.material', topic: 'receiving.material-lot.v1' };
const ends = {
  'mes.inbound.v1': [
    { partition: 0, low: 0, next: 5 },
    { partition: 1, low: 2, next: 4 },
    { partition: 2, low: 0, next: 0 },
  ],
} as Readonly<Record<string, { partition: number; low: number; next: number }[]>>;
const endsOf = (topic: string) => ends[topic] ?? [];

test('what lies between the place of a reader and the end is unread, also where it never began', () => {
  expect(unreadBy([mes, lots], [], endsOf)).toEqual([{ ...mes, count: 7 }]);
  expect(unreadBy([mes], [{ ...mes, partition: 0, next: 4 }], endsOf)).toEqual([{ ...mes, count: 3 }]);
});

test('each group has its own place; what was deleted before it was read is not waited for', () => {
  const all = [0, 1].map((partition) => ({ ...mes, partition, next: [5, 4][partition]! }));
  expect(unreadBy([mes], all, endsOf)).toEqual([]);
  expect(unreadBy([{ ...mes, group: 'other' }], all, endsOf)).toMatchObject([{ group: 'other', count: 7 }]);
  expect(unreadBy([mes], [all[0]!, { ...all[1]!, next: 0 }], endsOf)).toEqual([{ ...mes, count: 2 }]);
});
