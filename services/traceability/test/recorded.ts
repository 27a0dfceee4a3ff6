import { createAsOf, type AsOf } from '../src/as-of/as-of.store.ts';
import type { FactSource, Recorded } from '../src/as-of/fact-source.store.ts';
import { ALWAYS, type Want } from '../src/as-of/leads-to.ts';
import { aboutOf, lotsIn, remembers, spanOf } from '../src/facts/record.ts';
import { subject, type Subject } from '../src/facts/subjects.ts';
import type { Fact } from '../src/genealogy/facts.ts';
import { candidatesOf, type CandidatesAsk } from '../src/roots/candidates.ts';
import type { Genealogy } from '../src/genealogy/genealogy.ts';
import { findRoots, type Roots } from '../src/roots/find-roots.ts';
import type { Root } from '../src/roots/roots.ts';
import { scopeOf, type Scope } from '../src/trace/answer.ts';
import type { Direction } from '../src/trace/propagation.ts';
import { atOnce, startsOf } from '../src/trace/trace.ts';
import { graphOf } from './history.ts';

export interface RecordedFact extends Recorded {
  readonly subjects: readonly Subject[];
  readonly span: ReturnType<typeof spanOf>;
}

/** Facts as they are written down, each at a minute after midnight of 2026-11-02. */
export function recordedFacts(facts: readonly Fact[], minute: () => number): RecordedFact[] {
  const known = new Map<string, Set<string>>();
  return facts.map((fact) => {
    const { topic, aggregate, version, id, occurredAt, event } = fact;
    const told = aboutOf(topic, event);
    const before = known.get(`${topic}|${aggregate}`) ?? new Set();
    known.set(`${topic}|${aggregate}`, new Set([...before, ...lotsIn(told)]));
    const remembered = remembers(topic) ? [...before].map((lot) => subject('lot', lot)) : [];
    const subjects = [...new Set([...told, ...remembered])];
    const recordedAt = `2026-11-02T00:0${String(minute() % 10)}:00.000Z`;
    const cited = { topic, aggregate, version, type: event.type, id, occurredAt, recordedAt, subjects };
    return { fact, cited, subjects, span: spanOf(event) };
  });
}

/** The same questions as the database answers, of facts in memory. */
export function sourceOf(told: readonly RecordedFact[]): FactSource {
  async function* those(wanted: (one: RecordedFact) => boolean, until: string): AsyncIterable<Recorded> {
    yield* told.filter((one) => one.cited.recordedAt <= until && wanted(one));
  }
  return {
    always: (until) => those(({ fact }) => ALWAYS.includes(fact.topic), until),
    about: (wants, until) => those((one) => wants.some((want) => isWanted(one, want)), until),
    stream: (topic, aggregate, until) =>
      those(({ fact }) => fact.topic === topic && fact.aggregate === aggregate, until),
    late: (asked, at, limit) => {
      const all = told
        .filter(({ cited }) => cited.recordedAt > at && cited.occurredAt <= at)
        .filter(({ subjects }) => asked.some((one) => subjects.includes(one)))
        .map(({ cited }) => cited)
        .sort((a, b) => (a.recordedAt < b.recordedAt ? -1 : 1));
      return Promise.resolve({ first: all.slice(0, limit), total: all.length });
    },
  };
}

/** Answers about the past of these facts; beside them a graph of all that was ever told. */
export function asOfIn(told: readonly RecordedFact[], most = 10_000): AsOf {
  const whole = graphOf(told.map(({ fact }) => fact));
  const candidates = (ask: CandidatesAsk) => Promise.resolve(atOnce(candidatesOf(whole, ask)));
  return createAsOf(sourceOf(told), { most, candidates });
}

/** What these roots mean to a graph, and what is in their scope, as a past says it: it names no values that nobody told. */
export function scopeFrom(
  graph: Genealogy,
  roots: readonly Root[],
  direction: Direction,
): Scope & Pick<Roots, 'found'> {
  const { lots, operations, found } = atOnce(findRoots(graph, roots));
  const starts = [
    ...[...lots].map(([lot, units]) => ({ lot, units })),
    ...[...operations].flatMap((operation) => startsOf(graph, operation, direction)),
  ];
  return {
    ...scopeOf(graph, [], direction, undefined, starts),
    found: found.map((one) => ({ ...one, neverTold: [] })),
  };
}

function isWanted({ fact, subjects, span }: RecordedFact, want: Want): boolean {
  const { from = null, to = null } = want.span ?? {};
  const { occurred = {} } = want;
  return (
    (occurred.from === undefined || fact.occurredAt >= occurred.from) &&
    (occurred.to === undefined || fact.occurredAt <= occurred.to) &&
    subjects.includes(want.subject) &&
    (want.topics?.includes(fact.topic) ?? true) &&
    (from === null || span?.to == null || span.to >= from) &&
    (to === null || (span !== null && span.from <= to))
  );
}
