import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

/** Titles of tests as the rules quote them: their beginnings, each ended by an ellipsis. */
const quoted = readFileSync('docs/traceability/rules.md', 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .flatMap(
    (row) =>
      row
        .split('|')
        .at(-2)
        ?.match(/[^;:,|]*[^;|]*?…/g) ?? [],
  )
  .map((phrase) => phrase.replace(/^[\s,;]+|…$/g, '').replace(/^(serialization|mes-bridge): /, ''));

const files = execFileSync('git', ['ls-files', '*.test.ts'], { encoding: 'utf8' }).split('\n').filter(Boolean);
const titlesOf = (file: string): string[] =>
  [...readFileSync(file, 'utf8').matchAll(/^test(?:\.each\([^]*?\))?\(\s*(['"`])(.*?)\1,/gm)].map(
    ([, , title = '']) => title,
  );

test('every test that the rules of genealogy quote exists', () => {
  const titles = files.flatMap(titlesOf);
  expect(quoted.length).toBeGreaterThan(20);
  expect(quoted.filter((phrase) => !titles.some((title) => title.startsWith(phrase)))).toEqual([]);
});

test('every scenario of genealogy stands among the rules', () => {
  const scenarios = files.filter((file) => /traceability\/test\/scenarios\/(?!bad-input)/.test(file)).flatMap(titlesOf);
  expect(scenarios.length).toBeGreaterThan(20);
  expect(scenarios.filter((title) => !quoted.some((phrase) => title.startsWith(phrase)))).toEqual([]);
});
