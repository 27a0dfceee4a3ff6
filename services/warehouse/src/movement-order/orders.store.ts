import { compare } from '@lotwarden/platform/quantity';
import type { Deps } from '@lotwarden/platform/service';
import type { Aggregate, Work } from '@lotwarden/platform/store';
import type { MergedLots } from '../lot/merged-lots.store.ts';
import {
  evolve,
  UNKNOWN_ORDER,
  useOrder,
  type Movement,
  type MovementOrder,
  type MovementOrderEvent,
} from './movement-order.ts';

export type MovementOrders = Aggregate<MovementOrder, MovementOrderEvent>;

export const openMovementOrders = ({ aggregate }: Pick<Deps, 'aggregate'>): MovementOrders =>
  aggregate({
    collection: 'movement_orders',
    topic: 'warehouse.movement-order.v1',
    initial: UNKNOWN_ORDER,
    evolve,
    indexes: [{ key: { 'state.lot': 1, _id: 1 } }],
  });

/** Orders as they are used up, in the very transaction that moves the goods: two movements cannot share one quantity. */
export function orderBooks(orders: MovementOrders, mergedLots: Pick<MergedLots, 'actual'>) {
  /** A lot may have got its name since the order was signed. */
  const underItsName = async (work: Work, known: MovementOrder): Promise<MovementOrder> =>
    known.status === 'unknown' ? known : { ...known, lot: (await mergedLots.actual(work, [known.lot]))(known.lot) };

  async function use(work: Work, order: string, movement: Movement): Promise<void> {
    const [known] = await work.load(orders, [order]);
    const named = await underItsName(work, known?.state ?? UNKNOWN_ORDER);
    await work.append(orders, order, useOrder(named, order, movement));
  }

  return {
    use,

    /** Would the order cover it? For goods that are only made ready. */
    async check(work: Work, order: string, movement: Movement): Promise<void> {
      const [known] = await work.load(orders, [order]);
      useOrder(await underItsName(work, known?.state ?? UNKNOWN_ORDER), order, movement);
    },

    /** What the WMS did names no order: one that covers it is used. False where nobody ordered it. */
    async useAny(work: Work, movement: Movement): Promise<boolean> {
      const { items } = await orders.find(
        { 'state.lot': movement.lot, 'state.purpose': movement.purpose, 'state.site': movement.site },
        { limit: 100 },
      );
      for (const { state } of await work.load(
        orders,
        items.map(({ id }) => id),
      )) {
        if (state.status === 'unknown' || state.quantity.unit !== movement.quantity.unit) continue;
        if (compare(movement.quantity, state.left) > 0) continue;
        await work.append(orders, state.order, useOrder(state, state.order, { ...movement, from: undefined }));
        return true;
      }
      return false;
    },
  };
}

export type OrderBooks = ReturnType<typeof orderBooks>;
