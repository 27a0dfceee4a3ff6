import { setImmediate as others } from 'node:timers/promises';
import { Rejected } from '@lotwarden/platform/errors';
import type { LotRef } from '@lotwarden/platform/lot-ref';
import { balanceOf, type Balance } from '../balance/balance.ts';
import { booksOf } from '../balance/books.ts';
import { lotAt } from '../genealogy/nodes.ts';
import { lotView, type LotView } from '../lot/lot-view.ts';
import { scoping, type Scope } from '../trace/answer.ts';
import { subject } from '../facts/subjects.ts';
import { FACT_TOPICS } from '../genealogy/facts.ts';
import type { Candidates, CandidatesAsk } from '../roots/candidates.ts';
import { findRoots, type Roots } from '../roots/find-roots.ts';
import type { Root, RootFound } from '../roots/roots.ts';
import { gapsOf } from '../trace/completeness.ts';
import type { Direction } from '../trace/propagation.ts';
import { startsOf } from '../trace/trace.ts';
import type { Pausing, Start } from '../trace/walk.ts';
import type { FactSource, Recorded } from './fact-source.store.ts';
import { DECLARATIONS, type Want } from './leads-to.ts';
import { unitsByName } from './units-by-name.ts';
import {
  createPast,
  heldBack,
  isOwnGap,
  namesOf,
  news,
  takeIn,
  unitsToAsk,
  wantsOf,
  type Cited,
  type Past,
} from './past.ts';

export interface ScopeThen extends Scope {
  readonly past: Past;
  /** What each root was known to mean then. */
  readonly found: readonly RootFound[];
  /** What was missing of it then, by name; also roots that nobody knew then, or that meant several lots. */
  readonly gaps: readonly string[];
}

/** What was known of one lot, and what was missing of it. */
export interface LotThen<T> {
  /** Null: nobody had told of it. */
  readonly found: T | null;
  readonly gaps: readonly string[];
}

export interface AsOf {
  /** The graph around these lots as it was known then. Throws `past-too-large`. */
  around(lots: readonly string[], at: string): Promise<Past>;
  /** The lot's id and those of its placeholders, as far as they were known. */
  ids(lot: string, at: string): Promise<readonly string[]>;
  /** The lots that a name was known to mean then; none: nobody had told of it. Throws `past-too-large`. */
  named(name: string | LotRef, at: string): Promise<readonly string[]>;
  /** What these roots, as they were known then, affected, or were made of. Throws `past-too-large`. */
  scope(roots: readonly Root[], direction: Direction, at: string): Promise<ScopeThen>;
  /** Throws `past-too-large`. */
  lot(lot: string, at: string): Promise<LotThen<LotView>>;
  /** Throws `past-too-large`. */
  balance(lot: string, at: string): Promise<LotThen<Balance>>;
  /** Facts about these that had occurred by then and were only recorded later, the earliest recorded first. */
  recordedLater: FactSource['late'];
}

interface Settings {
  /** Facts that one answer may take in. */
  readonly most: number;
  /** What a root means now or ever meant, page by page. */
  readonly candidates: (ask: CandidatesAsk) => Promise<Candidates>;
}

const LOTS_OF_UNITS: readonly string[] = ['serialization.serial-range.v1', ...DECLARATIONS];
const TOLD_OF_UNITS: readonly string[] = [...LOTS_OF_UNITS, 'traceability.epcis.v1'];

/** Candidates that are looked at together. */
const PAGE = 10_000;

