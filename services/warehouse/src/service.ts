import { gate as createGate } from '@lotwarden/platform/gate';
import { lotDirectory } from '@lotwarden/platform/lot-directory';
import { service } from '@lotwarden/platform/service';
import { showSignatures } from '@lotwarden/platform/show-signatures';
import { signOff } from '@lotwarden/platform/sign-off';
import { remoteSigningKeys, signatureVerifier } from '@lotwarden/platform/verify-signature';
import { config } from './config.ts';
import { containersDescribed } from './container/containers.consumer.ts';
import { destructionRoutes } from './destruction/destruction.routes.ts';
import { destructionBooks } from './destruction/destructions.store.ts';
import { openHouse } from './house.ts';
import { goodsReported } from './inbound/goods-reported.consumer.ts';
import { parties } from './inbound/parties.consumer.ts';
import { invariants } from './invariant/invariants.store.ts';
import { lotsDeclared } from './lot/lots.consumer.ts';
import { releases } from './lot/releases.consumer.ts';
import { serials } from './lot/serials.consumer.ts';
import { messages } from './messages.ts';
import { movementOrderRoutes } from './movement-order/movement-order.routes.ts';
import { operationsReported } from './operation/operations.consumer.ts';
import { pickRoutes } from './pick/pick.routes.ts';
import { openNumbers } from './record/numbers.store.ts';
import { returnRoutes } from './return/return.routes.ts';
import { returnBooks } from './return/returns.store.ts';
import { dispatcher } from './shipment/dispatch.store.ts';
import { shipmentReports } from './shipment/report.store.ts';
import { shipmentRoutes } from './shipment/shipment.routes.ts';
import { siteRoutes } from './site/site.routes.ts';
import { inFlightRoutes } from './stock/in-flight.routes.ts';
import { inFlight } from './stock/in-flight.ts';
import { stockCommandRoutes } from './stock/stock-commands.routes.ts';
import { stockRoutes } from './stock/stock.routes.ts';

export default service('warehouse', config, (deps) => {
  const house = openHouse(deps);
  const directory = lotDirectory(deps);
  const returns = returnBooks(house);
  const destructions = destructionBooks(house);
  const consumers = [
    ...lotsDeclared({ house, directory }),
    operationsReported(house),
    releases(house),
    serials(house),
    containersDescribed(house),
    parties(deps),
    goodsReported({ house, directory, shipments: shipmentReports(house), returns, destructions }),
  ];
  const gate = createGate({
    name: 'warehouse',
    aggregate: house.stocks,
    inFlight: ({ state }) => inFlight(state, house.places.lastKnownKind),
    drains: consumers.map(({ topic, group }) => ({ topic, group })),
  });
  const number = openNumbers(deps);
  const keys = remoteSigningKeys(new URL(deps.config.signingKeysUrl));
  const signing = signOff(signatureVerifier(keys));
  const showing = showSignatures(keys, () => deps.clock.now().getTime());
  return {
    messages,
    http: [
      siteRoutes(house),
      stockRoutes({ db: deps.db, stocks: house.stocks }),
      stockCommandRoutes({ deps, house, gate }),
      inFlightRoutes(house),
      movementOrderRoutes({ house, number, signing, showing }),
      pickRoutes({ deps, house, gate }),
      shipmentRoutes({ deps, house, dispatch: dispatcher({ deps, house, gate }), number }),
      returnRoutes({ deps, house, books: returns, number }),
      destructionRoutes({ deps, house, books: destructions, number, gate, signing, showing }),
    ],
    invariants: invariants(deps.db, house),
    gates: [gate],
    consumers,
    onStart: () => house.places.remember(),
  };
});
