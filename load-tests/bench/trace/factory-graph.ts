import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { fold } from '@lotwarden/traceability/fold';
import { createGenealogy } from '@lotwarden/traceability/genealogy';
import { REALISTIC, runFactory } from '../../generator/factory.ts';
import { GTIN, type Shape } from '../../generator/floor.ts';
import { publish } from '../../generator/publish.ts';
import { createRandom } from '../../generator/random.ts';
import type { Happening } from '../../generator/world.ts';
import { createRows, type Edges, type Rows } from './rows.ts';

type Fact = Parameters<typeof fold>[1];

export interface FactoryGraph {
  readonly graph: ReturnType<typeof createGenealogy>;
  /** The same lot edges for everybody else: from, to, by number. */
  readonly edges: Edges;
  readonly rows: Rows;
  readonly lots: readonly string[];
  /** Numbers of lots that reach about a thousand others; none twice. */
  readonly roots: readonly number[];
  /** Others, to be asked before: no answer pays for the making of machine code. */
  readonly warm: readonly number[];
  /** Heap that our graph needs, in bytes. */
  readonly heap: number;
}

const NOTHING_ELSE = { split: 0, merge: 0, rework: 0, pack: 0, sterilise: 0, scrap: 0, void: 0 };

/** Eight levels of making, of which a material's lot reaches 500 to 2,000 lots whatever the size of the factory. */
const shapeOf = (operations: number): Shape => ({
  ...REALISTIC,
  plants: 4,
  operations,
  levels: 8,
  open: 60,
  inputs: [2, 3],
  work: { make: 1, ...NOTHING_ELSE },
  machines: 0,
  movements: 0,
  strangeNames: 0,
});

const WARM = 50;

/** One factory, in our graph and as bare edges. */
export function buildGraph(operations: number, wanted: number): FactoryGraph {
  const numbers = new Map<string, number>();
  const numberOf = (lot: string): number => {
    const number = numbers.get(lot) ?? numbers.size;
    numbers.set(lot, number);
    return number;
  };
  const pairs: [number, number][] = [];
  const materials: number[] = [];
  for (const one of runFactory(shapeOf(operations), 1)) {
    if (one.what === 'lot' && one.kind === 'material') materials.push(numberOf(one.lot));
    if (one.what === 'operation')
      for (const { lot } of one.inputs)
        for (const output of one.outputs) pairs.push([numberOf(lot), numberOf(output.lot)]);
  }
  const edges = [...new Map(pairs.map((pair) => [pair.join(), pair])).values()];
  const rows = createRows(edges, numbers.size);
  const graph = createGenealogy();
  const before = heapUsed();
  let offset = 0;
  for (const told of publish(genealogyOf(operations))) fold(graph, { ...told, partition: 0, offset: offset++ } as Fact);
  const heap = heapUsed() - before;
  const chosen = chooseRoots(rows, materials, WARM + wanted);
  return {
    graph,
    edges,
    rows,
    lots: [...numbers.keys()],
    roots: chosen.slice(WARM),
    warm: chosen.slice(0, WARM),
    heap,
  };
}

/** How many units each lot that is made has. */
export const UNITS = 1_000;

/**
 * Lots, operations and serials alone; everything flows as material from whole lot to whole lot, as in the schemas of the
 * others.
 */
export function* genealogyOf(operations: number): Generator<Happening> {
  const numbered = new Set<string>();
  for (const one of runFactory(shapeOf(operations), 1)) {
    if (one.what === 'lot') yield one;
    if (one.what !== 'operation') continue;
    const inputs = one.inputs.map((input) => ({ ...input, edge: 'material' as const, serials: [] }));
    yield { ...one, inputs, outputs: one.outputs.map((output) => ({ ...output, serials: [] })) };
    for (const { lot } of one.outputs) {
      if (numbered.has(lot)) continue;
      const first = numbered.size * UNITS + 1;
      numbered.add(lot);
      yield { what: 'serials', lot, ranges: [{ gtin: GTIN, prefix: '', width: 12, first, last: first + UNITS - 1 }] };
    }
  }
}

function chooseRoots(rows: Rows, materials: readonly number[], wanted: number): number[] {
  const random = createRandom(2);
  const chosen = new Set<number>();
  for (let tries = 0; chosen.size < wanted && tries < 50 * wanted; tries++) {
    const root = random.pick(materials);
    const reach = rows.reach(root);
    if (reach >= 500 && reach <= 2000) chosen.add(root);
  }
  return [...chosen];
}

/** After a collection: garbage would count as ours. */
function heapUsed(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}
