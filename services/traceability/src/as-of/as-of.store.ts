import { setImmediate as others } from 'node:timers/promises';
import { Rejected } from '@lotwarden/platform/errors';
import { balanceOf, type Balance } from '../balance/balance.ts';
import { booksOf } from '../balance/books.ts';
import { lotAt } from '../genealogy/nodes.ts';
import { lotView, type LotView } from '../lot/lot-view.ts';
import { scoping, type Scope } from '../trace/answer.ts';
import { gapsOf } from '../trace/completeness.ts';
import type { Direction } from '../trace/propagation.ts';
import type { Pausing } from '../trace/walk.ts';
import type { FactSource, Recorded } from './fact-source.store.ts';
import type { Want } from './leads-to.ts';
import { createPast, heldBack, isOwnGap, namesOf, news, takeIn, wantsOf, type Cited, type Past } from './past.ts';

export interface ScopeThen extends Scope {
  readonly past: Past;
  /** What was missing of it then, by name. */
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
  /** What these roots affected, or were made of, as far as it was known. Throws `past-too-large`. */
  scope(roots: readonly string[], direction: Direction, at: string): Promise<ScopeThen>;
  /** Throws `past-too-large`. */
  lot(lot: string, at: string): Promise<LotThen<LotView>>;
  /** Throws `past-too-large`. */
  balance(lot: string, at: string): Promise<LotThen<Balance>>;
  /** Facts about these lots that had occurred by then and were only recorded later, the earliest recorded first. */
  recordedLater: FactSource['late'];
}

/**
 * Answers about the past from the facts themselves: what it costs is what it is about, not how large the graph is.
 *
 * @param most facts that one answer may take in
 */
export function createAsOf(source: FactSource, { most }: { readonly most: number }): AsOf {
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
    scope: async (roots, direction, at) => {
      const past = await around(roots, at);
      for (;;) {
        const scope = await inTurns(scoping(past.graph, roots, direction));
        const further = scope.lots.map(({ lot }) => lot).filter((lot) => !past.lots.has(lot));
        // Around every lot of the answer nothing is left out: it is what the whole graph would have said.
        if (further.length === 0) return { ...scope, past, gaps: gapsThen(past) };
        await reach(past, further);
      }
    },
    recordedLater: (lots, at, limit) => source.late(lots, at, limit),
  };
}

/** A long walk lets everything else of the process have its turn. */
async function inTurns<T>(walk: Pausing<T>): Promise<T> {
  for (;;) {
    const step = walk.next();
    if (step.done === true) return step.value;
    await others();
  }
}
