import { spawn } from 'node:child_process';
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

/** The program as the README shows it, in a folder that has what the README says is needed. */
function program(): string {
  const shown = /```ts\n([^]*?)```/.exec(readFileSync('README.md', 'utf8'))?.[1];
  if (shown === undefined) throw new Error('the README shows no program');
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
  writeFileSync(file, shown);
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
