import { gate as createGate } from '@lotwarden/platform/gate';
import { lotDirectory } from '@lotwarden/platform/lot-directory';
import { service } from '@lotwarden/platform/service';
import { config } from './config.ts';
import { containersDescribed } from './container/containers.consumer.ts';
import { openHouse } from './house.ts';
import { lotsDeclared } from './lot/lots.consumer.ts';
import { releases } from './lot/releases.consumer.ts';
import { serials } from './lot/serials.consumer.ts';
import { messages } from './messages.ts';
import { operationsReported } from './operation/operations.consumer.ts';
import { openNumbers } from './record/numbers.store.ts';
import { dispatcher } from './shipment/dispatch.store.ts';
import { shipmentRoutes } from './shipment/shipment.routes.ts';
import { siteRoutes } from './site/site.routes.ts';
import { stockRoutes } from './stock/stock.routes.ts';

export default service('warehouse', config, (deps) => {
  const house = openHouse(deps);
  const directory = lotDirectory(deps);
  const consumers = [
    ...lotsDeclared({ house, directory }),
    operationsReported(house),
    releases(house),
    serials(house),
    containersDescribed(house),
  ];
  const gate = createGate({
    name: 'warehouse',
    aggregate: house.stocks,
    drains: consumers.map(({ topic, group }) => ({ topic, group })),
  });
  const number = openNumbers(deps);
  const dispatch = dispatcher({ deps, house, gate });
  return {
    messages,
    http: [
      siteRoutes(house),
      stockRoutes({ db: deps.db, stocks: house.stocks }),
      shipmentRoutes({ deps, house, dispatch, number }),
    ],
    gates: [gate],
    consumers,
    onStart: () => house.places.remember(),
  };
});
