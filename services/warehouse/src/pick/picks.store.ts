import type { LotLine } from '@lotwarden/contracts/events';
import { isPlaceholder } from '@lotwarden/platform/ids';
import { Rejected } from '@lotwarden/platform/errors';
import { assertFree, mayMoveUnreleased, type Direction } from '@lotwarden/platform/gate';
import { assertOwnSite } from '@lotwarden/platform/own-site';
import type { Aggregate, Work } from '@lotwarden/platform/store';
import type { ContainerEvent } from '../container/container.ts';
import { lineFindings, refuseOnFinding } from '../shipment/check-line.ts';
import { checkSeals, expandContainers, type KnownContainer, type NamedSeal } from '../shipment/expand-containers.ts';
import type { ShippingPurpose } from '../shipment/purposes.ts';
import type { OrderBooks } from '../movement-order/orders.store.ts';
import type { PlacesOf } from '../site/places.store.ts';
import { arrived, causedBy, packStock, pickedFor, pickStock, putBack } from '../stock/stage-stock.ts';
import type { Staged } from '../stock/staged.ts';
import type { Stocks } from '../stock/stock.store.ts';
import type { Stock, StockEvent } from '../stock/stock.ts';
import { disposable, shippable } from '../stock/take-stock.ts';

export interface Pick {
  readonly shipment: string;
  readonly site: string;
  readonly market: string;
  readonly purpose: ShippingPurpose;
  readonly lines: readonly LotLine[];
  readonly seals: readonly NamedSeal[];
}

/** What one shipment has of one lot. */
export interface StagedLot extends Staged {
  readonly lot: string;
}

interface Needs {
  readonly stocks: Stocks;
  readonly places: PlacesOf;
  readonly containers: Aggregate<KnownContainer, ContainerEvent>;
  readonly orders: OrderBooks;
}

const LARGEST_SHIPMENT = 500;

/** What shipments have taken from their places, lot by lot in the gate's own documents: there is no list beside them. */
export function pickBooks({ stocks, places, containers, orders }: Needs) {
  async function lotsOf(shipment: string): Promise<string[]> {
    const { items } = await stocks.find({ 'state.staged.shipment': shipment }, { limit: LARGEST_SHIPMENT });
    return items.map(({ id }) => id);
  }

  const changeAll = async (work: Work, lots: readonly string[], decide: (stock: Stock) => StockEvent[]) => {
    for (const lot of lots) await work.change(stocks, lot, decide);
  };

  async function staged(work: Work, shipment: string, lots: readonly string[]): Promise<StagedLot[]> {
    const loaded = await work.load(stocks, lots);
    return loaded.flatMap(({ id, state }) => pickedFor(state, shipment).map((one) => ({ lot: id, ...one })));
  }

  /** Lines with what lies in their containers. Somebody who opens one meanwhile makes the decision run again. */
  async function withContents(work: Work, lines: readonly LotLine[], named: readonly NamedSeal[]) {
    const ids = [...new Set(lines.flatMap((line) => line.containers))];
    const found = await work.load(containers, ids);
    for (const id of ids) await work.touch(containers, id);
    const known = (id: string) => found.find((container) => container.id === id)?.state;
    return { lines: expandContainers(lines, known), seals: checkSeals(lines, named, known) };
  }

  return {
    lotsOf,
    withContents,

    /** All lots of the pick in one transaction, each on its gate's document, or nothing. */
    async pick(work: Work, { shipment, site, market, purpose, lines, seals }: Pick, direction: Direction | undefined) {
      const { kind, registered } = await places.of(work, site);
      if (!registered) throw new Rejected('site-unknown', { site });
      const order = purpose === 'sale' ? shippable(kind) : disposable(kind);
      const destination = { market, unreleased: mayMoveUnreleased(purpose, direction) };
      const { lines: wanted } = await withContents(work, lines, seals);
      for (const line of wanted)
        await work.change(stocks, line.lot, (stock, { id, holds }) => {
          if (stock.lot === '' || isPlaceholder(id)) throw new Rejected('lot-unknown', { lot: id }, 409);
          assertFree({ id, holds }, line.serials, purpose === 'sale' ? 'pick' : purpose, direction);
          // A pick that is asked for again is the one there is, although its units are taken.
          const others = { ...stock, staged: stock.staged.filter((one) => one.shipment !== shipment) };
          refuseOnFinding(lineFindings(others, line, destination));
          return pickStock(stock, { line, site, shipment }, order);
        });
      if (direction)
        for (const { lot, quantity } of wanted)
          await orders.check(work, direction.order, { lot, quantity, purpose, site, cause: causedBy(shipment) });
      return staged(
        work,
        shipment,
        wanted.map(({ lot }) => lot),
      );
    },

    /** Made ready for the lorry. What is held stays where it was picked. */
    async pack(work: Work, shipment: string, lots: readonly string[]): Promise<StagedLot[]> {
      for (const lot of lots)
        await work.change(stocks, lot, (stock, { id, holds }) => {
          for (const { serials, site } of pickedFor(stock, shipment)) {
            assertOwnSite(work.context, site);
            assertFree({ id, holds }, serials, 'pick');
          }
          return packStock(stock, shipment);
        });
      return staged(work, shipment, lots);
    },

    putBack: (work: Work, shipment: string, lots: readonly string[]): Promise<void> =>
      changeAll(work, lots, (stock) => {
        for (const { site } of pickedFor(stock, shipment)) assertOwnSite(work.context, site);
        return putBack(stock, shipment);
      }),

    /** What was picked and did not go with the shipment is free again. */
    putBackRest: async (work: Work, shipment: string, shipped: readonly LotLine[]): Promise<void> => {
      const rest = (await lotsOf(shipment)).filter((lot) => !shipped.some((line) => line.lot === lot));
      await changeAll(work, rest, (stock) => putBack(stock, shipment));
    },

    deliver: (work: Work, shipment: string, lots: readonly string[]): Promise<void> =>
      changeAll(work, lots, (stock) => arrived(stock, shipment)),
  };
}
