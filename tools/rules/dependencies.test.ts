import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildHouse, type House } from './test/house.ts';

/** The files of a small house with one planted violation each: file → [imports, rules it must break]. */
const PLANTED: Record<string, { imports: string[]; breaks: string[] }> = {
  // allowed
  'services/main.ts': { imports: ['@lotwarden/qms', '@lotwarden/platform/errors'], breaks: [] },
  'services/qms/src/service.ts': { imports: ['./gate/gate.store.ts', '@lotwarden/platform/store'], breaks: [] },
  'services/qms/src/gate/gate.ts': {
    imports: ['./rules.ts', 'node:crypto', '@lotwarden/platform/errors', '@lotwarden/contracts/events', 'big.js'],
    breaks: [],
  },
  'services/qms/src/gate/gate.store.ts': { imports: ['./gate.ts', '@lotwarden/contracts/codec', 'zod'], breaks: [] },
  'services/qms/src/gate/rules.ts': { imports: [], breaks: [] },
  'services/qms/src/gate/rules.test.ts': { imports: ['@lotwarden/platform/testing', 'fast-check'], breaks: [] },
  'services/qms/test/fakes.ts': { imports: ['../src/gate/gate.ts'], breaks: [] },
  'platform/src/kafka-kafkajs.ts': { imports: ['kafkajs'], breaks: [] },
  'platform/src/errors.ts': { imports: [], breaks: [] },
  'platform/src/store.ts': { imports: ['./errors.ts'], breaks: [] },
  'platform/src/testing.ts': { imports: ['fast-check'], breaks: [] },
  'contracts/src/events.ts': { imports: [], breaks: [] },
  'contracts/src/codec.ts': { imports: ['./events.ts'], breaks: [] },
  'deploy/local/stack.ts': { imports: ['kafkajs'], breaks: [] },
  'deploy/story/outside/mes.ts': { imports: ['@lotwarden/contracts/codec', './wms.ts', 'kafkajs'], breaks: [] },
  'deploy/story/outside/wms.ts': { imports: [], breaks: [] },

  // planted
  'services/lims/src/service.ts': { imports: ['@lotwarden/qms'], breaks: ['service-knows-no-service'] },
  'services/lims/src/peek/peek.store.ts': {
    imports: ['../../../qms/src/gate/gate.ts'],
    breaks: ['service-knows-no-service'],
  },
  'services/qms/src/ship/stack.client.ts': {
    imports: ['@lotwarden/deploy/stack'],
    breaks: ['service-stands-on-platform-and-contracts'],
  },
  'load-tests/trace-check/fast-answer.ts': {
    imports: ['../../services/qms/src/gate/gate.store.ts'],
    breaks: ['measured-and-checked-as-it-is'],
  },
  'load-tests/bench/freeze/freeze.ts': {
    imports: ['../../../services/qms/src/gate/gate.store.ts'],
    breaks: ['only-the-graph-is-measured-in-process'],
  },
  'load-tests/trace-check/true-answer.ts': {
    imports: ['@lotwarden/platform/errors'],
    breaks: ['the-slow-answer-stands-alone'],
  },
  'deploy/local/start.ts': { imports: ['@lotwarden/qms'], breaks: ['only-main-knows-the-services'] },
  'contracts/src/topics.ts': { imports: ['@lotwarden/platform/errors'], breaks: ['contracts-know-nobody'] },
  'platform/src/outbox.ts': { imports: ['@lotwarden/qms'], breaks: ['platform-knows-no-service'] },
  'services/qms/src/ship/reads-store.ts': { imports: ['../gate/gate.store.ts'], breaks: ['pure-imports-pure'] },
  'services/qms/src/ship/reads-file.ts': { imports: ['node:fs'], breaks: ['pure-imports-pure'] },
  'services/qms/src/ship/reads-npm.ts': { imports: ['zod'], breaks: ['pure-imports-pure'] },
  'services/qms/src/ship/reads-bytes.ts': { imports: ['@lotwarden/contracts/codec'], breaks: ['pure-imports-pure'] },
  'services/qms/src/ship/reads-platform.ts': { imports: ['@lotwarden/platform/store'], breaks: ['pure-imports-pure'] },
  'services/qms/src/ship/inventory.ts': { imports: ['../config.ts'], breaks: ['pure-imports-pure'] },
  'services/qms/src/config.ts': { imports: [], breaks: [] },
  'services/qms/src/ship/borrows.store.ts': {
    imports: ['../gate/rules.test.ts'],
    breaks: ['nobody-imports-a-test'],
  },
  'services/qms/src/ship/fake.store.ts': {
    imports: ['../../test/fakes.ts'],
    breaks: ['production-imports-no-test-code'],
  },
  'services/qms/src/ship/tokens.client.ts': {
    imports: ['@lotwarden/platform/testing'],
    breaks: ['production-imports-no-platform-testing'],
  },
  'services/qms/src/ship/random.job.ts': {
    imports: ['fast-check'],
    breaks: ['production-imports-no-dev-dependency'],
  },
  'deploy/story/outside/erp.ts': {
    imports: ['@lotwarden/platform/errors', '../../local/stack.ts'],
    breaks: ['outside-systems-know-contracts-only'],
  },
  'platform/src/bus.ts': { imports: ['kafkajs'], breaks: ['kafka-behind-its-port'] },
  'services/qms/src/ship/late.job.ts': { imports: ['bullmq'], breaks: ['queues-behind-their-port'] },
  'services/qms/src/ship/round.store.ts': {
    imports: ['../../../../platform/src/errors.ts'],
    breaks: ['no-way-round-the-exports-of-platform'],
  },
  'services/qms/src/ship/deep.store.ts': { imports: ['@lotwarden/platform/src/errors.ts'], breaks: ['resolves'] },
  'services/qms/src/ship/egg.store.ts': { imports: ['./hen.store.ts'], breaks: ['no-cycles'] },
  'services/qms/src/ship/hen.store.ts': { imports: ['./egg.store.ts'], breaks: ['no-cycles'] },
};

