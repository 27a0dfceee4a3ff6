import { expect, test } from '@jest/globals';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { houseRules } from '../eslint-rules/house-config.ts';

/** The house rules need no types: they run on text, under any file name. */
const houseOnly = new ESLint({
  overrideConfigFile: true,
  overrideConfig: [{ ...tseslint.configs.base, files: ['**/*.ts'] }, ...houseRules],
});

async function rulesBroken(code: string, filePath: string): Promise<string[]> {
  const [result] = await houseOnly.lintText(code, { filePath });
  return [...new Set(result?.messages.map(({ ruleId, message }) => ruleId ?? message))];
}

const PURE = 'services/receiving/src/material-lot/receive-lot.ts';
const STORE = 'services/receiving/src/material-lot/material-lot.store.ts';
const PLATFORM = 'platform/src/outbox/relay.ts';
const TEST = 'services/receiving/src/material-lot/receive-lot.test.ts';

test.each([
  // rule, file, planted violation
  ['house/no-module-state', STORE, 'let connections = 0; connections++;'],
  ['house/no-module-state', STORE, 'export let last: string;'],
  ['house/no-module-state', STORE, 'var cache = {};'],
  ['house/no-module-state', STORE, 'const seen = new Map();'],
  ['house/no-module-state', STORE, 'const seen: Set<string> = new Set();'],
  ['house/no-module-state', STORE, 'const known = { lots: new WeakMap() };'],
  ['house/no-module-state', PLATFORM, 'export const kafka = new Kafka({ brokers: [] });'],
  ['house/no-module-state', PLATFORM, 'const client = new MongoClient(url);'],
  ['house/no-module-state', PLATFORM, 'const redis = new Redis();'],
  ['house/no-module-state', PLATFORM, 'const queue = new Queue("due");'],
  ['house/no-module-state', PLATFORM, 'const worker = new Worker("due", run);'],
  ['house/no-module-state', STORE, 'const connection = createConnection(url);'],
  ['house/process-at-the-edge', STORE, 'export const url = process.env.MONGO_URL;'],
  ['house/process-at-the-edge', PLATFORM, 'export const die = () => { process.exit(1); };'],
  ['house/process-at-the-edge', PLATFORM, 'export const on = () => globalThis.process.on("SIGTERM", stop);'],
  ['house/process-at-the-edge', PLATFORM, 'import { env } from "node:process";'],
  ['house/no-idempotent-producer', PLATFORM, 'export const p = (kafka) => kafka.producer({ idempotent: true });'],
  ['house/no-idempotent-producer', PLATFORM, 'export const p = (kafka, idempotent) => kafka.producer({ idempotent });'],
  ['house/no-idempotent-producer', TEST, 'kafka.producer({ "idempotent": true });'],
  ['house/no-swallowed-errors', STORE, 'export const f = () => { try { g(); } catch {} };'],
  ['house/no-swallowed-errors', STORE, 'export const f = () => { try { g(); } catch { /* fine */ } };'],
  ['house/no-swallowed-errors', STORE, 'export const f = () => g().catch(() => {});'],
  ['house/no-swallowed-errors', STORE, 'export const f = () => g().catch(() => undefined);'],
  ['house/no-swallowed-errors', STORE, 'export const f = () => g().catch(() => null);'],
  ['house/no-classes', STORE, 'export class LotRepository { find() { return 1; } }'],
  ['house/no-classes', STORE, 'export class LotRepository extends BaseRepository {}'],
  ['house/no-classes', STORE, 'export const Repository = class {};'],
  ['house/named-exports', STORE, 'export default function store() { return 1; }'],
  ['house/no-barrels', STORE, 'export * from "./material-lot.ts";'],
  ['house/pure-files', PURE, 'export const now = () => Date.now();'],
  ['house/pure-files', PURE, 'export const now = () => new Date();'],
  ['house/pure-files', PURE, 'export const dice = () => Math.random();'],
  ['house/pure-files', PURE, 'export const id = () => crypto.randomUUID();'],
  ['house/pure-files', PURE, 'import { randomUUID } from "node:crypto"; export const id = () => randomUUID();'],
  ['house/pure-files', PURE, 'export const ask = () => fetch("http://qms");'],
  ['house/pure-files', PURE, 'export const later = (f) => setTimeout(f, 1);'],
  ['house/pure-files', PURE, 'export async function load() { return 1; }'],
  ['house/no-module-mocks', TEST, 'jest.mock("./store.ts");'],
  ['house/no-module-mocks', TEST, 'jest.unstable_mockModule("./store.ts", () => ({}));'],
  ['house/no-focused-or-skipped', TEST, 'test.only("a", () => {});'],
  ['house/no-focused-or-skipped', TEST, 'test.only.each([1])("a", () => {});'],
  ['house/no-focused-or-skipped', TEST, 'describe.skip("a", () => {});'],
  ['house/no-focused-or-skipped', TEST, 'test.todo("a");'],
  ['house/no-focused-or-skipped', TEST, 'xit("a", () => {});'],
  ['house/no-sleep-in-tests', TEST, 'await new Promise((resolve) => setTimeout(resolve, 500));'],
  ['house/no-sleep-in-tests', TEST, 'import { setTimeout as wait } from "node:timers/promises";'],
  ['house/no-sleep-in-tests', TEST, 'await sleep(500);'],
  ['no-console', STORE, 'console.log("hello");'],
  ['no-warning-comments', STORE, '// TODO: later'],
])('%s reports in %s: %s', async (rule, filePath, code) => {
  expect(await rulesBroken(code, filePath)).toContain(rule);
});

