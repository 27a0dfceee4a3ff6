/**
 * Everything that CI runs, in the order that uses two processors best: the linter beside the quick gates and the unit
 * tests while the servers start, then the tests on real servers, then whole systems. It goes on after a failure, so that
 * one run tells all, and its last line is the sum.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStack, type Stack } from '@lotwarden/deploy/stack';
import { chromium } from './test-run/chromium.ts';
import {
  endToEndTests,
  integrationTests,
  linter,
  quickGates,
  runGate,
  runTests,
  typeCheck,
  unitTests,
  type Gate,
  type TestPart,
} from './test-run/parts.ts';
import { finalLine, sum, type Outcome } from './test-run/tally.ts';

type Finished = Outcome & { name: string; seconds: number };

const stopping = new AbortController();
const { signal } = stopping;
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(name, () => {
    console.log(`${name}: stopping`);
    stopping.abort();
  });
}

const finished: Finished[] = [];

async function part(name: string, run: () => Promise<Outcome>): Promise<void> {
  if (signal.aborted) return;
  const began = performance.now();
  const outcome = await run().catch((error: unknown): Outcome => ({
    passed: 0,
    failed: 1,
    reasons: [error instanceof Error ? (error.stack ?? error.message) : String(error)],
  }));
  const seconds = (performance.now() - began) / 1000;
  finished.push({ name, seconds, ...outcome });
  if (outcome.failed > 0) console.log(outcome.reasons.join('\n'));
  console.log(line({ name, seconds, ...outcome }));
}

const line = ({ name, seconds, passed, failed }: Omit<Finished, 'reasons'>): string => {
  const time = `${seconds.toFixed(1).padStart(6)} s`;
  return `${failed > 0 ? 'FAILED' : 'ok    '} ${name.padEnd(10)} ${time}   ${passed} passed, ${failed} failed`;
};

const gate = (which: Gate) => part(which.name, () => runGate(which, signal));

async function inOrder(folder: string): Promise<void> {
  const tests = (which: TestPart, env: Record<string, string> = {}) =>
    part(which.name, () => runTests(which, folder, { env, signal }));

  let started: Stack | undefined;
  let browser = '';
  await Promise.all([
    part('browser', async () => {
      browser = await chromium(process.env);
      return { passed: 1, failed: 0, reasons: [] };
    }),
    part('servers', async () => {
      // those whose addresses are in the environment, or our own, which end with us
      started = await startStack({ ownSignals: true, log: console.log });
      return { passed: 1, failed: 0, reasons: [] };
    }),
    gate(linter(process.env['CI'] === undefined)),
    (async () => {
      await gate(typeCheck);
      for (const each of quickGates) await gate(each);
      await tests(unitTests);
    })(),
  ]);
  if (started === undefined) {
    const outcome = { passed: 0, failed: 1, reasons: ['not run: the servers did not start'] };
    for (const { name } of [integrationTests, endToEndTests]) await part(name, async () => outcome);
    return;
  }
  const { addresses, stop } = started;
  const env = {
    KAFKA_BROKERS: addresses.kafka,
    MONGO_URL: addresses.mongo,
    REDIS_URL: addresses.redis,
    CHROMIUM: browser,
  };
  for (const each of [integrationTests, endToEndTests]) await tests(each, env);
  await stop();
}

const began = performance.now();
const folder = await mkdtemp(join(tmpdir(), 'lotwarden-tests-'));
await inOrder(folder).catch((error: unknown) => {
  console.log(error);
  finished.push({ name: 'run', seconds: 0, passed: 0, failed: 1, reasons: [String(error)] });
});
await rm(folder, { recursive: true, force: true });

const total = sum(finished);
const minutes = ((performance.now() - began) / 60_000).toFixed(1);
console.log(`\n${finished.map(line).join('\n')}\n${minutes} minutes`);
if (signal.aborted) console.log('stopped before the end');
console.log(finalLine(total));
process.exitCode = total.failed > 0 || signal.aborted ? 1 : 0;
