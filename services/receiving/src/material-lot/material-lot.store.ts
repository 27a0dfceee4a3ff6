import { Rejected } from '@lotwarden/platform/errors';
import { holdsOn, mergePlaceholder } from '@lotwarden/platform/gate';
import { lotId, placeholderLotId } from '@lotwarden/platform/ids';
import { localDate } from '@lotwarden/platform/instant';
import { OWN_SYSTEM, supplierSystem, type LotRef } from '@lotwarden/platform/lot-ref';
import { assertOwnSite } from '@lotwarden/platform/own-site';
import { sequences } from '@lotwarden/platform/sequence';
import type { Deps } from '@lotwarden/platform/service';
import type { Aggregate, Changed, Context, Stored, Work } from '@lotwarden/platform/store';
import type { Parts } from '../part/part.routes.ts';
import type { PurchaseOrders } from '../purchase-order/purchase-order.routes.ts';
import type { Suppliers } from '../supplier/supplier.routes.ts';
import { evolve, UNKNOWN_LOT, type MaterialLot, type MaterialLotEvent } from './material-lot.ts';
import { lotNames } from './lot-names.store.ts';
import { nameLot } from './name-lot.ts';
import { receiveLot, type ReceiveLot } from './receive-lot.ts';
import { reviewHindrances } from './review-hindrances.ts';

export type MaterialLots = Aggregate<MaterialLot, MaterialLotEvent>;

export interface Neighbours {
  readonly suppliers: Suppliers;
  readonly parts: Parts;
  readonly orders: PurchaseOrders;
}

export interface Delivery extends Omit<ReceiveLot, 'lot'> {
  readonly supplier: string;
  readonly timeZone: string;
}

export const materialLots = ({ aggregate }: Pick<Deps, 'aggregate'>): MaterialLots =>
  aggregate({
    collection: 'material_lots',
    topic: 'receiving.material-lot.v1',
    initial: UNKNOWN_LOT,
    evolve,
    indexes: [
      { key: { 'state.status': 1, _id: 1 } },
      { key: { 'state.part': 1, _id: 1 } },
      { key: { 'state.supplier': 1, _id: 1 } },
      { key: { 'state.aliases.code': 1, _id: 1 } },
    ],
  });

/** What a receipt reads and writes together: the lot, its supplier, part and order, and the names of the lot. */
export function receipts({ db, work, collection }: Deps, lots: MaterialLots, { suppliers, parts, orders }: Neighbours) {
  const next = sequences(db);
  const names = lotNames({ collection }, lots);

  /** The same supplier lot is always the same lot, however often and however simultaneously it is received. */
  async function receive({ supplier, timeZone, ...asked }: Delivery, context: Context) {
    const name = { system: supplierSystem(supplier), code: asked.supplierLot };
    const minted = (await names.find(name)) ?? (await mint(asked, timeZone));
    return work(context, async (unit) => {
      const { owner, give } = await names.claim(unit, name);
      const lot = owner ?? minted;
      const [known] = await unit.load(lots, [lot]);
      if (owner !== undefined && known?.state.status === 'unknown') throw new Rejected('lot-name-taken', { lot });
      const around = await circumstances(unit, supplier, asked.part, asked.purchaseOrder);
      const changed = await unit.change(lots, lot, (state) => receiveLot(state, { ...asked, lot }, around));
      give(lot);
      // Held while nobody had received it: the lot is held from the moment it is there (correctness rule 2).
      await mergePlaceholder(unit, lots, placeholderLotId(name), lot);
      return changed;
    });
  }

  /** Another name of the lot; holds of the placeholder it had until now come along, in the same transaction. */
  const name = (lot: string, alias: LotRef, context: Context): Promise<Changed<MaterialLot, MaterialLotEvent>> =>
    work(context, async (unit) => {
      const { owner, give } = await names.claim(unit, alias);
      if (owner !== undefined && owner !== lot) throw new Rejected('lot-name-taken', { lot: owner });
      const placeholder = placeholderLotId(alias);
      const changed = await unit.change(lots, lot, (state) => {
        if (state.status !== 'unknown') assertOwnSite(context, state.site);
        return nameLot(state, alias, placeholder);
      });
      give(lot);
      await mergePlaceholder(unit, lots, placeholder, lot);
      return changed;
    });

  const review = (
    lot: string,
    context: Context,
    asked: { moment: string; reason: string },
  ): Promise<Changed<MaterialLot, MaterialLotEvent>> =>
    work(context, async (unit) => {
      const [known] = await unit.load(lots, [lot]);
      if (known && known.state.status !== 'unknown') assertOwnSite(context, known.state.site);
      const { supplier, part, purchaseOrder } =
        known && known.state.status !== 'unknown' ? known.state : { supplier: '', part: '', purchaseOrder: null };
      const around = await circumstances(unit, supplier, part, purchaseOrder ?? '');
      return unit.change(lots, lot, (state, { holds }) =>
        reviewHindrances(state, around, { ...asked, heldBy: holdsOn(holds, []) }),
      );
    });

  /** A database restored from a backup counts from where it was; numbers given since then are passed over. */
  async function mint({ site, receivedAt }: Pick<ReceiveLot, 'site' | 'receivedAt'>, timeZone: string) {
    const date = localDate(receivedAt, timeZone);
    for (;;) {
      const lot = lotId('M', site, date, await next(`material-lot|${site}|${date}`));
      if (!(await lots.get(lot))) return lot;
    }
  }

  async function circumstances(unit: Work, supplier: string, part: string, order: string) {
    const [[s], [p], [o]] = [
      await unit.load(suppliers, [supplier]),
      await unit.load(parts, [part]),
      await unit.load(orders, [order]),
    ];
    if (!s || !p || !o) throw new Error('a load answers for every id');
    // A certificate withdrawn while the lot is being received must not slip by.
    await unit.touch(suppliers, supplier);
    return { supplier: s.state, part: p.state, order: o.state };
  }

  /** By our own id or by any name of the lot, the supplier's own number among them. */
  async function find(ref: LotRef): Promise<Stored<MaterialLot> | undefined> {
    if (ref.system === OWN_SYSTEM) return lots.get(ref.code);
    const lot = await names.find(ref);
    return lot === undefined ? undefined : lots.get(lot);
  }

  return { receive, name, review, find };
}

export type Receipts = ReturnType<typeof receipts>;
