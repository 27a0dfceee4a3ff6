import { expect } from '@jest/globals';
import type { SerialRange } from '@lotwarden/platform/serial-range';
import fc from 'fast-check';
import { balanceOf, type Books } from '../../src/balance/balance.ts';
import { booksOf } from '../../src/balance/books.ts';
import { fold } from '../../src/genealogy/fold.ts';
import type { Fact } from '../../src/genealogy/facts.ts';
import { freezeGraph, thawGraph } from '../../src/snapshot/graph-parts.ts';
import type { Genealogy } from '../../src/genealogy/genealogy.ts';
import { lotsNamed } from '../../src/genealogy/find-lot.ts';
import { gapsOf } from '../../src/trace/completeness.ts';
import { scopeOf } from '../../src/trace/answer.ts';
import { cyclesIn } from '../../src/trace/cycles.ts';
import type { Direction } from '../../src/trace/propagation.ts';
import { atOnce, lotIdAt, trace } from '../../src/trace/trace.ts';
import { lotAt } from '../../src/genealogy/nodes.ts';
import { unitsAt } from '../../src/trace/walk.ts';
import { createHistory, graphOf, serials } from '../history.ts';

/** A plant whose books are kept: what operations take and make is issued and received by the warehouse as well. */
export function plant() {
  const { facts, tell } = createHistory();
  type Sketch = Parameters<typeof tell.operation>[1];
  return {
    facts,
    tell,
    /** A supplier lot, in the store. */
    bought: (lot: string, quantity: number, part?: string): void => {
      tell.received(lot, quantity, lot, part);
      tell.stocked(lot, quantity);
    },
    did: (operation: string, sketch: Sketch): void => {
      tell.operation(operation, sketch);
      for (const [lot, quantity, { edge = 'material' } = {}] of sketch.in)
        if (edge === 'material' || edge === 'installed') tell.issued(lot, quantity, 'operation');
      for (const [lot, quantity] of sketch.out) tell.stocked(lot, quantity, operation);
    },
  };
}

/** `all`, or the numbers of the units: `41–50`, `1, 7`. */
type Units = string;

/** What must be answered, whatever the order in which the facts were heard. What is not named is not asked. */
export interface Answers {
  readonly forward?: Readonly<Record<string, Readonly<Record<string, Units>>>>;
  readonly backward?: Readonly<Record<string, Readonly<Record<string, Units>>>>;
  /** The same from single units, `F1 3` or `F1 3–5`. */
  readonly forwardOfUnits?: Readonly<Record<string, Readonly<Record<string, Units>>>>;
  readonly backwardOfUnits?: Readonly<Record<string, Readonly<Record<string, Units>>>>;
  /** Certainty of each lot in the forward scope of a root. */
  readonly certainty?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The shortest path to a lot, `root>…>lot`. */
  readonly paths?: readonly string[];
  /** Who has affected units of a root now, `custodian lot units`. */
  readonly custodians?: Readonly<Record<string, readonly string[]>>;
  /** Buckets of a lot that are not nothing, and whether its books agree. */
  readonly balance?: Readonly<Record<string, Readonly<Record<string, number | boolean>>>>;
  readonly gaps?: readonly string[];
  /** Lots in the forward scope of a root that are their own ancestors, group by group. */
  readonly cycles?: Readonly<Record<string, readonly (readonly string[])[]>>;
  /** Books of a lot that do not agree, `where amount`. */
  readonly remainders?: Readonly<Record<string, readonly string[]>>;
  /** Lots that a name leads to. */
  readonly named?: Readonly<Record<string, readonly string[]>>;
}

const ORDERS = 20;

/** Folds the facts as they were told, the other way round, and in many other orders, some of them twice, from a snapshot on. */
export function expectAnswers(facts: readonly Fact[], answers: Answers): void {
  expect(answered(facts, answers)).toEqual(answers);
  expect(answered(facts.toReversed(), answers)).toEqual(answers);
  const everything = { minLength: facts.length, maxLength: facts.length };
  fc.assert(
    fc.property(
      fc.shuffledSubarray([...facts], everything),
      fc.shuffledSubarray([...facts]),
      fc.nat(),
      (shuffled, again, at) => {
        const told = [...again, ...shuffled];
        expect(answered(told, answers, at % told.length)).toEqual(answers);
      },
    ),
    { numRuns: ORDERS },
  );
}

