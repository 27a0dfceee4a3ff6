import type { Deps } from '@lotwarden/platform/service';
import { evolve as evolveContainer, NO_CONTAINER } from './container/container.ts';
import { evolve as evolveDestruction, NO_DESTRUCTION } from './destruction/destruction.ts';
import { openMergedLots } from './lot/merged-lots.store.ts';
import { openMovementOrders, orderBooks } from './movement-order/orders.store.ts';
import { evolve as evolveEffects, NO_EFFECTS } from './operation/effects.ts';
import { pickBooks } from './pick/picks.store.ts';
import { openCommanded } from './record/commanded.store.ts';
import { evolve as evolveReturn, NO_RETURN } from './return/return.ts';
import { evolve as evolveShipment, UNKNOWN_SHIPMENT } from './shipment/shipment.ts';
import { openPlaces, openSites } from './site/places.store.ts';
import { openStocks } from './stock/stock.store.ts';

/** Its place in every topic it hears. */
export const GROUP = 'warehouse.stock';

/** The aggregates of this service, each in a collection of its own. */
export function openHouse(deps: Pick<Deps, 'aggregate' | 'collection'>) {
  const { aggregate } = deps;
  const sites = openSites(deps);
  const places = openPlaces(sites);
  const stocks = openStocks(deps);
  /** No plain documents: a shipment must notice that a container was opened while it was being decided. */
  const containers = aggregate({ collection: 'containers', initial: NO_CONTAINER, evolve: evolveContainer });
  const mergedLots = openMergedLots(deps, stocks, places);
  const movementOrders = openMovementOrders(deps);
  const orders = orderBooks(movementOrders, mergedLots);
  return {
    sites,
    places,
    stocks,
    containers,
    picks: pickBooks({ stocks, places, containers, orders }),
    mergedLots,
    movementOrders,
    orders,
    effects: aggregate({ collection: 'operation_effects', initial: NO_EFFECTS, evolve: evolveEffects }),
    shipments: aggregate({
      collection: 'shipments',
      topic: 'warehouse.shipment.v1',
      initial: UNKNOWN_SHIPMENT,
      evolve: evolveShipment,
      indexes: [{ key: { 'state.custodian': 1, _id: 1 } }, { key: { 'state.lines.lot': 1, _id: 1 } }],
    }),
    returns: aggregate({
      collection: 'returns',
      topic: 'warehouse.return.v1',
      initial: NO_RETURN,
      evolve: evolveReturn,
      indexes: [{ key: { 'state.from': 1, _id: 1 } }, { key: { 'state.lines.lot': 1, _id: 1 } }],
    }),
    destructions: aggregate({
      collection: 'destructions',
      topic: 'warehouse.destruction.v1',
      initial: NO_DESTRUCTION,
      evolve: evolveDestruction,
      indexes: [{ key: { 'state.lines.lot': 1, _id: 1 } }],
    }),
    commanded: openCommanded(deps),
  };
}

export type House = ReturnType<typeof openHouse>;
