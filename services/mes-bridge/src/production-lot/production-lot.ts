import type { EventOf } from '@lotwarden/contracts/events';
import { Rejected } from '@lotwarden/platform/errors';
import type { LotRef } from '@lotwarden/platform/lot-ref';

export type ProductionLotEvent = EventOf<'mes-bridge.production-lot.v1'>;

/** A lot we made or are making. Also the gate's document: holds lie on it, for supplier lots too. */
export type ProductionLot =
  | { readonly status: 'unknown' }
  | {
      readonly status: 'declared' | 'placeholder';
      readonly lot: string;
      readonly product: string | null;
      readonly revision: string | null;
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
    return { ...facts, status: placeholder ? 'placeholder' : 'declared' };
  }
  return known.status === 'unknown' ? known : { ...known, aliases: [...known.aliases, event.alias] };
}

/** Declares a lot once; the same alias always gives the same lot, so a second declaration changes nothing. */
export function declareLot(known: ProductionLot, asked: DeclareLot): ProductionLotEvent[] {
  if (known.status === 'declared') {
    if (known.product === asked.product) return [];
    throw new Rejected('lot-already-declared', { lot: known.lot, product: known.product });
  }
  return [{ type: 'ProductionLotDeclared', ...asked }];
}
