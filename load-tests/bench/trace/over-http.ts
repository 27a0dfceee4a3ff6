import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Worker } from 'node:worker_threads';
import { publish } from '../../generator/publish.ts';
import { percentile, row, type Row } from '../result.ts';
import type { Asked, Asking, Times } from './asker.worker.ts';
import { buildGraph, genealogyOf } from './factory-graph.ts';
import { serveTrace } from './serve-trace.ts';
import { unitsAsCsv } from './units-as-csv.ts';

/** Questions before which nothing counts: compilers, connections, caches. */
const WARM = 40;

/**
 * One request with the first 500 lots, and as many as name them all, as ranges; from the question to the last byte of the
 * answer. Floor: as many bytes from a bare server of Node, whose worker thread makes them and hands them over.
 */
export async function overHttp(operations: number, many: number): Promise<{ rows: Row[]; violations: number }> {
  // The graph that these are from is let go: the one that answers is in its own thread.
  const { lots, roots, rows: bare } = buildGraph(operations, many);
  const server = await serveTrace();
  const floor = await serveBytes();
  const asked = [...roots.slice(0, WARM), ...roots];
  try {
    await server.feed(publish(genealogyOf(operations)));
    const { url, headers } = server;
    const asking: Asking = { url, headers, bareUrl: floor.url, lots: asked.map((root) => lots[root] ?? '') };
    const { ours, bare: bareTimes, reached } = await asker(asking);
    const violations = reached.filter((reach, at) => reach !== bare.reach(asked[at] ?? 0)).length;
    const size = `${String(operations)} operations, over HTTP`;
    const rowsOf = (metric: string, part: keyof Times) =>
      [0.5, 0.99].map((share) =>
        row({
          metric: `${size}, ${metric} p${String(100 * share)}`,
          unit: 'ms',
          ours: percentile(ours[part].slice(WARM), share),
          floor: percentile(bareTimes[part].slice(WARM), share),
          goal: { text: '<= 15 ms', holds: (figures) => figures.ours <= 15 },
        }),
      );
    const largest = roots.reduce((one, other) => (bare.reach(other) > bare.reach(one) ? other : one));
    const csv = await unitsAsCsv(server, lots[largest] ?? '');
    return {
      violations: violations + csv.violations,
      rows: [...rowsOf('summary and 500 lots', 'first'), ...rowsOf('all lots as ranges', 'all'), ...csv.rows],
    };
  } finally {
    await floor.stop();
    await server.stop();
  }
}

/** Asks one question after the other from a thread of its own: who asks is no part of who answers. */
function asker(workerData: Asking): Promise<Asked> {
  const worker = new Worker(new URL('./asker.worker.ts', import.meta.url), { workerData });
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

/** `/<n>` is answered with n bytes from another thread. */
async function serveBytes(): Promise<{ url: string; stop: () => Promise<void> }> {
  const worker = new Worker(new URL('./bytes.worker.ts', import.meta.url));
  const waiting: ((bytes: Uint8Array) => void)[] = [];
  worker.on('message', (bytes: Uint8Array) => waiting.shift()?.(bytes));
  const server = createServer((request, response) => {
    waiting.push((bytes) => response.setHeader('content-type', 'application/json').end(bytes));
    worker.postMessage(Number(request.url?.slice(1)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await worker.terminate();
    },
  };
}
