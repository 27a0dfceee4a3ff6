import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { parseManifest, refuseUnexpected } from './checksum.ts';

const a = 'a'.repeat(64);
const b = 'b'.repeat(64);
const expected = new Map([
  ['one.jar', a],
  ['two.jar', b],
]);

test('what is pinned passes', () => {
  expect(() => refuseUnexpected('jars', expected, new Map(expected))).not.toThrow();
});

test.each([
  [
    'a changed file',
    new Map([
      ['one.jar', b],
      ['two.jar', b],
    ]),
    `one.jar is ${b}, expected ${a}`,
  ],
  ['a missing file', new Map([['one.jar', a]]), 'two.jar is missing'],
  ['a file nobody asked for', new Map([...expected, ['evil.jar', a]]), 'evil.jar was not expected'],
])('%s is refused, and the message says what to look at', (_, seen, reason) => {
  expect(() => refuseUnexpected('jars', expected, seen)).toThrow(reason);
  expect(() => refuseUnexpected('jars', expected, seen)).toThrow('Check the mirror or proxy');
});

test('a long list of faults is cut', () => {
  const many = new Map(Array.from({ length: 9 }, (_, n) => [`${n}.jar`, a]));
  expect(() => refuseUnexpected('jars', many, new Map())).toThrow('and 6 more');
});

test('a manifest is read as sha256sum writes it, and a broken line is an error', () => {
  expect(parseManifest(`${a}  one.jar\n${b}  two.jar\n`)).toEqual(expected);
  expect(() => parseManifest(`${a} one.jar\n`)).toThrow('has a line that is none');
});

test('the committed manifest names the broker of the pinned version', () => {
  const manifest = parseManifest(readFileSync(path.join(import.meta.dirname, 'kafka', 'jars.sha256'), 'utf8'));
  expect(manifest.has('kafka_2.13-4.1.0.jar')).toBe(true);
  expect(manifest.size).toBeGreaterThan(40);
});
