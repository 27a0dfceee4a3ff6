import { askTrace } from '@lotwarden/traceability/ask-trace';
import { extentOf, type Extent, type ExtentRoom } from '@lotwarden/traceability/extent';
import { makeReady } from '@lotwarden/traceability/make-ready';
import { atOnce, trace as walk } from '@lotwarden/traceability/trace';
import { pageOf } from '@lotwarden/traceability/trace-page';
import type { Addresses } from '../addresses.ts';
import { percentile, row, write, type Result, type Row } from '../result.ts';
import { buildGraph, UNITS, type FactoryGraph } from './factory-graph.ts';
import { overHttp } from './over-http.ts';
import { askMongo } from './peer-mongo.ts';
import { askPostgres } from './peer-postgres.ts';
import type { Answers } from './rows.ts';

/**
 * What a lot of material affects: about a thousand lots of a thousand units each, from random roots of which none comes
 * twice. `extent`: how many lots and units, and how far, the question that the peers are asked too; `walk`: which lots, each with its
 * shortest path and certainty; `answer`: that with totals
 * of units, custodians and cycles, and the first hundred lots as JSON. Floor: bare compressed rows that only count the lots.
 * Peers: `$graphLookup` and a recursive query on the same lot edges, and, once, with a row for each unit. Every answer must
 * name as many lots as the floor counts.
 */
export async function trace(addresses: Addresses, full: boolean): Promise<Result> {
  const sizes = full ? [10_000, 100_000, 1_000_000] : [10_000, 60_000];
  const rows: Row[] = [];
  let violations = 0;
  for (const operations of sizes) {
    const built = buildGraph(operations, full ? 400 : 200);
    const forPeers = built.roots.slice(0, full ? 100 : 30);
    const floor = measure(built.warm, built.roots, built.rows.reach);
    // As in a replica that had nothing else to do for a while.
    atOnce(makeReady(built.graph));
    const numbers = new Map(built.roots.map((root) => [root, built.graph.lotIds.find(built.lots[root] ?? '') ?? 0]));
    const ours = measure(built.warm, built.roots, (root) => walk(built.graph, [{ lot: numbers.get(root) ?? 0, units: 'all' }], { direction: 'forward' }).reached.places.size); // prettier-ignore
    const rooms: ExtentRoom[] = [];
    const extentOfLot = (root: number) => atOnce(extentOf(built.graph, [{ lot: numbers.get(root) ?? 0, units: 'all' }], 'forward', rooms)); // prettier-ignore
    const extents = measure(built.warm, built.roots, (root) => extentOfLot(root).lots);
    const answers = measure(built.warm, built.roots, (root) => answer(built, root, 100));
    const whole = measure(built.warm, built.roots.slice(0, 50), (root) => answer(built, root, 2_000));
    const mongo = await askMongo(addresses.mongo, built.edges, forPeers);
    const postgres = await askPostgres(built.edges, forPeers);
    if ('reason' in postgres) process.stdout.write(`peer: null (${postgres.reason})\n`);
    const told = 'reason' in postgres ? null : postgres;
    for (const each of [extents, ours, answers, mongo, told ?? []])
      violations += each.filter(({ reach }, index) => reach !== floor[index]?.reach).length;
    rows.push(
      ...rowsOf(`${String(operations)} operations`, { extents, ours, answers, whole, floor, mongo, postgres: told }),
    );
    if (operations === sizes.at(-1)) {
      const units = await unitLevel(addresses, built, floor, extentOfLot);
      rows.push(...units.rows);
      violations += units.violations;
    }
  }
  const http = await overHttp(sizes[0] ?? 0, full ? 300 : 150);
  rows.push(...http.rows);
  return write('trace', { operations: sizes.at(-1) ?? 0, unitsOfALot: UNITS }, rows, violations + http.violations);
}

/** Totals, custodians, cycles and so many lots as JSON; tells how many lots there are. */
function answer({ graph, lots }: FactoryGraph, root: number, first: number): number {
  const { trace: kept, summary } = atOnce(askTrace(graph, { roots: [{ lot: lots[root] ?? '' }], direction: 'forward' })); // prettier-ignore
  pageOf(graph, kept, { part: 'lots', limit: first });
  return summary.totalLots;
}

