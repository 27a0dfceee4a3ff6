import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { chromium } from './chromium.ts';

const never = () => Promise.reject(new Error('not to be installed'));
const empty = () => mkdtempSync(join(tmpdir(), 'lotwarden-path-'));

test('the named one, then one that is there', async () => {
  expect(await chromium({ CHROMIUM: '/opt/browser', PATH: empty() }, never)).toBe('/opt/browser');
  const folder = empty();
  writeFileSync(join(folder, 'chromium'), '', { mode: 0o755 });
  expect(await chromium({ PATH: folder }, never)).toBe(join(folder, 'chromium'));
});

test('it is installed where that may be; else the tests stop with a way out', async () => {
  const folder = empty();
  const install = (packages: readonly string[]) => {
    for (const name of packages) writeFileSync(join(folder, name), '', { mode: 0o755 });
    return Promise.resolve();
  };
  expect(await chromium({ PATH: folder }, install, () => true)).toBe(join(folder, 'chromium'));
  await expect(chromium({ PATH: empty() }, never, () => false)).rejects.toThrow('apt-get install chromium');
});
