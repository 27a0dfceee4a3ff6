import type { ScopeCustodian, ScopeLot, SourceOffset } from '@lotwarden/contracts/events';
import type { LotRef } from '@lotwarden/platform/lot-ref';
import { aggregating, type AggregateAnswer, type AggregateAsk } from '../aggregate/aggregate-question.ts';
import { balanceOf, type Balance } from '../balance/balance.ts';
import { linesIn, type LinesAnswer, type LinesAsk } from '../balance/lines-question.ts';
import { operationBalance, type OperationBalance } from '../balance/operation-balance.ts';
import { booksOf } from '../balance/books.ts';
import { holding, type Holding } from '../balance/holdings.ts';
import {
  comparedLots,
  overlapOf,
  type ComparedLots,
  type ComparedLotsAsk,
  type Overlap,
} from '../compare/compare-scopes.ts';
import { supplyOf, type Supply, type SupplyAsk } from '../compare/supply.ts';
import { extentOf, type Extent, type ExtentRoom } from '../trace/extent.ts';
import { lotsNamed, lotsOfRef } from '../genealogy/find-lot.ts';
import type { Genealogy } from '../genealogy/genealogy.ts';
import type { Lot } from '../genealogy/model.ts';
import { lotAt, meant, members, operationAt } from '../genealogy/nodes.ts';
import { lotView, type LotView } from '../lot/lot-view.ts';
import { affectedGoods, type GoodsAsk, type GoodsPage } from '../roots/affected-goods.ts';
import { candidatesOf, type Candidates, type CandidatesAsk } from '../roots/candidates.ts';
import { findRoots } from '../roots/find-roots.ts';
import type { Root, RootFound } from '../roots/roots.ts';
import { traceFrom, type TraceFromAsk } from '../roots/trace-from.ts';
import { shrinking, type Shrink, type ShrinkAsk } from '../shrink/shrink.ts';
import { usesOf, usesPage, type Uses } from '../shrink/uses.ts';
import { scoping } from '../trace/answer.ts';
import { askTrace } from '../trace/ask-trace.ts';
import { allGaps, gapsOf, type Gap } from '../trace/completeness.ts';
import type { KeptTraces } from '../trace/kept-traces.ts';
import type { Direction } from '../trace/propagation.ts';
import { paging } from '../trace/trace-page.ts';
import { whyIn, type NamedUnit } from '../trace/why.ts';
import type { TraceAnswer, TraceAsk, TraceLimits, TracePage, TracePageAsk, TraceWhy } from '../trace/trace-question.ts';
import type { Pausing, Start } from '../trace/walk.ts';
import { startsOf } from '../trace/trace.ts';
import { impactOf, type Impact } from '../worklist/impact.ts';
import { lacking, vectorOf, type Expected, type Watermarks } from './watermarks.ts';

/** What a replica knows: its graph, how far it read, and what it could not read. */
export interface Knowledge {
  readonly graph: Genealogy;
  readonly marks: Watermarks;
  /** Until its targets are reached every answer is incomplete, and while anything is missing. */
  expected: Expected;
  /** Messages that could not be read, by name. */
  readonly unreadable: string[];
  /** Traces that can be paged. */
  readonly traces: KeptTraces;
  /** Room to count in, of those who do not count at the moment. */
  readonly rooms: ExtentRoom[];
}

/** An answer says how far it goes (correctness rule 25). */
export interface Limits {
  readonly offsets: readonly SourceOffset[];
  readonly complete: boolean;
  readonly gaps: readonly string[];
}

export interface ScopeAnswer extends Limits {
  readonly lots: readonly ScopeLot[];
  readonly custodians: readonly ScopeCustodian[];
}

