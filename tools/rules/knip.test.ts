import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildHouse, type House } from './test/house.ts';

type Issue = { file: string } & Record<string, { name: string }[]>;

let house: House;
let issues: Issue[];

beforeAll(async () => {
  house = await buildHouse({ workspaces: ['platform', 'services/*'], dependencies: {} }, ['zod', 'kafkajs', 'big.js']);
  await house.workspace('platform', { exports: { './errors': './src/errors.ts' }, dependencies: { kafkajs: '1.0.0' } });
  await house.workspace('services/qms', {
    exports: { '.': './src/service.ts' },
    dependencies: { '@lotwarden/platform': '1.0.0', 'big.js': '1.0.0' },
  });
  await house.put('platform/src/errors.ts', 'export const rejected = 1;');
  await house.put('platform/src/forgotten.ts', 'export const nobody = 1;');
  await house.put('services/main.ts', 'import "@lotwarden/qms";');
  await house.put(
    'services/qms/src/service.ts',
    'import { rejected } from "@lotwarden/platform/errors"; import { used } from "./gate.ts"; import "zod"; import "big.js"; used(rejected);',
  );
  await house.put('services/qms/src/gate.ts', 'export const used = (n: number) => n; export const unused = () => 1;');
  const knip = resolve('node_modules/knip/bin/knip.js');
  const report = await house.run(knip, '--config', resolve('knip.json'), '--reporter', 'json', '--no-config-hints');
  ({ issues } = JSON.parse(report) as { issues: Issue[] });
}, 30_000);

afterAll(() => house.remove());

const found = (kind: string) => issues.flatMap((issue) => (issue[kind] ?? []).map(({ name }) => [issue.file, name]));

test('a file that nobody imports is reported', () => {
  expect(found('files')).toEqual([['platform/src/forgotten.ts', expect.anything()]]);
});

test('an export that nobody imports is reported', () => {
  expect(found('exports')).toEqual([['services/qms/src/gate.ts', 'unused']]);
});

test('a package that is used and not declared is reported', () => {
  expect(found('unlisted')).toEqual([['services/qms/src/service.ts', 'zod']]);
});

test('a package that is declared and not used is reported', () => {
  expect(found('dependencies')).toEqual([['platform/package.json', 'kafkajs']]);
});
