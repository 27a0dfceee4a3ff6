import { trace as walk } from '@lotwarden/traceability/trace';
import type { Addresses } from '../addresses.ts';
import { percentile, row, write, type Result } from '../result.ts';
import { buildGraph } from '../trace/factory-graph.ts';

/** Operations; each has two to three lot edges. */
const SHORT = [10_000, 100_000];
const FULL = [...SHORT, 400_000, 4_000_000];

/**
 * What a trace of the same reach costs in a graph that is ten times as large (full form: a hundred times): about a thousand
 * lots, from random roots of which none comes twice. Floor: bare compressed rows. No answer may name another number of lots
 * than the floor counts.
 */
export async function traceGrowth(_: Addresses, full: boolean): Promise<Result> {
  let violations = 0;
  const measured: { edges: number; ours: number; floor: number }[] = [];
  for (const operations of full ? FULL : SHORT) {
    const { graph, rows, roots, lots, edges } = buildGraph(operations, 300);
    const ours: number[] = [];
    const floor: number[] = [];
    for (const root of roots) {
      const lot = graph.lotIds.find(lots[root] ?? '') ?? 0;
      const began = performance.now();
      const found = walk(graph, [{ lot, units: 'all' }], { direction: 'forward' });
      const between = performance.now();
      const reach = rows.reach(root);
      floor.push(performance.now() - between);
      ours.push(between - began);
      if (found.reached.places.size !== reach) violations += 1;
    }
    // The first ones pay for the making of machine code.
    const p50 = (samples: readonly number[]): number => percentile(samples.slice(50), 0.5);
    measured.push({ edges: edges.length, ours: p50(ours), floor: p50(floor) });
  }
  const [first] = measured;
  const rows = measured.map(
    ({ edges, ours, floor }) =>
    row({ metric: `${String(edges)} lot edges, walk p50`, unit: 'ms', ours, floor, goal: { text: '<= 5 ms', holds: (one) => one.ours <= 5 } }), // prettier-ignore
  );
  for (const { edges, ours, floor } of measured.slice(1))
    if (first) rows.push(row({ metric: `p50, ${String(edges)} lot edges : ${String(first.edges)}`, unit: 'x', ours: ours / first.ours, floor: floor / first.floor, goal: { text: '<= 2.0 x', holds: (one) => one.ours <= 2 } })); // prettier-ignore
  return write('trace-growth', { edges: measured.at(-1)?.edges ?? 0 }, rows, violations);
}
