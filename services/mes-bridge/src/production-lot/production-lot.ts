import type { EventOf } from '@lotwarden/contracts/events';
import { Rejected } from '@lotwarden/platform/errors';
import { lotRefKey, type LotRef } from '@lotwarden/platform/lot-ref';

export type ProductionLotEvent = EventOf<'mes-bridge.production-lot.v1'>;

/** A lot we made or are making. Also the gate's document: holds lie on it, for supplier lots too. */
export type ProductionLot =
  | { readonly status: 'unknown' }
  | {
      readonly status: 'declared' | 'placeholder';
      readonly lot: string;
      readonly product: string | null;
      readonly revision: string | null;
      /** intermediate | finished | unknown, where the product is not known (yet) */
      readonly kind: string;
      readonly site: string;
      readonly workOrder: string | null;
      readonly aliases: readonly LotRef[];
    };

export const UNKNOWN_LOT: ProductionLot = { status: 'unknown' };

export interface DeclareLot {
  readonly lot: string;
  readonly product: string | null;
  readonly revision: string | null;
  readonly kind: string;
  readonly site: string;
  readonly workOrder: string | null;
  readonly aliases: readonly LotRef[];
  readonly placeholder: boolean;
}

export function evolve(known: ProductionLot, event: ProductionLotEvent): ProductionLot {
  if (event.type === 'ProductionLotDeclared') {
    const { type: _, placeholder, ...facts } = event;
    const before = known.status === 'unknown' ? [] : known.aliases;
    const aliases = [...before, ...facts.aliases.filter(isNewTo(before))];
    return { ...facts, aliases, status: placeholder ? 'placeholder' : 'declared' };
  }
  if (known.status === 'unknown' || !isNewTo(known.aliases)(event.alias)) return known;
  return { ...known, aliases: [...known.aliases, event.alias] };
}

/**
 * Declares a lot once; the same alias always gives the same lot, so a second declaration changes nothing but what was
 * not known at the first: the specification of its product, or further names.
 */
export function declareLot(known: ProductionLot, asked: DeclareLot): ProductionLotEvent[] {
  if (known.status !== 'declared') return [{ type: 'ProductionLotDeclared', ...asked }];
  const { lot, product, kind } = known;
  if (product !== asked.product) throw new Rejected('lot-already-declared', { lot, product });
  if (kind === 'unknown' && asked.kind !== 'unknown') return [{ type: 'ProductionLotDeclared', ...asked, lot }];
  return asked.aliases
    .filter(isNewTo(known.aliases))
    .map((alias) => ({ type: 'LotAliasAssigned', lot, alias, placeholder: null }));
}

/** Its product was not specified when the lot was declared, and is now. */
export function specifyLot(known: ProductionLot, { revision, kind }: { revision: string; kind: string }) {
  if (known.status !== 'declared' || known.kind !== 'unknown') return [];
  const { status: _, ...facts } = known;
  return declareLot(known, { ...facts, revision, kind, placeholder: false });
}

/** The unknown name is that lot's: whoever heard of the placeholder merges the two (correctness rule 2). */
export const resolvePlaceholder = (lot: string, alias: LotRef, placeholder: string): ProductionLotEvent[] => [
  { type: 'LotAliasAssigned', lot, alias, placeholder },
];

const isNewTo = (names: readonly LotRef[]) => (name: LotRef) =>
  !names.some((known) => lotRefKey(known) === lotRefKey(name));