const p50 = (answers: Answers): number => percentile(answers.map(({ ms }) => ms), 0.5); // prettier-ignore
const p99 = (answers: Answers): number => percentile(answers.map(({ ms }) => ms), 0.99); // prettier-ignore

function measure(warm: readonly number[], roots: readonly number[], reach: (root: number) => number): Answers {
  for (let round = 0; round < 5; round++) for (const root of warm) reach(root);
  return roots.map((root) => {
    const began = performance.now();
    const found = reach(root);
    return { ms: performance.now() - began, reach: found };
  });
}

interface Measured {
  readonly extents: Answers;
  readonly ours: Answers;
  readonly answers: Answers;
  readonly whole: Answers;
  readonly floor: Answers;
  readonly mongo: Answers;
  readonly postgres: Answers | null;
}

const atLeast = (times: number) => ({
  text: `>= ${String(times)} x faster`,
  holds: ({ ours, peer }: { ours: number; peer: number }) => ours * times <= peer,
});
const atMost = (ms: number) => ({ text: `<= ${String(ms)} ms`, holds: ({ ours }: { ours: number }) => ours <= ms });

function rowsOf(size: string, { extents, ours, answers, whole, floor, mongo, postgres }: Measured): Row[] {
  const timed = { unit: 'ms', ours: p50(ours), floor: p50(floor) };
  const counted = { unit: 'ms', ours: p50(extents), floor: p50(floor) };
  return [
    row({ metric: `${size}, extent p50, beside $graphLookup`, ...counted, peer: p50(mongo), goal: atLeast(200) }),
    row({
      metric: `${size}, extent p50, beside a recursive query`,
      ...counted,
      ...(postgres ? { peer: p50(postgres) } : {}),
      goal: atLeast(25),
    }),
    row({ metric: `${size}, extent p99`, unit: 'ms', ours: p99(extents), floor: p99(floor), goal: atMost(5) }),
    row({ metric: `${size}, walk p50`, ...timed, peer: p50(mongo), goal: atMost(5) }),
    row({ metric: `${size}, walk p99`, unit: 'ms', ours: p99(ours), floor: p99(floor), goal: atMost(5) }),
    row({ metric: `${size}, answer p50`, unit: 'ms', ours: p50(answers), floor: p50(floor), goal: atMost(5) }),
    row({ metric: `${size}, answer p99`, unit: 'ms', ours: p99(answers), floor: p99(floor), goal: atMost(5) }),
    row({ metric: `${size}, answer with all lots as JSON p50`, unit: 'ms', ours: p50(whole), floor: p50(floor), goal: atMost(15) }), // prettier-ignore
  ];
}

/** One root, and a row or document for each unit of what it reaches: about 10^6. Their tables hold no other units. */
async function unitLevel(
  { mongo: url }: Addresses,
  built: FactoryGraph,
  floor: Answers,
  extentOfLot: (root: number) => Extent,
) {
  const nearest = built.roots
    .map((root, index) => ({ root, reach: floor[index]?.reach ?? 0 }))
    .sort((a, b) => Math.abs(a.reach - 1_000) - Math.abs(b.reach - 1_000))[0];
  const root = nearest?.root ?? 0;
  const units = { lots: built.rows.reached(root), each: UNITS };
  const wanted = units.lots.length * UNITS;
  const ours = measure(built.warm, [root], (one) => extentOfLot(one).units);
  const mongo = await askMongo(url, built.edges, [root], units);
  const postgres = await askPostgres(built.edges, [root, root], units);
  const told = 'reason' in postgres ? null : postgres.slice(1);
  // The root is a material: it has no serials, which the others' tables do not know.
  const violations =
    ours.filter(({ reach }) => reach !== wanted - UNITS).length +
    [...mongo, ...(told ?? [])].filter(({ reach }) => reach !== wanted).length;
  const size = `${String(wanted)} units, extent`;
  return {
    violations,
    rows: [
      row({ metric: `${size}, beside $graphLookup and $lookup of units`, unit: 'ms', ours: p50(ours), peer: p50(mongo), goal: atLeast(1_000) }), // prettier-ignore
      row({ metric: `${size}, beside a recursive query joined to units`, unit: 'ms', ours: p50(ours), ...(told ? { peer: p50(told) } : {}), goal: atLeast(300) }), // prettier-ignore
    ],
  };
}
