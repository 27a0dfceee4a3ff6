import type { EventOf } from '@lotwarden/contracts/events';
import { supplierSystem, type LotRef } from '../lot-ref.ts';

/** The names of a new lot, or one more name of a lot; and the placeholder that the name had until now, if any. */
export interface Naming {
  readonly lot: string;
  readonly aliases: readonly LotRef[];
  readonly placeholder?: string | null;
}

export type LotEvent = EventOf<'receiving.material-lot.v1'> | EventOf<'mes-bridge.production-lot.v1'>;

/** What an event of the lots' owners says about names; undefined for those that say nothing. */
export function namingOf(event: LotEvent): Naming | undefined {
  switch (event.type) {
    case 'MaterialLotReceived': {
      const { lot, aliases, supplier, supplierLot } = event;
      return { lot, aliases: [...aliases, { system: supplierSystem(supplier), code: supplierLot }] };
    }
    case 'ProductionLotDeclared':
      return { lot: event.lot, aliases: event.aliases };
    case 'LotAliasAssigned':
      return { lot: event.lot, aliases: [event.alias], placeholder: event.placeholder };
    default:
      return undefined;
  }
}
