import { expect, test } from '@jest/globals';
import { lockFileProblems } from './lock-file.ts';
import { textProblems, type Machine } from './text.ts';

const GOOD = {
  'node_modules/mongodb': { version: '7.8.0' },
  'node_modules/import-in-the-middle': {},
  'node_modules/@opentelemetry/api': {},
  'node_modules/mongodb-connection-string-url': {},
  'node_modules/@lotwarden/qms': { resolved: 'services/qms', link: true },
};

test('a lock file with one driver and no addresses is good', () => {
  expect(lockFileProblems({ packages: GOOD })).toEqual([]);
});

test('a second MongoDB driver is reported', () => {
  const packages = { ...GOOD, 'node_modules/other/node_modules/mongodb': { version: '7.9.0' } };
  expect(lockFileProblems({ packages })).toEqual([expect.stringContaining('2 copies of mongodb')]);
});

test('a lock file that names a registry is reported', () => {
  const packages = { ...GOOD, 'node_modules/zod': { resolved: 'https://registry.npmjs.org/zod.tgz' } };
  expect(lockFileProblems({ packages })).toEqual([expect.stringContaining('node_modules/zod')]);
});

const machine: Machine = {
  checkout: '/build/main',
  home: '/somewhere/alice',
  registries: ['npm.example.test', 'registry.npmjs.org'],
};

test.each([
  ['const root = "/build/main/deploy";', 'a path of this machine'],
  ['see /build/notes/plan.md', 'a path of this machine'],
  ['cache: /somewhere/alice/.cache', 'a path of this machine'],
  ['cd ' + ['', 'home', 'bob', 'lotwarden'].join('/'), 'somebody’s machine'],
  ['registry=https://npm.example.test/', 'a package registry of this machine'],
])('%s is reported', (line, what) => {
  expect(textProblems('README.md', `first\n${line}\n`, machine)).toEqual([
    expect.stringMatching(`README.md:2 .*${what}`),
  ]);
});

test.each([
  ['/* eslint-disable */'],
  ['// eslint-disable-next-line'],
  ['// eslint-disable-next-line eqeqeq'],
  ['/* eslint-disable eqeqeq -- all over */'],
])('%s is reported', (line) => {
  expect(textProblems('services/qms/src/a.ts', line, machine)).toEqual([
    expect.stringContaining('switches the linter off'),
  ]);
});

test.each([
  ['// eslint-disable-next-line eqeqeq -- null and undefined alike'],
  ['image: /usr/local/build/main.js'],
  ['curl https://registry.npmjs.org/'],
  ['WORKDIR /app/'],
])('%s is fine', (line) => {
  expect(textProblems('services/qms/src/a.ts', line, machine)).toEqual([]);
});

test('a checkout in a common place forbids only itself', () => {
  expect(textProblems('a.md', 'mkdir /tmp/x/', { ...machine, checkout: '/tmp/lot' })).toEqual([]);
});
