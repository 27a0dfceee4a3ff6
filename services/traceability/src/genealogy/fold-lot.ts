import { placeholderLotId } from '@lotwarden/platform/ids';
import { lotRefKey, OWN_SYSTEM, type LotRef } from '@lotwarden/platform/lot-ref';
import type { GoodsEntry } from '../balance/goods-entry.ts';
import { noteLot } from './attributes.ts';
import { sourceOf, type FactAbout } from './facts.ts';
import type { Genealogy } from './genealogy.ts';
import type { Declaration, Lot } from './model.ts';
import { linkPlaceholder, lotNode } from './nodes.ts';

export function foldLot(
  graph: Genealogy,
  fact: FactAbout<'receiving.material-lot.v1'> | FactAbout<'mes-bridge.production-lot.v1'>,
): void {
  const { event } = fact;
  const lot = lotNode(graph, event.lot);
  switch (event.type) {
    case 'MaterialLotReceived':
      lot.declaration = {
        kind: 'material',
        item: event.part,
        revision: event.revision,
        site: event.site,
        supplier: event.supplier,
        supplierLot: event.supplierLot,
        purchaseOrder: event.purchaseOrder,
        workOrder: null,
        source: sourceOf(fact),
      };
      noteLot(graph.attributes, lot.index, lot.declaration);
      lot.acceptance = 'pending';
      lot.goods.push({
        ...NO_DETAIL,
        book: 'received',
        quantity: event.quantity,
        place: { site: event.site, location: event.location },
        source: sourceOf(fact),
      });
      graph.undeclared.delete(lot.index);
      for (const alias of event.aliases) addAlias(graph, lot, alias);
      break;
    case 'ProductionLotDeclared':
      lot.declaration = {
        kind: declaredKind(event.kind),
        item: event.product,
        revision: event.revision,
        site: event.site,
        supplier: null,
        supplierLot: null,
        purchaseOrder: null,
        workOrder: event.workOrder,
        source: sourceOf(fact),
      };
      noteLot(graph.attributes, lot.index, lot.declaration);
      if (!event.placeholder) graph.undeclared.delete(lot.index);
      // A placeholder bears the name it was mentioned by; only its owner says which lot that name means.
      else lot.aliases.push(...event.aliases);
      if (!event.placeholder) for (const alias of event.aliases) addAlias(graph, lot, alias);
      break;
    case 'LotAliasAssigned':
      addAlias(graph, lot, event.alias);
      if (event.placeholder !== null) linkPlaceholder(graph, lotNode(graph, event.placeholder), lot);
      break;
    case 'MaterialLotAccepted':
      lot.acceptance = 'accepted';
      break;
    case 'MaterialLotRejected':
      lot.acceptance = 'rejected';
      break;
    // The rest says nothing about where the lot came from, went to, or how much there is.
    default:
      break;
  }
}

const NO_DETAIL = {
  serials: [],
  place: null,
  toPlace: null,
  party: null,
  cause: null,
  containers: [],
} satisfies Partial<GoodsEntry>;

const declaredKind = (kind: string): Declaration['kind'] =>
  kind === 'intermediate' || kind === 'finished' ? kind : 'unknown';

/** Also links what was said under the placeholder of that name, before or after (correctness rule 2). */
function addAlias(graph: Genealogy, lot: Lot, alias: LotRef): void {
  if (alias.system === OWN_SYSTEM) return;
  const key = lotRefKey(alias);
  graph.aliases.add(key, lot.index);
  graph.names.add(alias.code, lot.index);
  if (!lot.aliases.some((known) => lotRefKey(known) === key)) lot.aliases.push(alias);
  const placeholder = placeholderLotId(alias);
  graph.aliasPlaceholders.add(placeholder, lot.index);
  if (graph.lotIds.find(placeholder) !== undefined) linkPlaceholder(graph, lotNode(graph, placeholder), lot);
}
