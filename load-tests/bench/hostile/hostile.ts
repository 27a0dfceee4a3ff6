import { publish } from '../../generator/publish.ts';
import type { Addresses } from '../addresses.ts';
import { percentile, row, write, type Result } from '../result.ts';
import { buildGraph, genealogyOf } from '../trace/factory-graph.ts';
import { serveTrace, type TraceServer } from '../trace/serve-trace.ts';
import { hostileFacts } from './hostile-facts.ts';
import { forgedCursors, hostileQueries, type Hostile } from './queries.ts';

const LISTS = ['lots', 'custodians', 'operations', 'stopped', 'cycles', 'stock', 'users'] as const;
/** What may be answered: an answer, a refusal with a reason, or that there is too much to do. */
const FAIR: ReadonlySet<number> = new Set([200, 400, 404, 409, 413, 422, 429, 503]);
/** Those who ask hostile questions at once. */
const ASKERS = 4;
const CROWD = 1_000;

/**
 * A list of hostile questions, four askers at a time, and in the end a thousand at once, while normal questions are asked one
 * after the other and facts are fed. Counted as violations: an answer that is none of ours (500, a broken connection), and
 * memory that grows without bound.
 */
export async function hostile(_: Addresses, full: boolean): Promise<Result> {
  const operations = full ? 50_000 : 10_000;
  const built = buildGraph(operations, 200);
  const server = await serveTrace();
  try {
    const { happenings, targets } = hostileFacts();
    await server.feed(publish(genealogyOf(operations)));
    await server.feed(publish(happenings));
    const queries = hostileQueries({ ...targets, lots: built.lots, operations: operationsOf(operations) });
    const normal = normalAsker(
      server,
      built.roots.map((root) => built.lots[root] ?? ''),
    );
    await normal(50);
    const alone = await normal(full ? 600 : 250);
    const before = process.memoryUsage().rss;
    let [most, unfair, refused] = [before, 0, 0];
    let isOver = false;
    const count = (status: number): void => {
      if (!FAIR.has(status)) unfair += 1;
      if (status === 503) refused += 1;
      most = Math.max(most, process.memoryUsage().rss);
    };
    const open = [...queries];
    const askers = Array.from({ length: ASKERS }, async () => {
      for (let next = open.shift(); next; next = open.shift()) await ask(server, next, count);
    });
    const beside: number[] = [];
    const watching = (async () => {
      while (!isOver) beside.push(...(await normal(10)));
    })();
    await Promise.all(askers);
    const hostileOnly = beside.length;
    const crowd = Array.from({ length: CROWD }, (_unused, at) => ask(server, { ...(queries[at % queries.length] as Hostile) }, count)); // prettier-ignore
    await Promise.all(crowd);
    isOver = true;
    await watching;
    const grown = (most - before) / 2 ** 20;
    const steady = beside.slice(0, hostileOnly);
    const rows = [
      row({ metric: `${String(queries.length)} hostile questions, ${String(ASKERS)} at a time: normal p99`, unit: 'ms', ours: percentile(steady, 0.99), floor: percentile(alone, 0.99), goal: { text: '<= 2 x alone', holds: ({ ours, floor }) => ours <= 2 * floor } }), // prettier-ignore
      row({ metric: 'the same, normal p50', unit: 'ms', ours: percentile(steady, 0.5), floor: percentile(alone, 0.5), goal: { text: '<= 2 x alone', holds: ({ ours, floor }) => ours <= 2 * floor } }), // prettier-ignore
      row({ metric: `${String(CROWD)} at once: normal p99`, unit: 'ms', ours: percentile(beside, 0.99), goal: { text: 'answered within 5 s', holds: ({ ours }) => ours <= 5_000 } }), // prettier-ignore
      row({ metric: 'memory that hostile questions added', unit: 'MiB', ours: grown, goal: { text: '<= 1024 MiB', holds: ({ ours }) => ours <= 1_024 } }), // prettier-ignore
      row({ metric: 'refused as too much at once', unit: '', ours: refused, goal: { text: 'said, with Retry-After', holds: () => true } }), // prettier-ignore
    ];
    return write('hostile', { operations, queries: queries.length }, rows, unfair + (grown > 1_024 ? 1 : 0));
  } finally {
    await server.stop();
  }
}

function operationsOf(operations: number): string[] {
  const found: string[] = [];
  for (const one of genealogyOf(operations)) {
    if (one.what === 'operation') found.push(one.id);
    if (found.length >= 1_000) break;
  }
  return found;
}

/** Asks random roots one after the other; how long each took. A refusal is asked again, and its time counts. */
function normalAsker(server: TraceServer, lots: readonly string[]) {
  let next = 0;
  return async (many: number): Promise<number[]> => {
    const took: number[] = [];
    for (let asked = 0; asked < many; asked++) {
      const began = performance.now();
      const body = JSON.stringify({ roots: [lots[next++ % lots.length]] });
      for (let status = 503; status === 503;) {
        const reply = await fetch(`${server.url}/traces`, { method: 'POST', headers: server.headers, body });
        await reply.arrayBuffer();
        ({ status } = reply);
      }
      took.push(performance.now() - began);
    }
    return took;
  };
}

async function ask(server: TraceServer, { body, then }: Hostile, count: (status: number) => void): Promise<void> {
  const { url, headers } = server;
  const leaving = then === 'leave' ? AbortSignal.timeout(5) : undefined;
  try {
    const reply = await fetch(`${url}/traces`, { method: 'POST', headers, body: JSON.stringify(body), ...(leaving ? { signal: leaving } : {}) }); // prettier-ignore
    count(reply.status);
    const text = await reply.text();
    if (reply.status !== 200) return;
    const { trace } = JSON.parse(text) as { trace: string };
    if (then === 'pages') for (const list of LISTS) await readAll(server, `/traces/${trace}/${list}`, count);
    if (then === 'forged')
      for (const cursor of forgedCursors)
        for (const list of LISTS) count((await fetch(`${url}/traces/${trace}/${list}?cursor=${encodeURIComponent(cursor)}`, { headers })).status); // prettier-ignore
  } catch (error) {
    if (!leaving?.aborted) throw error;
  }
}

/** All pages, the largest there are; but no more than fifty of one list. */
async function readAll({ url, headers }: TraceServer, path: string, count: (status: number) => void): Promise<void> {
  const limit = /(stock|users)$/.test(path) ? '' : 'limit=500&';
  let cursor = '';
  for (let pages = 0; pages < 50; pages++) {
    const reply = await fetch(`${url}${path}?${limit}${cursor}`, { headers });
    count(reply.status);
    if (reply.status !== 200) return;
    const { next } = (await reply.json()) as { next: string | null };
    if (next === null) return;
    cursor = `cursor=${encodeURIComponent(next)}`;
  }
}
