import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const page = readFileSync('docs/correctness.md', 'utf8');
const claims = [...page.matchAll(/`([^`]+\.test\.ts)`: (.+?)(?=<br>| +\|$)/gm)].map(([, file = '', title = '']) => ({
  file,
  title,
}));

test('every test that a rule names exists, and so does every file that keeps it', () => {
  expect(claims.length).toBeGreaterThan(30);
  const missing = claims.filter(({ file, title }) => !existsSync(file) || !readFileSync(file, 'utf8').includes(title));
  expect(missing).toEqual([]);
  const files = [...page.matchAll(/\]\(\.\.\/([^)]+)\)/g)].map(([, file = '']) => file);
  expect(files.filter((file) => !existsSync(join('.', file)))).toEqual([]);
});

test('every rule is on the page', () => {
  const rules = new Set([...page.matchAll(/^\| (\d+) +\|/gm)].map(([, rule]) => rule));
  expect([...rules]).toHaveLength(29);
});
