import type { Deps } from '@lotwarden/platform/service';
import { evolve as evolveContainer, NO_CONTAINER } from './container/container.ts';
import { evolve as evolveNesting, LOOSE } from './container/nesting.ts';
import { evolve as evolvePacked, NOTHING_PACKED } from './container/packed-units.ts';
import { evolveLot, evolveProduct, UNDESCRIBED_LOT, UNDESCRIBED_PRODUCT } from './product/described-lot.ts';
import { evolve as evolveFollowed, NOT_FOLLOWED } from './serial-range/followed-operation.ts';
import { evolve as evolveIssued, NONE_ISSUED } from './serial-range/issued-serials.ts';
import { evolve as evolveSerials, NO_SERIALS } from './serial-range/lot-serials.ts';
import { evolve as evolveWaiting, NONE_WAITING } from './serial-range/waiting-operations.ts';

const bySerial = (field: string) => ({ key: { [`state.${field}.gtin`]: 1, [`state.${field}.first`]: 1 } }) as const;
const byLot = (field: string) => ({ key: { [`state.${field}.lot`]: 1 } }) as const;

export const openHouse = ({ aggregate }: Pick<Deps, 'aggregate'>) => ({
  /** Also the gate's document: holds lie on it. */
  serials: aggregate({
    collection: 'lot_serials',
    topic: 'serialization.serial-range.v1',
    initial: NO_SERIALS,
    evolve: evolveSerials,
    indexes: [bySerial('ranges'), bySerial('scrapped'), bySerial('given')],
  }),
  /** By device identifier: every serial ever given. */
  issued: aggregate({ collection: 'issued_serials', initial: NONE_ISSUED, evolve: evolveIssued }),
  containers: aggregate({
    collection: 'containers',
    topic: 'serialization.container.v1',
    initial: NO_CONTAINER,
    evolve: evolveContainer,
  }),
  /** By lot: where its units are. */
  packed: aggregate({ collection: 'packed_units', initial: NOTHING_PACKED, evolve: evolvePacked }),
  /** By container: what it lies in. */
  nestings: aggregate({ collection: 'nestings', initial: LOOSE, evolve: evolveNesting }),
  products: aggregate({ collection: 'products', initial: UNDESCRIBED_PRODUCT, evolve: evolveProduct }),
  lots: aggregate({ collection: 'described_lots', initial: UNDESCRIBED_LOT, evolve: evolveLot }),
  /** By lot, spread: operations that wait for serials to come there. */
  waiting: aggregate({ collection: 'waiting_operations', initial: NONE_WAITING, evolve: evolveWaiting }),
  /** What operations did to serials, so that a void undoes exactly that. */
  followed: aggregate({
    collection: 'followed_operations',
    initial: NOT_FOLLOWED,
    evolve: evolveFollowed,
    indexes: [
      ...[byLot('inputs'), byLot('outputs'), byLot('scrap')],
      // Few are relabelled; the others do not burden the index.
      { key: { 'state.kind': 1 }, partialFilterExpression: { 'state.kind': 'relabel' } },
    ],
  }),
});

export type House = ReturnType<typeof openHouse>;