test.each([
  [STORE, 'const kinds: ReadonlySet<string> = new Set(["M", "P"]); export const isKind = (k: string) => kinds.has(k);'],
  [STORE, 'export const open = () => { let n = 0; const seen = new Map(); return () => seen.set(n++, 1); };'],
  [STORE, 'for (let i = 0; i < 3; i++) f(i);'],
  [STORE, 'export class Poison extends Error {}'],
  [STORE, 'export class Stale extends Conflict {}'],
  [STORE, 'export const f = () => g().catch((error) => { log.warn(error); });'],
  [STORE, '// eslint-disable-next-line eqeqeq -- numbers as text too\nexport const f = (a) => a == 1;'],
  [STORE, 'export const now = async () => Date.now();'],
  [PURE, 'import { createHash } from "node:crypto"; export const at = (iso) => new Date(iso) && createHash("sha256");'],
  [PLATFORM, 'export const p = (kafka) => kafka.producer({ idempotent: false });'],
  [TEST, 'let stack; beforeAll(() => { stack = start(); });'],
  ['services/main.ts', 'process.exitCode = Number(process.env.CODE);'],
  ['services/receiving/src/service.ts', 'export default service("receiving");'],
  ['deploy/local/stack.ts', 'console.log(process.platform);'],
])('no house rule reports in %s: %s', async (filePath, code) => {
  expect(await rulesBroken(code, filePath)).toEqual([]);
});

test('the whole configuration knows the types: floating promises and escaping any are reported', async () => {
  const eslint = new ESLint({ overrideConfigFile: 'eslint.config.js' });
  const planted = `
    const load = async (): Promise<number> => Promise.resolve(1);
    export const forgotten = () => { load(); };
    export const loose = (text: string): number => JSON.parse(text).lots;
  `;
  // An existing file's name, so that it belongs to the program; its text is the planted one.
  const [result] = await eslint.lintText(planted, { filePath: 'tools/eslint-rules/house.ts' });
  const rules = result?.messages.map(({ ruleId }) => ruleId);
  expect(rules).toContain('@typescript-eslint/no-floating-promises');
  expect(rules).toContain('@typescript-eslint/no-unsafe-return');
}, 30_000);
