import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const ROOT = join(import.meta.dirname, '../../../..');
const SCENARIOS = 'services/traceability/test/scenarios';
const page = readFileSync(join(ROOT, 'docs/traceability/rules.md'), 'utf8');

interface Row {
  readonly situation: string;
  readonly tests: readonly Named[];
}

/** A test by the beginning of its name, and where it is. */
interface Named {
  readonly in: string;
  readonly name: string;
}

const rows = page.split('\n').reduce<Row[]>((found, line) => {
  const cells = line.split('|').map((cell) => cell.trim());
  const tests = cells.at(-2) ?? '';
  if (!line.startsWith('|') || !tests.includes('…')) return found;
  // A row without a situation goes on with the one above it.
  const situation = cells[1] === '' ? (found.at(-1)?.situation ?? '') : (cells[1] ?? '');
  return [...found, { situation, tests: tests.split(/(?<=…)[,;] |(?<=\)); /).map(readName) }];
}, []);

/** `name…`, `service: name…`, `name… (\`file\`)` */
function readName(text: string): Named {
  const [, name = '', file] = /^(.*?)…(?: \(`(.*)`\))?$/.exec(text) ?? [];
  if (file !== undefined) return { in: `services/traceability/src/**/${file}`, name };
  const [, place, rest = ''] = /^(mes-bridge|serialization|test): (.*)$/.exec(name) ?? [];
  if (place === undefined) return { in: `${SCENARIOS}/*.test.ts`, name };
  return { in: place === 'test' ? 'test/*.test.ts' : `services/${place}/**/*.test.ts`, name: rest };
}

const titlesIn = (pattern: string): string[] =>
  globSync(pattern, { cwd: ROOT, exclude: (path) => path.includes('node_modules') }).flatMap((file) =>
    [...readFileSync(join(ROOT, file), 'utf8').matchAll(/^test(?:\.each\(.*\))?\('(.*?)', /gm)].map(
      ([, title = '']) => title,
    ),
  );

test.each(rows.flatMap(({ situation, tests }) => tests.map((one) => ({ situation, ...one }))))(
  '$situation is proved by “$name…”',
  ({ in: pattern, name }) => {
    expect(titlesIn(pattern).filter((title) => title.startsWith(name))).toHaveLength(1);
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
  const titles = files.flatMap((file) => titlesIn(`${SCENARIOS}/${file}.test.ts`));
  expect(titles.length).toBeGreaterThan(25);
  expect(titles.filter((title) => !named.some((name) => title.startsWith(name)))).toEqual([]);
});
