import { lotRefKey, OWN_SYSTEM } from '@lotwarden/platform/lot-ref';
import { placeholderLotId } from '@lotwarden/platform/ids';
import { LOT_PROPERTIES, lotsWith } from '../genealogy/attributes.ts';
import type { Genealogy } from '../genealogy/genealogy.ts';
import { lotAt, meant, members } from '../genealogy/nodes.ts';
import { lotsOfUnit, toldUnitsIn, unitAt } from '../genealogy/told-units.ts';
import { SLICE, type Pausing } from '../trace/walk.ts';
import { alongsideOf, operationsWhere } from './find-roots.ts';
import type { Root } from './roots.ts';

/** What a root can have meant at some time, by id; a page of it. */
export interface Candidates {
  readonly lots: readonly string[];
  readonly operations: readonly string[];
  /** From where it goes on; null: that was all. */
  readonly next: number | null;
}

export interface CandidatesAsk {
  readonly root: Root;
  readonly from: number;
  readonly limit: number;
}

/**
 * All that the root means now or ever meant, and possibly more: names, serials and properties that were told once stay
 * listed, whatever became of them. Which of these it meant at a moment the facts of then have to say. Containers are not
 * looked for: the facts themselves name them.
 */
export function* candidatesOf(graph: Genealogy, { root, from, limit }: CandidatesAsk): Pausing<Candidates> {
  const lots = (numbers: Iterable<number>): Candidates => ({
    lots: [...new Set(numbers)].map((number) => graph.lotIds.text(number)),
    operations: [],
    next: null,
  });
  const operations = (numbers: Iterable<number>): Candidates => {
    const all = [...new Set(numbers)];
    const page = all.slice(from, from + limit).map((number) => graph.operationIds.text(number));
    return { lots: [], operations: page, next: from + limit < all.length ? from + limit : null };
  };
  if ('lot' in root) return { lots: everNamed(graph, root.lot), operations: [], next: null };
  if ('serials' in root) {
    const found = new Set<number>();
    for (const range of root.serials) {
      for (const lot of graph.serials.lotsWith(range)) found.add(lot);
      for (const node of toldUnitsIn(graph, range)) {
        found.add(node);
        const unit = unitAt(graph, node);
        if (unit) for (const lot of lotsOfUnit(graph, unit)) found.add(lot);
      }
      yield;
    }
    return lots(found);
  }
  if ('container' in root) return { lots: [], operations: [], next: null };
  if ('operation' in root) return { lots: [], operations: [root.operation], next: null };
  if ('operationsWhere' in root) return operations(yield* operationsWhere(graph, root.operationsWhere, 'ever'));
  if ('alongside' in root) {
    const { lot, operation } = root.alongside;
    const ids = lot === undefined ? [] : everNamed(graph, lot);
    const made = ids
      .flatMap((id) => graph.lotIds.find(id) ?? [])
      .flatMap((one) => meant(graph, one))
      .flatMap((one) => members(graph, one).flatMap(({ producedBy }) => producedBy));
    const own = operation === undefined ? undefined : graph.operationIds.find(operation);
    const through = [...(own === undefined ? [] : [own]), ...made];
    const { found } = yield* alongsideOf(graph, through, root.alongside.minutes, 'ever');
    return { ...operations([...through, ...found]), lots: from === 0 ? ids : [] };
  }
  const listed = LOT_PROPERTIES.flatMap((property) => {
    const value = root.lotsWhere[property];
    return value === undefined ? [] : [lotsWith(graph.attributes, property, value)];
  });
  const [shortest] = listed.toSorted((a, b) => a.size - b.size);
  // Lists only grow at their end: what comes while pages are read comes in the last, or with the next question.
  const end = Math.min(shortest?.size ?? 0, from + limit);
  const page = new Set<number>();
  for (let at = from; at < end; at++) {
    if (at % SLICE === SLICE - 1) yield;
    page.add(shortest?.numbers[at] ?? 0);
  }
  return { ...lots(page), next: end < (shortest?.size ?? 0) ? end : null };
}

/** The lots that ever had the name; the name itself too, as an id that the facts may know. */
function everNamed(graph: Genealogy, name: Extract<Root, { lot: unknown }>['lot']): string[] {
  const id = typeof name === 'string' ? name : name.system === OWN_SYSTEM ? name.code : placeholderLotId(name);
  const own = graph.lotIds.find(id);
  const aliased = typeof name === 'string' ? graph.names.get(name) : graph.aliases.get(lotRefKey(name));
  const ids = [...aliased, ...(own === undefined ? [] : meant(graph, own))].map((lot) => lotAt(graph, lot).id);
  return [...new Set([id, ...ids])];
}
