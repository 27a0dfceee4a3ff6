import type { ScopeCustodian, ScopeLot, SourceOffset } from '@lotwarden/contracts/events';
import type { LotRef } from '@lotwarden/platform/lot-ref';
import { balanceOf, type Balance } from '../balance/balance.ts';
import { booksOf } from '../balance/books.ts';
import { holdingsOf, type Holding } from '../balance/holdings.ts';
import { lotsNamed, lotsOfRef } from '../genealogy/find-lot.ts';
import type { Genealogy, Lot } from '../genealogy/genealogy.ts';
import { lotAt, members } from '../genealogy/nodes.ts';
import { lotView, type LotView } from '../lot/lot-view.ts';
import { scoping } from '../trace/answer.ts';
import { askTrace } from '../trace/ask-trace.ts';
import { gapsOf } from '../trace/completeness.ts';
import type { KeptTraces } from '../trace/kept-traces.ts';
import type { Direction } from '../trace/propagation.ts';
import { pageOf } from '../trace/trace-page.ts';
import { whyIn } from '../trace/why.ts';
import type { TraceAnswer, TraceAsk, TracePage, TracePageAsk, TraceWhy } from '../trace/trace-question.ts';
import type { Pausing } from '../trace/walk.ts';
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
  readonly scope: { ask: { roots: readonly string[]; direction: Direction }; answer: ScopeAnswer };
  /** Walks once, and keeps what was found under a handle. */
  readonly trace: { ask: TraceAsk; answer: TraceAnswer & Limits };
  readonly tracePage: { ask: TracePageAsk; answer: TracePage };
  /** Why a lot is in a kept trace; null where it is not, or where the trace is not kept any more. */
  readonly traceWhy: { ask: { trace: string; lot: string }; answer: TraceWhy | null };
  /** Ids of the lots that each of these may mean; empty for one nobody knows. */
  readonly resolve: { ask: { names: readonly (string | LotRef)[] }; answer: readonly (readonly string[])[] };
  readonly lot: { ask: { lot: string }; answer: LotView | null };
  /** The lot's id and those of its placeholders: under all of them facts were told. */
  readonly ids: { ask: { lot: string }; answer: readonly string[] };
  /** null for a lot nobody knows. */
  readonly balances: { ask: { lots: readonly string[] }; answer: readonly (Balance | null)[] };
  readonly holdings: { ask: { custodian: string }; answer: readonly Holding[] };
  readonly limits: { ask: null; answer: Limits };
}

export type QuestionName = keyof Questions;
/** Questions whose answers may take long: they are worked on in turns with everything else. */
type LongName = 'scope' | 'trace';
type Answer<Name extends QuestionName, Result> = (known: Knowledge, ask: Questions[Name]['ask']) => Result;
export type Answerers = {
  readonly [Name in Exclude<QuestionName, LongName>]: Answer<Name, Questions[Name]['answer']>;
} & { readonly [Name in LongName]: Answer<Name, Pausing<Questions[Name]['answer']>> };

export const answerers: Answerers = {
  *scope(known, { roots, direction }) {
    // How far the answer goes at least: what is heard while it is found may be in it or not.
    const limits = limitsOf(known, roots);
    return { ...(yield* scoping(known.graph, roots, direction)), ...limits };
  },
  *trace(known, ask) {
    const { graph, traces } = known;
    const limits = limitsOf(known, ask.roots.map(({ lot }) => lot)); // prettier-ignore
    const { trace, summary } = yield* askTrace(graph, ask);
    const lots = pageOf(graph, trace, { part: 'lots', limit: ask.first ?? 0 });
    return { ...summary, trace: traces.keep(trace), lots, ...limits };
  },
  tracePage: ({ graph, traces }, ask) => {
    const trace = traces.get(ask.trace);
    return trace ? pageOf(graph, trace, ask) : null;
  },
  traceWhy: ({ graph, traces }, { trace, lot }) => {
    const kept = traces.get(trace);
    return kept ? whyIn(graph, kept, lot) : null;
  },
  resolve: ({ graph }, { names }) =>
    names.map((name) => (typeof name === 'string' ? lotsNamed(graph, name) : lotsOfRef(graph, name))),
  lot: ({ graph }, { lot }) => map(find(graph, lot), (node) => lotView(graph, node)),
  ids: ({ graph }, { lot }) => map(find(graph, lot), (node) => members(graph, node.index).map(({ id }) => id)) ?? [],
  balances: ({ graph }, { lots }) =>
    lots.map((lot) => map(find(graph, lot), (node) => balanceOf(booksOf(graph, node)))),
  holdings: ({ graph }, { custodian }) => holdingsOf(graph, custodian),
  limits: (known) => limitsOf(known, []),
};

function limitsOf({ graph, marks, expected, unreadable }: Knowledge, roots: readonly string[]): Limits {
  const unread = lacking(marks, expected.targets, () => true).map(
    ({ topic, partition, next }) => `unread ${topic}/${partition} up to ${next}`,
  );
  const unheardOf = roots
    .filter((root) => graph.lotIds.find(root) === undefined)
    .map((root) => `lot-undeclared ${root}`);
  const gaps = gapsOf(graph, [...unread, ...unreadable, ...unheardOf, ...expected.missing]);
  return { offsets: vectorOf(marks), complete: gaps.length === 0, gaps };
}

const find = (graph: Genealogy, id: string): Lot | null =>
  map(graph.lotIds.find(id) ?? null, (index) => lotAt(graph, index));

const map = <A, B>(value: A | null, by: (value: A) => B): B | null => (value === null ? null : by(value));
