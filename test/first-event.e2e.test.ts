import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import consoleService from '@lotwarden/console';
import { startService, testEnvironment, type TestService } from '@lotwarden/platform/testing/service';
import { until } from '@lotwarden/platform/testing/until';
import qms from '@lotwarden/qms';

const folder = mkdtempSync(join(tmpdir(), 'lotwarden-first-event-'));
const world = testEnvironment();
let registry: TestService;
let quality: TestService;

beforeAll(async () => {
  registry = await startService(consoleService, { world });
  quality = await startService(qms, { world });
});
afterAll(async () => {
  await registry.stop();
  await quality.end();
  rmSync(folder, { recursive: true });
});

/** The program as the README shows it. */
function shown(language: string): string {
  const found = new RegExp('```' + language + '\\n([^]*?)```').exec(readFileSync('README.md', 'utf8'))?.[1];
  if (found === undefined) throw new Error('the README shows no program');
  return found;
}

/** It in a folder that has what the README says is needed. */
function program(): string {
  const run = {
    kafka: world.environment['KAFKA_BROKERS'],
    schemaRegistry: `${registry.address}/registry`,
    topicPrefix: world.topicPrefix,
  };
  mkdirSync(join(folder, '.lotwarden'));
  writeFileSync(join(folder, '.lotwarden', 'run.json'), JSON.stringify(run));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  const file = join(folder, 'first-event.ts');
  writeFileSync(file, shown('ts'));
  return file;
}

test('the first event of an outside system, as the README shows it, becomes a result of an inspection', async () => {
  const child = spawn(process.execPath, [program()], { cwd: folder });
  const ended = new Promise((done) => child.once('close', done));
  const [said, status] = await Promise.all([text(child.stderr), ended]);
  expect({ status, said: status === 0 ? '' : said }).toEqual({ status: 0, said: '' });

  const headers = await quality.tokens.headers({ roles: ['auditor'] });
  const found = async (): Promise<string> =>
    (await fetch(`${quality.address}/inspections?limit=10`, { headers })).text();
  await until(async () => (await found()).includes('S-2'));
  expect(await found()).toContain('99.8');
});

/** Where Python's stock client is not installed there is nobody to run its program. */
const PYTHON = process.env['PYTHON'] ?? 'python3';
const withPython = spawnSync(PYTHON, ['-c', 'import confluent_kafka.schema_registry.avro']).status === 0;

if (withPython)
  test('the same in Python', async () => {
    // The registry that it asks is in this very process, which must not wait for it standing still.
    const child = spawn(PYTHON, ['-c', shown('python')], { cwd: folder });
    const ended = new Promise((done) => child.once('close', done));
    const [said, status] = await Promise.all([text(child.stderr), ended]);
    expect({ status, said: status === 0 ? '' : said }).toEqual({ status: 0, said: '' });
    const headers = await quality.tokens.headers({ roles: ['auditor'] });
    await until(async () =>
      (await (await fetch(`${quality.address}/inspections?limit=10`, { headers })).text()).includes('S-1'),
    );
  });