/** Questions and their answers, by name; both cross the border of the worker thread as plain data. */
export interface Questions {
  readonly scope: {
    /** Filters find whatever they find at the time: lots received meanwhile, operations corrected meanwhile. */
    ask: { roots: readonly string[]; direction: Direction; filters?: readonly Root[] };
    answer: ScopeAnswer;
  };
  /** Walks once, and keeps what was found under a handle. */
  readonly trace: { ask: TraceAsk; answer: TraceAnswer & Limits };
  /** The same from whatever roots there are; null: some root is unknown or ambiguous. */
  readonly traceFrom: {
    ask: TraceFromAsk;
    answer: { readonly found: readonly RootFound[]; readonly answer: (TraceAnswer & Limits) | null };
  };
  /** How large the scope of these roots is, without what is in it; null: some root is unknown or ambiguous. */
  readonly extent: {
    ask: Pick<TraceFromAsk, 'roots' | 'skipUnknown'> & { readonly direction: Direction };
    answer: { readonly found: readonly RootFound[]; readonly answer: (Extent & Limits) | null };
  };
  /** What there is of the lots of a kept trace; null: it is not kept any more. */
  readonly traceGoods: { ask: GoodsAsk; answer: GoodsPage | null };
  /** How far a kept trace goes; null: it is not kept any more. */
  readonly traceLimits: { ask: { trace: string }; answer: TraceLimits | null };
  readonly tracePage: { ask: TracePageAsk; answer: TracePage };
  /** Why a lot is in a kept trace; null where it is not, or where the trace is not kept any more. */
  readonly traceWhy: { ask: { trace: string; lot: string; unit: NamedUnit | null }; answer: TraceWhy | null };
  /** Ids of the lots that each of these may mean; empty for one nobody knows. */
  readonly resolve: { ask: { names: readonly (string | LotRef)[] }; answer: readonly (readonly string[])[] };
  /** What a root means now or ever meant, for whoever asks what it meant at a moment. */
  readonly candidates: { ask: CandidatesAsk; answer: Candidates };
  /** What roots mean now, by ids; null where that is more than so many lots and operations. */
  readonly meant: {
    ask: { readonly roots: readonly Root[]; readonly limit: number };
    answer: (Omit<Candidates, 'next'> & { readonly found: readonly RootFound[] }) | null;
  };
  readonly lot: { ask: { lot: string }; answer: LotView | null };
  /** The lot's id and those of its placeholders: under all of them facts were told. */
  readonly ids: { ask: { lot: string }; answer: readonly string[] };
  /** null for a lot nobody knows. */
  readonly balances: { ask: { lots: readonly string[] }; answer: readonly (Balance | null)[] };
  /** Null for a lot nobody knows. */
  readonly balanceLines: { ask: LinesAsk; answer: LinesAnswer | null };
  /** Null for an operation nobody knows. */
  readonly operationBalance: { ask: { operation: string }; answer: OperationBalance | null };
  /** Balances of some lots of a set, divided; null: the trace is not kept any more, as with the next two. */
  readonly aggregate: { ask: AggregateAsk; answer: AggregateAnswer | null };
  readonly overlap: { ask: { traces: readonly string[] }; answer: Overlap | null };
  readonly comparedLots: { ask: ComparedLotsAsk; answer: ComparedLots | null };
  readonly supply: { ask: SupplyAsk; answer: readonly Supply[] };
  readonly holdings: { ask: { custodian: string }; answer: readonly Holding[] };
  readonly limits: { ask: null; answer: Limits };
  /** Which missing evidence would clear how much of what the roots affect. */
  readonly shrink: { ask: ShrinkAsk; answer: Shrink & Limits };
  /** Where a lot was used, between which amounts; null for a lot nobody knows. */
  readonly uses: {
    ask: { lot: string; after: string | null; limit: number };
    answer: (Uses & Limits & { readonly next: string | null }) | null;
  };
  /** All gaps by name, in order, after a name; without a limit all of them. */
  readonly gaps: { ask: { after: string; limit: number | null }; answer: Gaps };
  /** What each of these gaps may hide paths to. */
  readonly impacts: { ask: { gaps: readonly (Gap & { readonly id: string })[] }; answer: readonly Impact[] };
}

export interface Gaps {
  readonly gaps: readonly string[];
  /** There are more. */
  readonly more: boolean;
  /** The graph has not read as far as it knows it has to: what it lacks may only not be read yet. */
  readonly behind: boolean;
}

