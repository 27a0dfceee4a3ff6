import type { LotLine } from '@lotwarden/contracts/events';
import { Rejected } from '@lotwarden/platform/errors';
import {
  acknowledgedSoFar,
  assertFree,
  mayMoveUnreleased,
  type Acknowledged,
  type Direction,
  type Gate,
} from '@lotwarden/platform/gate';
import type { Deps } from '@lotwarden/platform/service';
import type { Context, Loaded, PlainDocument, Stored } from '@lotwarden/platform/store';
import type { House } from '../house.ts';
import type { Stock } from '../stock/stock.ts';
import { disposable, shippable } from '../stock/take-stock.ts';
import { sameGoods } from './compare-lines.ts';
import type { NamedSeal, Seal } from './expand-containers.ts';
import { DESTINATIONS, type ShippingPurpose } from './purposes.ts';
import { shipmentRecord } from './report.store.ts';
import { shipOut } from './ship-out.ts';
import type { Dispatched, Shipment } from './shipment.ts';

export interface Dispatch {
  readonly shipment: string;
  readonly site: string;
  readonly soldTo: string;
  readonly shipTo: string;
  readonly custodian: string;
  readonly market: string;
  readonly purpose: ShippingPurpose;
  /** The signed order that directs goods which are not simply sold. */
  readonly order?: string | undefined;
  readonly lines: readonly LotLine[];
  /** Seals as the papers name them. */
  readonly seals: readonly NamedSeal[];
  readonly dispatchedAt: string;
}

/** How far the gate had acknowledged when a command let goods go: what the invariant is checked against. */
export interface DispatchEvidence extends PlainDocument {
  readonly purpose: string;
  /** The signed order that directed it; null for a sale. */
  readonly order?: string | null;
  readonly lines: readonly LotLine[];
  /** Under which seals the containers left. */
  readonly seals?: readonly (Seal & { readonly container: string })[];
  /** Null: nothing, ever. */
  readonly acknowledged: Acknowledged | null;
}

export const EVIDENCE = 'dispatch_evidence';

interface Needs {
  readonly deps: Pick<Deps, 'work' | 'db' | 'collection'>;
  readonly house: House;
  readonly gate: Gate;
}

/** Ships on command: all lots of the shipment in one transaction, each on its gate's document, or nothing. */
export function dispatcher({ deps: { work, db, collection }, house, gate }: Needs) {
  const { shipments, stocks, places, picks, orders, commanded } = house;
  collection<DispatchEvidence>(EVIDENCE);

  return (asked: Dispatch, context: Context): Promise<Stored<Shipment>> =>
    work(context, async (unit) => {
      const [known] = await unit.load(shipments, [asked.shipment]);
      if (known?.state.status === 'dispatched') return repeated(known, known.state, asked);
      gate.assertOpen();
      const { kind, registered } = await places.of(unit, asked.site);
      if (!registered) throw new Rejected('site-unknown', { site: asked.site });
      const direction = directionOf(asked);
      // Before anything is decided: whatever it covers was acknowledged before the goods went.
      const acknowledged = await acknowledgedSoFar(db);
      const { lines, seals } = await picks.withContents(unit, asked.lines, asked.seals);
      const order = asked.purpose === 'sale' ? shippable(kind) : disposable(kind);
      const destination = { market: asked.market, unreleased: mayMoveUnreleased(asked.purpose, direction) };
      let picked = false;
      for (const line of lines) {
        const { events } = await unit.change(stocks, line.lot, (stock: Stock, { id, holds }: Loaded) => {
          if (stock.lot === '') throw new Rejected('lot-unknown', { lot: id }, 409);
          assertFree({ id, holds }, line.serials, asked.purpose, direction);
          return shipOut(stock, { shipment: asked.shipment, site: asked.site, line, destination }, order);
        });
        picked ||= events.some(({ type }) => type === 'StockStaged');
      }
      if (direction)
        for (const { lot, quantity } of lines)
          await orders.use(unit, direction.order, { ...movementOf(asked), lot, quantity });
      if (picked) await picks.putBackRest(unit, asked.shipment, lines);
      const { order: directedBy, seals: _, ...facts } = asked;
      const evidence = { purpose: asked.purpose, order: directedBy ?? null, lines, seals, acknowledged };
      unit.insert(EVIDENCE, { _id: asked.shipment, ...evidence });
      commanded.mark(unit, shipmentRecord(asked.shipment));
      return unit.append(shipments, asked.shipment, [
        { type: 'ShipmentDispatched', ...facts, origin: 'command', lines, violations: [] },
      ]);
    });
}

export type Dispatcher = ReturnType<typeof dispatcher>;

/** The same shipment asked for again is the shipment there is. */
function repeated(known: Stored<Shipment>, state: Dispatched, asked: Dispatch): Stored<Shipment> {
  const fields = ['site', 'soldTo', 'shipTo', 'custodian', 'market', 'purpose'] as const;
  if (fields.every((field) => state[field] === asked[field]) && sameGoods(state.lines, asked.lines)) return known;
  throw new Rejected('shipment-already-dispatched', { shipment: asked.shipment });
}

export function directionOf({ purpose, order }: Pick<Dispatch, 'purpose' | 'order'>): Direction | undefined {
  const destination = DESTINATIONS[purpose];
  if (destination === null) return undefined;
  if (order === undefined) throw new Rejected('order-missing', { purpose });
  return { destination, order };
}

/** What an order has to speak of, to let this go. */
const movementOf = ({ shipment, site, purpose, shipTo }: Dispatch) => ({
  site,
  purpose,
  to: shipTo,
  cause: { kind: 'shipment', id: shipment },
});
