import { Rejected } from '@lotwarden/platform/errors';
import { scopeOf, type Scope } from '../trace/answer.ts';
import { gapsOf } from '../trace/completeness.ts';
import type { Direction } from '../trace/propagation.ts';
import type { FactSource, Recorded } from './fact-source.store.ts';
import type { Want } from './leads-to.ts';
import { createPast, heldBack, isOwnGap, namesOf, news, takeIn, wantsOf, type Cited, type Past } from './past.ts';

export interface ScopeThen extends Scope {
  readonly past: Past;
  /** What was missing of it then, by name. */
  readonly gaps: readonly string[];
}

export interface AsOf {
  /** The graph around these lots as it was known then. Throws `past-too-large`. */
  around(lots: readonly string[], at: string): Promise<Past>;
  /** The lot's id and those of its placeholders, as far as they were known. */
  ids(lot: string, at: string): Promise<readonly string[]>;
  /** What these roots affected, or were made of, as far as it was known. Throws `past-too-large`. */
  scope(roots: readonly string[], direction: Direction, at: string): Promise<ScopeThen>;
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

  return {
    around,
    ids: async (lot, at) => namesOf(await around([lot], at), [lot]),
    scope: async (roots, direction, at) => {
      const past = await around(roots, at);
      for (;;) {
        const scope = scopeOf(past.graph, roots, direction);
        const further = scope.lots.map(({ lot }) => lot).filter((lot) => !past.lots.has(lot));
        // Around every lot of the answer nothing is left out: it is what the whole graph would have said.
        if (further.length === 0)
          return { ...scope, past, gaps: gapsOf(past.graph, []).filter((gap) => isOwnGap(past, gap)) };
        await reach(past, further);
      }
    },
    recordedLater: (lots, at, limit) => source.late(lots, at, limit),
  };
}
