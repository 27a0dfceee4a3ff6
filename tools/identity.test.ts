import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

const page = readFileSync('docs/identity.md', 'utf8');

test('every test that a clause names exists', () => {
  const named = [...page.matchAll(/`([^`]+\.test\.ts)`: (.+?)(?=<br>| +\|$)/gm)];
  expect(named.length).toBeGreaterThan(15);
  const missing = named
    .map(([, file = '', title = '']) => ({ file, title }))
    .filter(({ file, title }) => !existsSync(file) || !readFileSync(file, 'utf8').includes(title));
  expect(missing).toEqual([]);
});

test('the program that checks a signature is the one that the demo runs', () => {
  const [, shown = ''] = /```ts\n([\s\S]*?)```/.exec(page) ?? [];
  expect(readFileSync('deploy/story/check-signature.ts', 'utf8').startsWith(shown)).toBe(true);
});
