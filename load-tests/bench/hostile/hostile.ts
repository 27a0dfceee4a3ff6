import { fork } from 'node:child_process';
import { once } from 'node:events';
import { publish } from '../../generator/publish.ts';
import type { Addresses } from '../addresses.ts';
import { percentile, row, write, type Result } from '../result.ts';
import { buildGraph, genealogyOf } from '../trace/factory-graph.ts';
import { serveTrace, type TraceServer } from '../trace/serve-trace.ts';
import type { Done, Order } from './asker.process.ts';
import { hostileFacts } from './hostile-facts.ts';
import { hostileQueries, type Hostile } from './queries.ts';

/** Those who ask hostile questions at once. */
const ASKERS = 4;
const CROWD = 1_000;
/** Milliseconds between two looks at how much memory the server has. */
const LOOK = 20;

/**
 * A list of hostile questions, four askers at a time, and in the end a thousand at once, while normal questions are asked one
 * after the other. Floor: the same normal questions while nobody else asks. Counted as violations: an answer that is none of
 * ours (500, a broken connection), and memory that grows without bound.
 */
export async function hostile(_: Addresses, full: boolean): Promise<Result> {
  const operations = full ? 50_000 : 10_000;
  const names = namesIn(operations);
  const server = await serveTrace();
  const normal = asker(server, 'normal');
  const bad = asker(server, 'hostile');
  try {
    const { happenings, targets } = hostileFacts();
    await server.feed(publish(genealogyOf(operations)));
    await server.feed(publish(happenings));
    const queries = hostileQueries({ ...targets, lots: names.lots, operations: operationsOf(operations) });
    const lots = names.roots;
    const ask = (many: number): Promise<Done> => normal.tell({ kind: 'normal', lots, many });
    await ask(100);
    const { took: alone } = await ask(full ? 1_000 : 400);
    const beside = async (many: readonly Hostile[], atOnce: number) => {
      const watching = ask(Infinity);
      const done = await bad.tell({ kind: 'hostile', queries: many, atOnce });
      normal.send({ kind: 'stop' });
      return { ...done, took: (await watching).took };
    };
    const memory = watchMemory();
    const steady = await beside(queries, ASKERS);
    const crowd = await beside(Array.from({ length: CROWD }, (_unused, at) => queries[at % queries.length] as Hostile), CROWD); // prettier-ignore
    const grown = memory.stop();
    const twice = { text: '<= 2 x alone', holds: ({ ours, floor }: { ours: number; floor: number }) => ours <= 2 * floor }; // prettier-ignore
    const rows = [
      row({ metric: `${String(queries.length)} hostile questions, ${String(ASKERS)} at a time: normal p99`, unit: 'ms', ours: percentile(steady.took, 0.99), floor: percentile(alone, 0.99), goal: twice }), // prettier-ignore
      row({ metric: 'the same, normal p50', unit: 'ms', ours: percentile(steady.took, 0.5), floor: percentile(alone, 0.5), goal: twice }), // prettier-ignore
      row({ metric: `${String(CROWD)} at once: normal p99`, unit: 'ms', ours: percentile(crowd.took, 0.99), goal: { text: 'answered within 5 s', holds: ({ ours }) => ours <= 5_000 } }), // prettier-ignore
      row({ metric: 'memory that hostile questions added', unit: 'MiB', ours: grown, goal: { text: '<= 1024 MiB', holds: ({ ours }) => ours <= 1_024 } }), // prettier-ignore
      row({ metric: 'refused as too much at once', unit: '', ours: steady.refused + crowd.refused, goal: { text: 'said, with Retry-After', holds: () => true } }), // prettier-ignore
    ];
    const asked = steady.took.length + crowd.took.length;
    const violations = steady.unfair + crowd.unfair + (grown > 1_024 ? 1 : 0);
    return write('hostile', { operations, queries: queries.length, normal: asked }, rows, violations);
  } finally {
    normal.end();
    bad.end();
    await server.stop();
  }
}

/** Only names: a second graph in the server's heap would be for its garbage collector to go through. */
function namesIn(operations: number): { lots: readonly string[]; roots: readonly string[] } {
  const { lots, roots } = buildGraph(operations, 200);
  return { lots, roots: roots.map((root) => lots[root] ?? '') };
}

function operationsOf(operations: number): string[] {
  const found: string[] = [];
  for (const one of genealogyOf(operations)) {
    if (one.what === 'operation') found.push(one.id);
    if (found.length >= 1_000) break;
  }
  return found;
}

interface Asker {
  readonly send: (order: Order) => void;
  /** Resolves with what came of it; rejects when the asker broke. */
  readonly tell: (order: Order) => Promise<Done>;
  readonly end: () => void;
}

function asker({ url, headers }: TraceServer, role: 'normal' | 'hostile'): Asker {
  const child = fork(new URL('./asker.process.ts', import.meta.url), [JSON.stringify({ url, headers }), role], { serialization: 'advanced' }); // prettier-ignore
  const send = (order: Order): void => void child.send(order);
  const over = once(child, 'exit').then(([code]) => Promise.reject(new Error(`who asks ended with ${String(code)}`)));
  // Whoever waits for an answer hears of it; at the end nobody does.
  over.catch(() => child.pid);
  return {
    send,
    tell: async (order) => {
      const told = once(child, 'message').then(([done]) => done as Done);
      send(order);
      return Promise.race([told, over]);
    },
    end: () => void child.kill(),
  };
}

/** How much larger this process became, at most, in MiB: the server and its graph, without those who ask. */
function watchMemory() {
  const before = process.memoryUsage.rss();
  let most = before;
  const timer = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), LOOK);
  return {
    stop: () => {
      clearInterval(timer);
      return (most - before) / 2 ** 20;
    },
  };
}
