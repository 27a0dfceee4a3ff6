import { scopeOf } from '@lotwarden/traceability/scope';
import type { Addresses } from '../addresses.ts';
import { percentile, row, write, type Result, type Row } from '../result.ts';
import { buildGraph, type FactoryGraph } from './factory-graph.ts';
import { askMongo } from './peer-mongo.ts';
import { askPostgres } from './peer-postgres.ts';
import type { Answers } from './rows.ts';

/**
 * What a lot of material affects, in process: about a thousand lots with paths, certainty and custodians, from random
 * roots of which none comes twice. Floor: bare compressed rows that only count the lots. Peers: `$graphLookup` and a
 * recursive query on the same lot edges. Every answer must name as many lots as the floor counts.
 */
export async function trace(addresses: Addresses, full: boolean): Promise<Result> {
  const sizes = full ? [10_000, 100_000, 1_000_000] : [10_000, 100_000];
  const rows: Row[] = [];
  const medians: { ours: number; floor: number }[] = [];
  let violations = 0;
  for (const operations of sizes) {
    const built = buildGraph(operations, full ? 400 : 200);
    const forPeers = built.roots.slice(0, full ? 100 : 40);
    const floor = measure(built.roots, built.rows.reach);
    const ours = measure(built.roots, (root) => scopeOf(built.graph, [built.lots[root] ?? ''], 'forward').lots.length);
    const mongo = await askMongo(addresses.mongo, built.edges, forPeers);
    const postgres = await askPostgres(built.edges, forPeers);
    if ('reason' in postgres) process.stdout.write(`peer: null (${postgres.reason})\n`);
    for (const answers of [ours, mongo, 'reason' in postgres ? [] : postgres])
      violations += answers.filter(({ reach }, index) => reach !== floor[index]?.reach).length;
    medians.push({ ours: p50(ours), floor: p50(floor) });
    rows.push(...rowsOf(operations, built, { ours, floor, mongo, postgres: 'reason' in postgres ? null : postgres }));
  }
  const [first, last] = [medians[0], medians.at(-1)];
  if (first && last)
    rows.push(
      row({
        metric: `p50, ${String(sizes.at(-1))} operations : ${String(sizes[0])}`,
        unit: 'x',
        ours: last.ours / first.ours,
        floor: last.floor / first.floor,
        goal: { text: '<= 2.0 x', holds: ({ ours }) => ours <= 2 },
      }),
    );
  return write('trace', { operations: sizes.at(-1) ?? 0, roots: full ? 400 : 200 }, rows, violations);
}

const p50 = (answers: Answers): number => percentile(answers.map(({ ms }) => ms), 0.5); // prettier-ignore
const p99 = (answers: Answers): number => percentile(answers.map(({ ms }) => ms), 0.99); // prettier-ignore

function measure(roots: readonly number[], reach: (root: number) => number): Answers {
  // So that no answer pays for the making of machine code.
  const warm = roots.slice(0, 20);
  for (const root of warm) reach(root);
  return roots.map((root) => {
    const began = performance.now();
    const found = reach(root);
    return { ms: performance.now() - began, reach: found };
  });
}

interface Measured {
  readonly ours: Answers;
  readonly floor: Answers;
  readonly mongo: Answers;
  readonly postgres: Answers | null;
}

function rowsOf(operations: number, built: FactoryGraph, { ours, floor, mongo, postgres }: Measured): Row[] {
  const size = `${String(operations)} operations`;
  const timed = { unit: 'ms', ours: p50(ours), floor: p50(floor) };
  return [
    row({
      metric: `${size}, p50, beside $graphLookup`,
      ...timed,
      peer: p50(mongo),
      goal: { text: '>= 200 x faster', holds: ({ ours: own, peer }) => own * 200 <= peer },
    }),
    row({
      metric: `${size}, p50, beside a recursive query`,
      ...timed,
      ...(postgres ? { peer: p50(postgres) } : {}),
      goal: { text: '>= 25 x faster', holds: ({ ours: own, peer }) => own * 25 <= peer },
    }),
    row({
      metric: `${size}, p99`,
      unit: 'ms',
      ours: p99(ours),
      floor: p99(floor),
      goal: { text: '<= 5 ms', holds: ({ ours: own }) => own <= 5 },
    }),
    row({
      metric: `${size}, heap per lot edge, ids and attributes too; floor: rows both ways`,
      unit: 'B',
      ours: built.heap / built.edges.length,
      floor: (2 * built.rows.bytes) / built.edges.length,
      goal: { text: '<= 12 B', holds: ({ ours: own }) => own <= 12 },
    }),
  ];
}
