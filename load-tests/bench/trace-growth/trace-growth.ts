import { extentOf, type ExtentRoom } from '@lotwarden/traceability/extent';
import { makeReady } from '@lotwarden/traceability/make-ready';
import { atOnce, trace as walk } from '@lotwarden/traceability/trace';
import type { Addresses } from '../addresses.ts';
import { percentile, row, write, type Result, type Row } from '../result.ts';
import { buildGraph } from '../trace/factory-graph.ts';

type Start = Parameters<typeof walk>[1][number];

/** Operations; each has two to three lot edges. */
const SHORT = [10_000, 100_000];
const FULL = [...SHORT, 400_000, 4_000_000];

/**
 * What a scope of the same reach costs in a graph that is ten times as large (full form: four hundred times): about a
 * thousand lots, from random roots of which none comes twice. `extent`: how many lots and units, and how far; `walk`: which
 * lots, each with its shortest path and certainty. Floor: bare compressed rows. No answer may name another number of lots
 * than the floor counts.
 */
export async function traceGrowth(_addresses: Addresses, full: boolean): Promise<Result> {
  let violations = 0;
  const measured: Measured[] = [];
  for (const operations of full ? FULL : SHORT) {
    const { graph, rows, roots, warm, lots, edges } = buildGraph(operations, 250);
    // As in a replica that had nothing else to do for a while.
    atOnce(makeReady(graph));
    const rooms: ExtentRoom[] = [];
    const startOf = (root: number): Start[] => [{ lot: graph.lotIds.find(lots[root] ?? '') ?? 0, units: 'all' }];
    const ways: Record<Kind, (starts: Start[], root: number) => number> = {
      floor: (_, root) => rows.reach(root),
      extent: (starts) => atOnce(extentOf(graph, starts, 'forward', rooms)).lots,
      walk: (starts) => walk(graph, starts, { direction: 'forward' }).reached.places.size,
    };
    // The first ones pay for the making of machine code.
    for (let round = 0; round < 5; round++)
      for (const root of warm) for (const kind of KINDS) ways[kind](startOf(root), root);
    const p50 = {} as Record<Kind, number>;
    // One kind after the other: each finds of the graph what it left itself in the caches.
    for (const kind of KINDS) {
      const samples = roots.map((root) => {
        const starts = startOf(root);
        const began = performance.now();
        const reach = ways[kind](starts, root);
        const took = performance.now() - began;
        if (reach !== rows.reach(root)) violations += 1;
        return took;
      });
      p50[kind] = percentile(samples, 0.5);
    }
    measured.push({ edges: edges.length, p50 });
  }
  const [first] = measured;
  const rows: Row[] = [];
  for (const kind of ['extent', 'walk'] as const) {
    for (const { edges, p50 } of measured)
      rows.push(row({ metric: `${String(edges)} lot edges, ${kind} p50`, unit: 'ms', ours: p50[kind], floor: p50.floor, goal: { text: '<= 5 ms', holds: (one) => one.ours <= 5 } })); // prettier-ignore
    for (const { edges, p50 } of measured.slice(1))
      if (first) rows.push(row({ metric: `${kind} p50, ${String(edges)} lot edges : ${String(first.edges)}`, unit: 'x', ours: p50[kind] / first.p50[kind], floor: p50.floor / first.p50.floor, goal: { text: '<= 2.0 x', holds: (one) => one.ours <= 2 } })); // prettier-ignore
  }
  return write('trace-growth', { edges: measured.at(-1)?.edges ?? 0 }, rows, violations);
}

const KINDS = ['floor', 'extent', 'walk'] as const;
type Kind = (typeof KINDS)[number];

interface Measured {
  readonly edges: number;
  readonly p50: Readonly<Record<Kind, number>>;
}