/** Answers about the past from the facts themselves: what it costs is what it is about, not how large the graph is. */
export function createAsOf(source: FactSource, { most, candidates }: Settings): AsOf {
  const take = async (past: Past, facts: AsyncIterable<Recorded>): Promise<{ wants: Want[]; cited: Cited[] }> => {
    const wants: Want[] = [];
    const taken: Cited[] = [];
    for await (const { fact, cited } of facts) {
      wants.push(...takeIn(past, fact, cited));
      taken.push(cited);
      if (past.cited.size > most) throw new Rejected('past-too-large', { limit: most });
    }
    return { wants, cited: taken };
  };

  const gather = async (past: Past, first: readonly Want[]): Promise<void> => {
    for (let wants = first; wants.length > 0;) {
      const { wants: next, cited } = await take(past, source.about(wants, past.at));
      // Of another lot's books only one line may speak of this one: what came before holds it back.
      for (const { topic, aggregate } of heldBack(past, cited))
        next.push(...(await take(past, source.stream(topic, aggregate, past.at))).wants);
      wants = news(past, next);
    }
  };

  const reach = async (past: Past, lots: readonly string[]): Promise<void> => {
    for (let wants = wantsOf(past, lots); wants.length > 0;) {
      await gather(past, wants);
      wants = wantsOf(past, namesOf(past, lots));
    }
    await aboutUnits(past);
  };

  /**
   * A unit of ours bears the same serial in what partners tell. Of a unit that they told of is asked in which lots of ours it
   * was; of those of a lot that is reached, and of what was told of together with these, also who told of them: which lot it
   * came into being with may be told by itself. What else partners told of at the same time leads no further.
   */
  const aboutUnits = async (past: Past): Promise<void> => {
    for (;;) {
      const [near, told] = [[...unitsToAsk(past, 'own'), ...unitsToAsk(past, 'near')], unitsToAsk(past, 'told')];
      if (near.length === 0 && told.length === 0) return;
      for (const [units, topics] of [
        [near, TOLD_OF_UNITS],
        [told, LOTS_OF_UNITS],
      ] as const) {
        if (units.length === 0) continue;
        const { lots } = await candidates({ root: { serials: units }, from: 0, limit: PAGE });
        await gather(past, news(past, lots.map((lot): Want => ({ subject: subject('lot', lot), topics })))); // prettier-ignore
      }
    }
  };

  const begin = async (at: string): Promise<Past> => {
    const past = createPast(at);
    await take(past, source.always(at));
    return past;
  };

  const around = async (lots: readonly string[], at: string): Promise<Past> => {
    const past = await begin(at);
    await reach(past, lots);
    return past;
  };

  /**
   * Around whatever the root can have meant enough is known to say what it did mean. Which names, serials and properties
   * were ever told the whole graph knows; when they were told, and what became of them until then, only the facts.
   */
  const lookFor = async (past: Past, root: Root): Promise<void> => {
    if ('container' in root) return gather(past, news(past, [{ subject: subject('container', root.container) }]));
    if (!('lot' in root) && 'serials' in root) await gather(past, unitsByName(root.serials));
    for (let from: number | null = 0; from !== null;) {
      const page: Candidates = await candidates({ root, from, limit: PAGE });
      const operations = page.operations.map((operation): Want => ({ subject: subject('operation', operation) }));
      // Candidates may be many more than what is found: that they were asked for is not kept.
      const lots = page.lots.map((lot): Want => ({ subject: subject('lot', lot), ...toldOf(root) }));
      await gather(past, [...lots, ...news(past, operations)]);
      from = page.next;
    }
  };

  /** Each root has been looked for. */
  const rootsThen = async (past: Past, roots: readonly Root[]): Promise<Roots> => {
    for (;;) {
      const found = await inTurns(findRoots(past.graph, roots));
      const lots = [...found.lots.keys()].map((lot) => past.graph.lotIds.text(lot));
      const further = lots.filter((lot) => !past.lots.has(lot));
      // Of a lot that is meant all is known then: units that it had, lots that it stands for.
      if (further.length === 0) return found;
      await reach(past, further);
    }
  };

  /** A past holds only what fits a filter: that nobody ever told a value is for the answer of now to say. */
  const ofThen = (one: RootFound): RootFound => ({ ...one, neverTold: [] });

  const gapsThen = (past: Past): string[] => gapsOf(past.graph, []).filter((gap) => isOwnGap(past, gap));

  const ofLot = async <T>(lot: string, at: string, view: (past: Past, index: number) => T): Promise<LotThen<T>> => {
    const past = await around([lot], at);
    const index = past.graph.lotIds.find(lot);
    return { found: index === undefined ? null : view(past, index), gaps: gapsThen(past) };
  };

  return {
    around,
    lot: (lot, at) => ofLot(lot, at, ({ graph }, index) => lotView(graph, lotAt(graph, index))),
    balance: (lot, at) => ofLot(lot, at, ({ graph }, index) => balanceOf(booksOf(graph, lotAt(graph, index)))),
    ids: async (lot, at) => namesOf(await around([lot], at), [lot]),
    named: async (name, at) => {
      const past = await begin(at);
      const root = { lot: name };
      await lookFor(past, root);
      const { found, lots } = await inTurns(findRoots(past.graph, [root]));
      const [only] = found;
      return only?.is === 'ambiguous' ? only.candidates : [...lots.keys()].map((lot) => past.graph.lotIds.text(lot));
    },
    scope: async (roots, direction, at) => {
      const past = await begin(at);
      for (const root of roots) await lookFor(past, root);
      await aboutUnits(past);
      for (;;) {
        const { lots, operations, found } = await rootsThen(past, roots);
        const starts = [
          ...[...lots].map(([lot, units]): Start => ({ lot, units })),
          ...[...operations].flatMap((operation) => startsOf(past.graph, operation, direction)),
        ];
        const scope = await inTurns(scoping(past.graph, [], direction, undefined, starts));
        const further = scope.lots.map(({ lot }) => lot).filter((lot) => !past.lots.has(lot));
        // Around every lot of the answer nothing is left out: it is what the whole graph would have said.
        if (further.length === 0)
          return { ...scope, past, found: found.map(ofThen), gaps: [...gapsThen(past), ...found.flatMap(({ gaps }) => gaps)] }; // prettier-ignore
        await reach(past, further);
      }
    },
    recordedLater: (subjects, at, limit) => source.late(subjects, at, limit),
  };
}

/**
 * What has to be known of a lot to say whether a root meant it: of a filter what it was declared to be, and when; else all
 * (listed, so that what a lot that is meant leads to is still asked for).
 */
function toldOf(root: Root): Pick<Want, 'topics' | 'occurred'> {
  if (!('lotsWhere' in root)) return { topics: FACT_TOPICS };
  const { from, to } = root.lotsWhere;
  return { topics: DECLARATIONS, occurred: { from, to } };
}

/** A long walk lets everything else of the process have its turn. */
async function inTurns<T>(walk: Pausing<T>): Promise<T> {
  for (;;) {
    const step = walk.next();
    if (step.done === true) return step.value;
    await others();
  }
}
