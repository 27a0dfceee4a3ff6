/**
 * `node tools/scenario.ts <name>`: the tests of one row of docs/traceability/rules.md; without a name, which there are.
 * Rows that are proved on running services start Kafka, MongoDB and Redis.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startStack } from '@lotwarden/deploy/stack';
import { readRows, testsByName, type Named } from './scenarios/rows.ts';
import { ROOT, titlesIn } from './scenarios/titles.ts';

const scenarios = testsByName(readRows(readFileSync(join(ROOT, 'docs/traceability/rules.md'), 'utf8')));
const [asked = ''] = process.argv.slice(2);
const tests = scenarios.get(asked);
if (tests) process.exitCode = await prove(tests);
else {
  const there = [...scenarios].map(([name, { length }]) => `${name} (${String(length)})`).join('\n');
  if (asked === '') console.log(there);
  else {
    console.error(`No scenario ${asked}. There is:\n${there}`);
    process.exitCode = 2;
  }
}

async function prove(named: readonly Named[]): Promise<number> {
  const found = named.flatMap((one) => titlesIn(one.in).filter(({ title }) => title.startsWith(one.name)));
  const files = [...new Set(found.map(({ file }) => file))];
  const titles = found.map(({ title }) => title.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const stack = files.some((file) => /\.(int|e2e)\.test\.ts$/.test(file)) ? await startStack() : undefined;
  const env = stack && { KAFKA_BROKERS: stack.addresses.kafka, MONGO_URL: stack.addresses.mongo, REDIS_URL: stack.addresses.redis }; // prettier-ignore
  try {
    const jest = ['run', '--silent', 'jest', '--', '--verbose', '--runInBand', '--runTestsByPath', ...files];
    const child = spawn('npm', [...jest, '-t', `^(${titles.join('|')})$`], {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: 'inherit',
    });
    const [code] = (await once(child, 'exit')) as [number | null];
    return code ?? 1;
  } finally {
    await stack?.stop();
  }
}
