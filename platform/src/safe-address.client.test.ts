import { expect, test } from '@jest/globals';
import { addressGuard, mayBeCalled } from './safe-address.client.ts';

const strict = addressGuard(false);

test.each([
  '127.0.0.1',
  '10.1.2.3',
  '172.31.0.1',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '0.0.0.0',
  '224.0.0.1',
  '255.255.255.255',
  '::1',
  '::',
  '::ffff:10.0.0.1',
  '::ffff:127.0.0.1',
  '64:ff9b::a00:1',
  'fd00::1',
  'fe80::1',
  'not-an-address',
])('%s leads into a house and is refused', (address) => {
  expect(strict(address)).toBe(false);
});

test.each(['8.8.8.8', '1.1.1.1', '2606:4700::1111'])('%s is a customer', (address) => {
  expect(strict(address)).toBe(true);
});

test('only https without credentials is called; trials may call this machine', () => {
  const may = (url: string, trial = false) => mayBeCalled(new URL(url), addressGuard(trial), trial);
  expect(may('https://d1.example/recalls')).toBe(true);
  expect(may('http://d1.example/recalls')).toBe(false);
  expect(may('https://user:secret@d1.example/')).toBe(false);
  expect(may('https://[::ffff:7f00:1]/')).toBe(false);
  expect(may('https://2130706433/')).toBe(false);
  expect(may('http://127.0.0.1:9/', true)).toBe(true);
  expect(may('http://10.0.0.1/', true)).toBe(false);
});
