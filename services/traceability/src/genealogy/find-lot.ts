import { placeholderLotId } from '@lotwarden/platform/ids';
import { lotRefKey, OWN_SYSTEM, type LotRef } from '@lotwarden/platform/lot-ref';
import type { Genealogy } from './genealogy.ts';
import { lotAt, meant } from './nodes.ts';

/** Ids of the lots that somebody means by our id, by a placeholder, or by any name of any system. */
export function lotsNamed(graph: Genealogy, name: string): string[] {
  const own = graph.lotIds.find(name);
  const found = own === undefined ? graph.names.get(name) : meant(graph, own);
  return found.map((lot) => lotAt(graph, lot).id).sort();
}

/** The lot of a name in one system; its placeholder where nobody has told yet. */
export function lotsOfRef(graph: Genealogy, ref: LotRef): string[] {
  if (ref.system === OWN_SYSTEM) return lotsNamed(graph, ref.code);
  const known = graph.aliases
    .get(lotRefKey(ref))
    .map((lot) => lotAt(graph, lot).id)
    .sort();
  return known.length > 0 ? known : [placeholderLotId(ref)];
}