/** @param kept after so many facts the graph is written down and read again */
function answered(facts: readonly Fact[], asked: Answers, kept = 0): Answers {
  const graph = readAgain(graphOf(facts.slice(0, kept)));
  for (const fact of facts.slice(kept)) fold(graph, fact);
  const scope = (root: string, direction: Direction) => scopeOf(graph, [root], direction).lots;
  const reached = (direction: Direction) => (root: string) =>
    Object.fromEntries(scope(root, direction).map(({ lot, serials }) => [lot, unitsText(serials)]));
  const balance = (lot: string) => {
    const [books] = booksAt(graph, lot);
    if (!books) return {};
    const { buckets, balanced } = balanceOf(books);
    const counted = Object.entries(buckets).flatMap(([bucket, { value }]) =>
      value === '0' ? [] : [[bucket, Number(value)] as const],
    );
    return { ...Object.fromEntries(counted), balanced };
  };
  return {
    ...each('forward', asked, reached('forward')),
    ...each('backward', asked, reached('backward')),
    ...each('forwardOfUnits', asked, (units) => ofUnits(graph, units, 'forward')),
    ...each('backwardOfUnits', asked, (units) => ofUnits(graph, units, 'backward')),
    ...each('certainty', asked, (root) =>
      Object.fromEntries(scope(root, 'forward').map(({ lot, certainty }) => [lot, certainty])),
    ),
    ...(asked.paths && {
      paths: asked.paths.map((path) => {
        const [root = '', last = ''] = [path.split('>')[0], path.split('>').at(-1)];
        const found = scope(root, 'forward').find(({ lot }) => lot === last);
        return (found?.path ?? []).map(({ lot }) => lot).join('>');
      }),
    }),
    ...each('custodians', asked, (root) =>
      scopeOf(graph, [root], 'forward').custodians.flatMap(({ custodian, lines }) =>
        lines.map((line) => `${custodian} ${line.lot} ${unitsText({ mode: 'only', ranges: line.serials })}`),
      ),
    ),
    ...each('balance', asked, balance),
    ...each('cycles', asked, (root) => cycles(graph, root)),
    ...each('remainders', asked, (lot) =>
      booksAt(graph, lot).flatMap((books) =>
        balanceOf(books).remainders.map(({ where, quantity }) => `${where} ${quantity.value}`),
      ),
    ),
    ...(asked.gaps && { gaps: gapsOf(graph, []) }),
    ...each('named', asked, (name) => lotsNamed(graph, name)),
  };
}

function readAgain(graph: Genealogy): Genealogy {
  const { packed, rest } = freezeGraph(graph);
  return thawGraph({ packed, rest: structuredClone(rest) });
}

const booksAt = (graph: Genealogy, lot: string): Books[] => {
  const index = graph.lotIds.find(lot);
  return index === undefined ? [] : [booksOf(graph, lotAt(graph, index))];
};

function cycles(graph: Genealogy, root: string): string[][] {
  const lot = graph.lotIds.find(root) ?? -1;
  const traced = trace(graph, [{ lot, units: 'all' }], { direction: 'forward' });
  return atOnce(cyclesIn(graph, traced))
    .map((group) => group.map((place) => lotIdAt(graph, traced.reached, place)).sort())
    .sort((a, b) => (String(a) < String(b) ? -1 : 1));
}

function ofUnits(graph: Genealogy, asked: string, direction: Direction): Record<string, Units> {
  const [lot = '', units = ''] = asked.split(' ');
  const [first = 0, last = first] = units.split('–').map(Number);
  const start = { lot: graph.lotIds.find(lot) ?? -1, units: serials(first, last) };
  const { reached } = trace(graph, [start], { direction });
  const places = Array.from({ length: reached.places.size }, (_, place) => place);
  return Object.fromEntries(
    places.map((place) => {
      const found = unitsAt(reached, place);
      const scope = found === 'all' ? { mode: 'all', ranges: [] } : { mode: 'only', ranges: found };
      return [lotIdAt(graph, reached, place), unitsText(scope)];
    }),
  );
}

function each<Name extends keyof Answers, Found>(name: Name, asked: Answers, find: (key: string) => Found) {
  const keys = asked[name];
  return keys && { [name]: Object.fromEntries(Object.keys(keys).map((key) => [key, find(key)])) };
}

function unitsText({ mode, ranges }: { readonly mode: string; readonly ranges: readonly SerialRange[] }): Units {
  if (mode === 'all') return 'all';
  return ranges.map(({ first, last }) => (first === last ? String(first) : `${first}–${last}`)).join(', ');
}