export type QuestionName = keyof Questions;
/** Questions whose answers may take long: they are worked on in turns with everything else. */
const LONG = [
  'scope',
  'trace',
  'traceFrom',
  'extent',
  'tracePage',
  'traceGoods',
  'impacts',
  'balances',
  'holdings',
  'aggregate',
  'overlap',
  'comparedLots',
  'supply',
  'shrink',
  'candidates',
  'meant',
] as const;
type LongName = (typeof LONG)[number];
export const isLong = (name: QuestionName): boolean => (LONG as readonly QuestionName[]).includes(name);
type Answer<Name extends QuestionName, Result> = (known: Knowledge, ask: Questions[Name]['ask']) => Result;
export type Answerers = {
  readonly [Name in Exclude<QuestionName, LongName>]: Answer<Name, Questions[Name]['answer']>;
} & { readonly [Name in LongName]: Answer<Name, Pausing<Questions[Name]['answer']>> };

export const answerers: Answerers = {
  *scope(known, { roots, direction, filters = [] }) {
    // How far the answer goes at least: what is heard while it is found may be in it or not.
    const limits = limitsOf(known, roots);
    const { graph } = known;
    const found = yield* findRoots(graph, filters);
    const gaps = [...limits.gaps, ...found.found.flatMap((one) => one.gaps)];
    const more = [
      ...[...found.lots].map(([lot, units]) => ({ lot, units })),
      ...[...found.operations].flatMap((operation) => startsOf(graph, operation, direction)),
    ];
    return { ...(yield* scoping(graph, roots, direction, undefined, more)), ...limits, ...withGaps(gaps) };
  },
  *trace(known, ask) {
    const { graph, traces } = known;
    const limits = limitsOf(known, ask.roots.map(({ lot }) => lot)); // prettier-ignore
    const { trace, summary } = yield* askTrace(graph, ask);
    const lots = yield* paging(graph, trace, { part: 'lots', limit: ask.first ?? 0 });
    return { ...summary, trace: traces.keep({ ...trace, limits }), lots, ...limits };
  },
  *traceFrom(known, ask) {
    const { graph, traces } = known;
    const before = limitsOf(known, []);
    const { found, answered } = yield* traceFrom(graph, ask);
    if (!answered) return { found, answer: null };
    const limits = { ...before, ...withGaps([...before.gaps, ...found.flatMap(({ gaps }) => gaps)]) };
    const { trace, summary } = answered;
    const lots = yield* paging(graph, trace, { part: 'lots', limit: ask.first ?? 0 });
    return { found, answer: { ...summary, trace: traces.keep({ ...trace, limits }), lots, ...limits } };
  },
  *extent(known, { roots, skipUnknown, direction }) {
    const { graph, rooms } = known;
    const before = limitsOf(known, []);
    const { found, lots, operations } = yield* findRoots(graph, roots);
    if (!skipUnknown && found.some(({ is }) => is === 'unknown' || is === 'ambiguous')) return { found, answer: null };
    const starts = [
      ...[...lots].flatMap(([lot, units]) => meant(graph, lot).map((one): Start => ({ lot: one, units }))),
      ...[...operations].flatMap((operation) => startsOf(graph, operation, direction)),
    ];
    const extent = yield* extentOf(graph, starts, direction, rooms);
    const gaps = [...before.gaps, ...found.flatMap((one) => one.gaps)];
    return { found, answer: { ...extent, offsets: before.offsets, ...withGaps(gaps) } };
  },
  *traceGoods({ graph, traces }, ask) {
    const trace = traces.get(ask.trace);
    return trace ? yield* affectedGoods(graph, trace, ask) : null;
  },
  traceLimits: ({ traces }, { trace }) => traces.get(trace)?.limits ?? null,
  *tracePage({ graph, traces }, ask) {
    const trace = traces.get(ask.trace);
    return trace ? yield* paging(graph, trace, ask) : null;
  },
  traceWhy: ({ graph, traces }, { trace, lot, unit }) => {
    const kept = traces.get(trace);
    return kept ? whyIn(graph, kept, lot, unit) : null;
  },
  resolve: ({ graph }, { names }) =>
    names.map((name) => (typeof name === 'string' ? lotsNamed(graph, name) : lotsOfRef(graph, name))),
  candidates: ({ graph }, ask) => candidatesOf(graph, ask),
  *meant({ graph }, { roots, limit }) {
    const { lots, operations, found } = yield* findRoots(graph, roots);
    if (lots.size + operations.size > limit) return null;
    return {
      lots: [...lots.keys()].map((lot) => graph.lotIds.text(lot)),
      operations: [...operations].map((operation) => graph.operationIds.text(operation)),
      found,
    };
  },
  lot: ({ graph }, { lot }) => map(find(graph, lot), (node) => lotView(graph, node)),
  ids: ({ graph }, { lot }) => map(find(graph, lot), (node) => members(graph, node.index).map(({ id }) => id)) ?? [],
  *balances({ graph }, { lots }) {
    const balances: (Balance | null)[] = [];
    for (const lot of lots) {
      balances.push(map(find(graph, lot), (node) => balanceOf(booksOf(graph, node))));
      yield;
    }
    return balances;
  },
  balanceLines: ({ graph }, ask) => map(find(graph, ask.lot), (node) => linesIn(booksOf(graph, node), ask)),
  operationBalance: ({ graph }, { operation }) =>
    map(graph.operationIds.find(operation) ?? null, (index) => operationBalance(graph, operationAt(graph, index))),
  aggregate: (known, ask) => aggregating(known, ask),
  overlap: ({ graph, traces }, ask) => overlapOf(graph, traces, ask.traces),
  comparedLots: ({ graph, traces }, ask) => comparedLots(graph, traces, ask),
  supply: ({ graph, traces }, ask) => supplyOf(graph, traces, ask),
  holdings: ({ graph }, { custodian }) => holding(graph, custodian),
  limits: (known) => limitsOf(known, []),
  *shrink(known, ask) {
    const limits = limitsOf(known, []);
    const shrunk = yield* shrinking(known.graph, ask);
    return { ...shrunk, ...limits, ...withGaps([...limits.gaps, ...shrunk.found.flatMap(({ gaps }) => gaps)]) };
  },
  uses: (known, { lot, ...part }) =>
    map(find(known.graph, lot), ({ index }) => ({ ...usesPage(usesOf(known.graph, index), part), ...limitsOf(known, [lot]) })), // prettier-ignore
  gaps: (known, { after, limit }) => {
    const all = [...allGaps(known.graph, toldGaps(known))].filter((gap) => gap > after).sort();
    const end = limit ?? all.length;
    return { gaps: all.slice(0, end), more: end < all.length, behind: unreadBy(known).length > 0 };
  },
  *impacts({ graph }, { gaps }) {
    const impacts: Impact[] = [];
    for (const gap of gaps) {
      impacts.push(yield* impactOf(graph, gap));
      yield;
    }
    return impacts;
  },
};

/** What is missing beyond what the graph itself knows of. */
const toldGaps = (known: Knowledge): string[] => [
  ...unreadBy(known).map(({ topic, partition, next }) => `unread ${topic}/${partition} up to ${next}`),
  ...known.expected.missing,
  ...known.unreadable,
];

const unreadBy = ({ marks, expected }: Knowledge): SourceOffset[] => lacking(marks, expected.targets, () => true);

function limitsOf(known: Knowledge, roots: readonly string[]): Limits {
  const { graph, marks } = known;
  const unheardOf = roots
    .filter((root) => graph.lotIds.find(root) === undefined)
    .map((root) => `lot-undeclared ${root}`);
  const gaps = gapsOf(graph, [...toldGaps(known), ...unheardOf]);
  return { offsets: vectorOf(marks), complete: gaps.length === 0, gaps };
}

const withGaps = (gaps: readonly string[]): Pick<Limits, 'complete' | 'gaps'> => ({
  complete: gaps.length === 0,
  gaps,
});

const find = (graph: Genealogy, id: string): Lot | null =>
  map(graph.lotIds.find(id) ?? null, (index) => lotAt(graph, index));

const map = <A, B>(value: A | null, by: (value: A) => B): B | null => (value === null ? null : by(value));
