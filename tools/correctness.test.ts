import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const page = readFileSync('docs/correctness.md', 'utf8');

test.each(['docs/correctness.md', 'docs/identity.md'])(
  'every test that %s names exists, and so does every file',
  (name) => {
    const text = readFileSync(name, 'utf8');
    const claims = [...text.matchAll(/`([^`]+\.test\.ts)`: (.+?)(?=<br>| +\|$)/gm)].map(
      ([, file = '', title = '']) => ({
        file,
        title,
      }),
    );
    expect(claims.length).toBeGreaterThan(30);
    const missing = claims.filter(
      ({ file, title }) => !existsSync(file) || !readFileSync(file, 'utf8').includes(title),
    );
    expect(missing).toEqual([]);
    const files = [...text.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, file = '']) => file);
    expect(files.filter((file) => !existsSync(join('docs', file)))).toEqual([]);
  },
);

test('every rule is on the page', () => {
  const rules = new Set([...page.matchAll(/^\| (\d+) +\|/gm)].map(([, rule]) => rule));
  expect([...rules]).toHaveLength(29);
});
