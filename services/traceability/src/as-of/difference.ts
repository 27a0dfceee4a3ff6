import type { ScopeCustodian, ScopeLot } from '@lotwarden/contracts/events';
import { count } from '@lotwarden/platform/serial-range';
import type { Scope } from '../trace/answer.ts';
import { gapNamed } from '../trace/completeness.ts';
import { subject, type Subject } from '../facts/subjects.ts';
import type { Cited } from './past.ts';

/** One thing that is not what it was: a lot, a link between two, a party, a gap. */
export interface Change {
  readonly what: 'lot' | 'link' | 'custodian' | 'gap';
  readonly subject: string;
  readonly change: 'came' | 'went' | 'changed';
  /** Names of what changed of it. */
  readonly of: readonly string[];
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
  /** Facts that were recorded between the two moments and are about it, the earliest recorded first. */
  readonly because: readonly Omit<Cited, 'subjects'>[];
  /** How many those are. */
  readonly becauseTotal: number;
}

interface Known extends Scope {
  readonly gaps: readonly string[];
}

/** Facts named for each change; how many there are is told besides. */
const NAMED = 20;

/**
 * What somebody who knew `before` did not know, or knew otherwise. Links are the steps from lot to lot through an
 * operation by which the scope is reached.
 *
 * @param between facts recorded after the first moment and until the second
 */
export function differenceOf(before: Known, after: Known, between: readonly Cited[]): Change[] {
  const inOrder = [...between].sort((a, b) => (a.recordedAt < b.recordedAt ? -1 : a.recordedAt > b.recordedAt ? 1 : 0));
  const byOne = new Map<Subject, Cited[]>();
  for (const fact of inOrder)
    for (const one of fact.subjects) {
      const known = byOne.get(one);
      if (known) known.push(fact);
      else byOne.set(one, [fact]);
    }
  const because = (subjects: readonly Subject[]): Pick<Change, 'because' | 'becauseTotal'> => {
    const all = [...new Set(subjects.flatMap((one) => byOne.get(one) ?? []))];
    all.sort((a, b) => (a.recordedAt < b.recordedAt ? -1 : a.recordedAt > b.recordedAt ? 1 : 0));
    return { because: all.slice(0, NAMED).map(({ subjects: _, ...cited }) => cited), becauseTotal: all.length };
  };
  const compare = <T>(
    what: Change['what'],
    from: ReadonlyMap<string, T>,
    to: ReadonlyMap<string, T>,
    tell: Telling<T>,
  ) =>
    [...new Set([...from.keys(), ...to.keys()])].sort().flatMap((name): Change[] => {
      const [was, is] = [from.get(name), to.get(name)];
      const [a, b] = [was === undefined ? null : tell.view(was), is === undefined ? null : tell.view(is)];
      const of = Object.keys({ ...a, ...b }).filter((key) => JSON.stringify(a?.[key]) !== JSON.stringify(b?.[key]));
      if (a && b && of.length === 0) return [];
      const change = !a ? 'came' : !b ? 'went' : 'changed';
      const about = [was, is].flatMap((one) => (one === undefined ? [] : tell.about(one)));
      return [
        { what, subject: name, change, of: change === 'changed' ? of : [], before: a, after: b, ...because(about) },
      ];
    });
  return [
    ...compare('lot', byLot(before), byLot(after), ofLot),
    ...compare('link', linksOf(before), linksOf(after), ofLink),
    ...compare('custodian', byParty(before), byParty(after), ofParty),
    ...compare('gap', byGap(before), byGap(after), ofGap),
  ];
}

interface Telling<T> {
  readonly view: (one: T) => Record<string, unknown>;
  /** What a fact has to be about to have brought it. */
  readonly about: (one: T) => Subject[];
}

const byLot = ({ lots }: Known) => new Map(lots.map((line) => [line.lot, line]));
const byParty = ({ custodians }: Known) => new Map(custodians.map((line) => [line.custodian, line]));
const byGap = ({ gaps }: Known) => new Map(gaps.map((gap) => [gap, gap]));

const ofLot: Telling<ScopeLot> = {
  view: ({ item, quantity, serials, certainty, path }) => ({
    item,
    quantity,
    serials,
    units: serials.mode === 'only' ? count(serials.ranges) : null,
    certainty,
    hops: path.length - 1,
  }),
  about: ({ lot, path }) => [
    subject('lot', lot),
    ...path.flatMap(({ lot: on, operation }) => [
      subject('lot', on),
      ...(operation === null ? [] : [subject('operation', operation)]),
    ]),
  ],
};

interface ScopeLink {
  readonly from: string;
  readonly operation: string;
  readonly to: string;
}

const linksOf = ({ lots }: Known): Map<string, ScopeLink> =>
  new Map(
    lots.flatMap(({ lot, ways }) =>
      ways.map(({ from, operation }) => [`${from} → ${operation} → ${lot}`, { from, operation, to: lot }] as const),
    ),
  );

const ofLink: Telling<ScopeLink> = {
  view: (link) => ({ ...link }),
  about: ({ operation, to }) => [subject('operation', operation), subject('lot', to)],
};

const ofParty: Telling<ScopeCustodian> = {
  view: ({ lines }) => ({ lines }),
  about: ({ custodian, lines }) => [subject('party', custodian), ...lines.map(({ lot }) => subject('lot', lot))],
};

const ofGap: Telling<string> = {
  view: (gap) => ({ ...gapNamed(gap) }),
  about: (gap) => {
    const { subject: named } = gapNamed(gap);
    const [, ...aggregate] = named.split(' ');
    return [subject('lot', named), subject('operation', named), subject('operation', aggregate.join(' '))];
  },
};

/** How many of each. */
export const totalsOf = (changes: readonly Change[]) =>
  Object.fromEntries(
    [...Map.groupBy(changes, ({ what, change }) => `${what}s ${change}`)].map(([name, all]) => [name, all.length]),
  );
