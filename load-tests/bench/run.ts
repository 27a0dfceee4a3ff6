import { startStack } from '@lotwarden/deploy/stack';
import type { Addresses } from './addresses.ts';
import { freeze } from './freeze/freeze.ts';
import { ingest } from './ingest/ingest.ts';
import { memory } from './memory/memory.ts';
import { hostile } from './hostile/hostile.ts';
import { print, type Result } from './result.ts';
import { traceGrowth } from './trace-growth/trace-growth.ts';
import { trace } from './trace/trace.ts';

/** `make bench NAME=freeze`; without a name all, in their short form; FULL=1 for the long one. */
const benches: Readonly<Record<string, (addresses: Addresses, full: boolean) => Promise<Result>>> = {
  freeze,
  ingest,
  memory,
  trace,
  'trace-growth': traceGrowth,
  hostile,
};

const [asked] = process.argv.slice(2);
const names = asked === undefined || asked === '' ? Object.keys(benches) : [asked];
const unknown = names.filter((name) => !Object.hasOwn(benches, name));
if (unknown.length > 0) {
  process.stderr.write(`No benchmark ${unknown.join(', ')}. There is: ${Object.keys(benches).join(', ')}.\n`);
  process.exit(2);
}

const stack = await startStack();
const results: Result[] = [];
try {
  for (const name of names) {
    const bench = benches[name];
    if (bench) results.push(await bench(stack.addresses, process.env['FULL'] === '1'));
  }
} finally {
  await stack.stop();
}
print(results);
// Figures are read, not judged; what must never happen is judged.
process.exit(results.some(({ violations }) => violations > 0) ? 1 : 0);
