import { expect, test } from '@jest/globals';
import { serials } from './cast.ts';
import { columns } from './layout.ts';
import { balanceShown, comparisonShown, completenessShown, timelineShown, traceShown } from './shown.ts';

const EA = (value: number) => ({ value: String(value), unit: 'EA' });

test('columns stand under each other, also beside Chinese characters', () => {
  expect(
    columns(
      [
        ['who', 'has'],
        ['华东医疗', '40'],
        ['D2', '5'],
      ],
      [1],
    ),
  ).toEqual(['who       has', '华东医疗   40', 'D2          5']);
});

test('a trace says of each lot how much of it is affected, how surely, and by which way', () => {
  const lots = [
    { lot: 'M-1', item: 'CAP', quantity: EA(4000), serials: { mode: 'all', ranges: [] }, certainty: 'scanned', via: null },
    { lot: 'F-1', item: 'IP', quantity: EA(2), serials: { mode: 'only', ranges: serials(7, 8) }, certainty: 'possible', via: { lot: 'M-1', taken: null } },
  ]; // prettier-ignore
  const name = (lot: string) => (lot === 'M-1' ? 'L-1042' : lot);
  const shown = (direction: string) => traceShown({ direction, lots }, name).map((line) => line.split(/ {2,}/));
  expect(shown('forward').slice(1)).toEqual([
    ['L-1042', 'CAP', '4000 EA', 'all of it', 'scanned', 'L-1042'],
    ['F-1', 'IP', '2 EA', 'IP000007–IP000008', 'possible', 'L-1042 -?-> F-1'],
  ]);
  expect(shown('backward').at(-1)?.at(-1)).toBe('L-1042 <-?- F-1');
});

test('a comparison has a column for each scope', () => {
  const scope = (name: string, onHand: number, supply: { usableNotAffected: typeof EACH; daysLeft: null } | null) => ({
    name,
    lots: 8,
    onlyHere: 3,
    custodians: 2,
    products: [{ item: 'IP', onHand: EA(onHand), atCustodian: EA(1), used: EA(0), supply }],
  });
  const EACH = EA(25);
  const shown = comparisonShown([scope('all', 92, { usableNotAffected: EACH, daysLeft: null }), scope('B1', 77, null)], 'IP'); // prettier-ignore
  expect(shown.find((line) => line.includes('in our houses'))).toMatch(/ 92 +77$/);
  expect(shown.at(-1)).toMatch(/ unknown +unknown$/);
});

test('a balance adds up in each line', () => {
  const [, line] = balanceShown([['F1', { consumed: 20, destroyed: 40, atCustodian: 1, unaccounted: -1 }]]);
  expect(line?.split(/ +/)).toEqual(['F1', '60', '-', '1', '-', '20', '-', '40', '-1']);
});

test('a timeline tells an event by both clocks, its findings beside it', () => {
  const event = { occurredAt: '2026-11-07T01:30:00.000Z', recordedAt: '2026-11-23T17:24:20.120Z', actor: 'op', status: null, source: { id: 'e-1' } }; // prettier-ignore
  const [, line, ...more] = timelineShown([
    { ...event, entry: 'event', type: 'OperationInputAdded' },
    { ...event, entry: 'finding', type: 'recorded-late' },
    { ...event, entry: 'finding', type: 'version-missing' },
  ]);
  expect(line?.split(/ {2,}/)).toEqual([
    ...['11-07 01:30', '11-23 17:24:20', 'OperationInputAdded', 'op', 'heard 16 days late, version-missing'],
  ]);
  expect(more).toEqual([]);
});

test('what is missing is said first', () => {
  const told = { offsets: [{ topic: 'a' }, { topic: 'a' }], sources: [{ text: 'ERP 14 h old' }] };
  expect(completenessShown({ ...told, complete: false, gaps: ['unread a/0: 3'] })).toEqual([
    'NOT COMPLETE: 1 thing is missing',
    '  unread a/0: 3',
    'as of 2 offsets of 1 topics; newest facts, the oldest source first:',
    '  ERP 14 h old',
  ]);
  expect(completenessShown({ ...told, complete: true, gaps: [] })[0]).toMatch(/^COMPLETE: /);
});
