import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { readRows, SCENARIOS, testsByName } from './rows.ts';
import { ROOT, titlesIn } from './titles.ts';

const rows = readRows(readFileSync(join(ROOT, 'docs/traceability/rules.md'), 'utf8'));

test.each(rows.flatMap(({ situation, tests }) => tests.map((one) => ({ situation, ...one }))))(
  '$situation is proved by “$name…”',
  ({ in: pattern, name }) => {
    expect(titlesIn(pattern).filter(({ title }) => title.startsWith(name))).toHaveLength(1);
  },
);

test.each([
  'Rework',
  'Repair',
  'A part taken out',
  'Unbuild',
  'Return to stock',
  'Split',
  'Merge',
  'Relabel',
  'Relabel in the field',
  'Repack',
  'Substitution',
  'Serial to serial',
  'Correction, void',
  'Late',
  'Out of order, repeated',
  'One event from two sources',
  'Consumed before it was declared',
  'Stock ran out',
])('%s has a rule and a scenario', (situation) => {
  const own = rows.filter((row) => row.situation.startsWith(`**${situation}**`));
  expect(own.flatMap(({ tests }) => tests).length).toBeGreaterThan(0);
});

test('no scenario is without a rule', () => {
  const named = rows.flatMap(({ tests }) => tests.map(({ name }) => name));
  const files = ['rework-repair-unbuild', 'relabel-repack-assembly', 'split-merge-return', 'taken-out-before', 'told-late-or-twice']; // prettier-ignore
  const titles = files.flatMap((file) => titlesIn(`${SCENARIOS}/${file}.test.ts`).map(({ title }) => title));
  expect(titles.length).toBeGreaterThan(25);
  expect(titles.filter((title) => !named.some((name) => title.startsWith(name)))).toEqual([]);
});

test('a situation is asked for by what is printed bold, with all its rows', () => {
  const page = [
    '| **Return to stock** (line) | told | one test… |',
    '|  | told by serial | mes-bridge: another… |',
    '| **Late** | told | a third… |',
    '| **Untested** | told | none |',
  ].join('\n');
  expect([...testsByName(readRows(page))]).toEqual([
    [
      'return-to-stock',
      [
        { in: `${SCENARIOS}/*.test.ts`, name: 'one test' },
        { in: 'services/mes-bridge/**/*.test.ts', name: 'another' },
      ],
    ],
    ['late', [{ in: `${SCENARIOS}/*.test.ts`, name: 'a third' }]],
  ]);
});