const PACKAGES: Record<string, Record<string, string>> = {
  contracts: { './events': './src/events.ts', './codec': './src/codec.ts' },
  platform: { './errors': './src/errors.ts', './store': './src/store.ts', './testing': './src/testing.ts' },
  deploy: { './stack': './local/stack.ts' },
  'services/qms': { '.': './src/service.ts' },
};
const DEPENDENCIES = ['big.js', 'bullmq', 'kafkajs', 'zod'];

interface Cruise {
  modules: { source: string; dependencies: { rules?: { name: string }[] }[] }[];
}

let house: House;
let broken: Map<string, string[]>;

beforeAll(async () => {
  house = await buildHouse(
    {
      workspaces: ['contracts', 'platform', 'deploy', 'services/*'],
      dependencies: Object.fromEntries(DEPENDENCIES.map((name) => [name, '1.0.0'])),
      devDependencies: { 'fast-check': '1.0.0' },
    },
    [...DEPENDENCIES, 'fast-check'],
  );
  for (const [folder, exports] of Object.entries(PACKAGES)) await house.workspace(folder, { exports });
  for (const [path, { imports }] of Object.entries(PLANTED)) {
    const lines = imports.map((from, n) => `import { x as x${n} } from '${from}'; x${n};`);
    await house.put(path, [...lines, 'export const x = 1;'].join('\n'));
  }
  const report = await house.run(
    resolve('node_modules/dependency-cruiser/bin/dependency-cruise.mjs'),
    ...['--config', resolve('.dependency-cruiser.cjs'), '--output-type', 'json'],
    ...['contracts', 'platform', 'deploy', 'load-tests', 'services'],
  );
  const { modules } = JSON.parse(report) as Cruise;
  broken = new Map(
    modules.map(({ source, dependencies }) => [
      source,
      [...new Set(dependencies.flatMap(({ rules = [] }) => rules.map(({ name }) => name)))],
    ]),
  );
}, 30_000);

afterAll(() => house.remove());

test.each(Object.entries(PLANTED))('%s', (path, { breaks }) => {
  expect(broken.get(path)).toEqual(breaks);
});

test('every rule has been seen to fail', () => {
  const config = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as { forbidden: { name: string }[] };
  const ROUND = 'no-way-round-the-exports-of-';
  const family = (name: string) => (name.startsWith(ROUND) ? ROUND : name);
  const seen = new Set(Object.values(PLANTED).flatMap(({ breaks }) => breaks.map(family)));
  expect(config.forbidden.map(({ name }) => family(name)).filter((name) => !seen.has(name))).toEqual([]);
});
