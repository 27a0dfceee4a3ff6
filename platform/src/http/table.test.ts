import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { Quantity, SerialRange } from './schemas.ts';
import { cells, table, textOf } from './table.ts';

const Item = z.object({
  lot: z.string(),
  quantity: Quantity,
  item: z.string().nullable(),
  count: z.number().optional(),
  source: z.object({ received: Quantity }),
  serials: z.array(SerialRange),
  markets: z.array(z.string()),
  path: z.array(z.object({ lot: z.string() })),
});

test('columns follow from the schema: a quantity is a value and a unit', () => {
  expect(table(Item).columns.map(({ name }) => name)).toEqual([
    'lot',
    'quantity.value',
    'quantity.unit',
    'item',
    'count',
    'source.received.value',
    'source.received.unit',
    'serials',
    'markets',
    'path',
  ]);
});

test('each value has a text, nothing has none', () => {
  const row = {
    lot: 'M-1',
    quantity: { value: '-2.5', unit: 'KGM' },
    item: null,
    source: { received: { value: '3', unit: 'KGM' } },
    serials: [
      { gtin: '06901234000016', prefix: 'P-', width: 3, first: 1, last: 5 },
      { gtin: '06901234000016', prefix: 'P-', width: 3, first: 9, last: 9 },
    ],
    markets: ['CN', 'US'],
    path: [{ lot: 'L' }],
  };
  expect(cells(table(Item), row)).toEqual([
    'M-1',
    '-2.5',
    'KGM',
    '',
    '',
    '3',
    'KGM',
    'P-001..P-005; P-009',
    'CN; US',
    '[{"lot":"L"}]',
  ]);
});

test('what a spreadsheet would compute gets a quote before it; numbers stay numbers', () => {
  for (const formula of [
    '=1+1',
    '+cmd',
    '-cmd',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\n=1',
    '＝1',
    '＋1',
    '－1',
    '＠x',
    '-',
    '+5',
  ])
    expect(textOf(formula)).toBe(`'${formula}`);
  expect(textOf(['=1', 'b'])).toBe("'=1; b");
  for (const plain of ['-5', '-0.25', '5', 'L-1042', "'", '']) expect(textOf(plain)).toBe(plain);
  expect(textOf(-5)).toBe('-5');
});

test('an item of several forms has the columns of all', () => {
  const either = z.union([
    z.object({ kind: z.literal('a'), a: z.string() }),
    z.object({ kind: z.literal('b'), b: z.string() }),
  ]);
  expect(table(either).columns.map(({ name }) => name)).toEqual(['kind', 'a', 'b']);
  expect(cells(table(either), { kind: 'b', b: 'x' })).toEqual(['b', '', 'x']);
});

test('a route may name its own columns', () => {
  const own = table(Item, { list: 'lots', columns: { lot: ({ lot }) => lot, hops: ({ path }) => path.length } });
  expect(own.list).toBe('lots');
  expect(own.columns.map(({ name }) => name)).toEqual(['lot', 'hops']);
});

test('11.50: a signature in a cell has name, meaning and time', () => {
  const signed = {
    name: '李质量',
    account: 'qa.li',
    meaning: { code: 'release', en: 'Approved for release', zh: '批准放行' },
    reason: 'ok',
    at: '2026-11-01T08:00:00.000Z',
    ofCurrentVersion: false,
    holds: true,
  };
  expect(textOf([signed])).toBe(
    '李质量 (qa.li), Approved for release (release), 2026-11-01T08:00:00.000Z: ok [of an earlier version]',
  );
});
