import type { Deps } from '@lotwarden/platform/service';
import type { PlainDocument } from '@lotwarden/platform/store';
import { evolve as evolveContainer, NO_CONTAINER } from './container/container.ts';
import { evolve as evolvePacked, NOTHING_PACKED } from './container/packed-units.ts';
import { evolveLot, evolveProduct, UNDESCRIBED_LOT, UNDESCRIBED_PRODUCT } from './product/described-lot.ts';
import type { SerialMove } from './serial-range/follow-operation.ts';
import { evolve as evolveIssued, NONE_ISSUED } from './serial-range/issued-serials.ts';
import { evolve as evolveSerials, NO_SERIALS } from './serial-range/lot-serials.ts';

/** What an operation did to serials, so that its void can undo exactly that. */
export interface OperationMoves extends PlainDocument {
  readonly moves: readonly SerialMove[];
  readonly scrapped: readonly Omit<SerialMove, 'to'>[];
  readonly voided: boolean;
}

export const OPERATION_MOVES = 'operation_moves';

export const openHouse = ({ aggregate, collection }: Pick<Deps, 'aggregate' | 'collection'>) => ({
  /** Also the gate's document: holds lie on it. */
  serials: aggregate({
    collection: 'lot_serials',
    topic: 'serialization.serial-range.v1',
    initial: NO_SERIALS,
    evolve: evolveSerials,
    indexes: [{ key: { 'state.ranges.gtin': 1, _id: 1 } }],
  }),
  /** By device identifier: every serial ever given. */
  issued: aggregate({ collection: 'issued_serials', initial: NONE_ISSUED, evolve: evolveIssued }),
  containers: aggregate({
    collection: 'containers',
    topic: 'serialization.container.v1',
    initial: NO_CONTAINER,
    evolve: evolveContainer,
    indexes: [{ key: { 'state.children': 1 } }],
  }),
  packed: aggregate({ collection: 'packed_units', initial: NOTHING_PACKED, evolve: evolvePacked }),
  products: aggregate({ collection: 'products', initial: UNDESCRIBED_PRODUCT, evolve: evolveProduct }),
  lots: aggregate({ collection: 'described_lots', initial: UNDESCRIBED_LOT, evolve: evolveLot }),
  moves: collection<OperationMoves>(OPERATION_MOVES),
});

export type House = ReturnType<typeof openHouse>;
