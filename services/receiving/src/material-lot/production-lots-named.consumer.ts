import { consumer } from '@lotwarden/platform/consumer';
import { lotRefKey, type LotRef } from '@lotwarden/platform/lot-ref';
import type { Work } from '@lotwarden/platform/store';
import { LOT_NAMES } from './lot-names.store.ts';

/** Names of lots that we make are taken; placeholders have none of their own. */
export const productionLotsNamed = () => {
  const taken = (work: Work, lot: string, names: readonly LotRef[]): void => {
    for (const name of names) work.reference(LOT_NAMES, { _id: lotRefKey(name), lot });
  };
  return consumer({
    topic: 'mes-bridge.production-lot.v1',
    group: 'receiving.names',
    on: {
      ProductionLotDeclared: ({ event: { lot, aliases, placeholder } }, work) => {
        if (!placeholder) taken(work, lot, aliases);
      },
      LotAliasAssigned: ({ event: { lot, alias } }, work) => {
        taken(work, lot, [alias]);
      },
    },
  });
};
