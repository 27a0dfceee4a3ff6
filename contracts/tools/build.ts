import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { topics } from '../topics.ts';
import { asyncapiOf } from './asyncapi.ts';
import { EMPTY_LOCK, readHistory, readLock, writeFile, type Lock } from './lock.ts';
import { release } from './release.ts';
import { releasedTable } from './released-table.ts';
import { readSource } from './source.ts';
import { typescriptOf } from './typescript.ts';

/**
 * node contracts/tools/build.ts             freezes what is new and compatible, writes what is generated
 *                               --check     changes nothing; fails where the first would, or where it would write
 *                               --rebaseline  forgets all history; refused once the baseline is closed
 *                               --close-baseline  at the first release: from then on history only grows
 */
const { values: options } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    rebaseline: { type: 'boolean', default: false },
    'close-baseline': { type: 'boolean', default: false },
    root: { type: 'string', default: join(import.meta.dirname, '..') },
  },
});

try {
  build(options.root);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

function build(root: string): void {
  const lock = options.rebaseline ? rebaselined(root) : readLock(root);
  const source = readSource(join(root, 'avro'), topics);
  const result = release(source, lock, readHistory(root, lock));
  const baseline = options['close-baseline'] ? 'closed' : result.lock.baseline;
  const outputs = new Map<string, string | Buffer>([
    ...result.files,
    ['schema-ids.lock', lockText({ ...result.lock, baseline })],
    ['src/generated/events.ts', typescriptOf(source, Object.keys(topics))],
    ['src/generated/released.ts', releasedTable(result.released)],
    ['generated/asyncapi.json', asyncapiOf(topics, result.released)],
  ]);
  const stale = [...outputs].filter(([file, content]) => !holds(root, file, content));
  if (options.check) {
    if (stale.length > 0)
      throw new Error(`run \`make contracts\` and commit:\n  ${stale.map(([file]) => file).join('\n  ')}`);
    return;
  }
  for (const [file, content] of stale) writeFile(root, file, content);
  for (const line of result.added) console.log(`frozen: ${line}`);
}

function rebaselined(root: string): Lock {
  if (readLock(root).baseline === 'closed') throw new Error('the baseline is closed: what was released stays for ever');
  for (const directory of ['avro/history', 'samples']) rmSync(join(root, directory), { recursive: true, force: true });
  return EMPTY_LOCK;
}

function holds(root: string, file: string, content: string | Buffer): boolean {
  try {
    return readFileSync(join(root, file)).equals(Buffer.from(content));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

function lockText({ baseline, nextId, schemas }: Lock): string {
  const lines = schemas.map((schema) => `    ${JSON.stringify(schema)}`).join(',\n');
  return `{\n  "baseline": "${baseline}",\n  "nextId": ${nextId},\n  "schemas": [\n${lines}\n  ]\n}\n`;
}
