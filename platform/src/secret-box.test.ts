import { expect, test } from '@jest/globals';
import { secretBox } from './secret-box.client.ts';

test('a sealed secret opens under its key, purpose and name only, and never looks the same twice', async () => {
  const box = await secretBox('a configured secret', 'test.one');
  const sealed = box.seal('whsec_abc', 'D1-hook');
  expect(Buffer.from(sealed, 'base64').toString('latin1')).not.toContain('whsec');
  expect(box.seal('whsec_abc', 'D1-hook')).not.toBe(sealed);
  expect(box.open(sealed, 'D1-hook')).toBe('whsec_abc');
  expect((await secretBox('a configured secret', 'test.one')).open(sealed, 'D1-hook')).toBe('whsec_abc');
  expect(() => box.open(sealed, 'D2-hook')).toThrow();
  const others = [await secretBox('another', 'test.one'), await secretBox('a configured secret', 'test.two')];
  for (const other of others) expect(() => other.open(sealed, 'D1-hook')).toThrow();
});

test('a changed bit, a cut tag and what is no seal at all do not open', async () => {
  const box = await secretBox('a configured secret', 'test.one');
  const bytes = Buffer.from(box.seal('whsec_abc', 'D1'), 'base64');
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(() => box.open(changed.toString('base64'), 'D1')).toThrow();
  }
  for (const text of ['', 'nonsense', bytes.subarray(0, 20).toString('base64')])
    expect(() => box.open(text, 'D1')).toThrow();
});
