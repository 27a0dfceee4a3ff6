import type { FactSource, Recorded } from '../src/as-of/fact-source.store.ts';
import { ALWAYS, type Want } from '../src/as-of/leads-to.ts';
import { aboutOf, lotsIn, remembers, spanOf } from '../src/facts/record.ts';
import { subject, type Subject } from '../src/facts/subjects.ts';
import type { Fact } from '../src/genealogy/facts.ts';

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
    late: (lots, at, limit) => {
      const all = told
        .filter(({ cited }) => cited.recordedAt > at && cited.occurredAt <= at)
        .filter(({ subjects }) => lots.some((lot) => subjects.includes(subject('lot', lot))))
        .map(({ cited }) => cited)
        .sort((a, b) => (a.recordedAt < b.recordedAt ? -1 : 1));
      return Promise.resolve({ first: all.slice(0, limit), total: all.length });
    },
  };
}

function isWanted({ fact, subjects, span }: RecordedFact, want: Want): boolean {
  const { from = null, to = null } = want.span ?? {};
  return (
    subjects.includes(want.subject) &&
    (want.topics?.includes(fact.topic) ?? true) &&
    (from === null || span?.to == null || span.to >= from) &&
    (to === null || (span !== null && span.from <= to))
  );
}
