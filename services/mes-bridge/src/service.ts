import { gate as createGate } from '@lotwarden/platform/gate';
import { lotDirectory } from '@lotwarden/platform/lot-directory';
import { service } from '@lotwarden/platform/service';
import { config } from './config.ts';
import { equipmentRoutes } from './equipment/equipment.routes.ts';
import { openHouse } from './house.ts';
import { materialsHeard } from './material/materials.consumer.ts';
import { materialMountRoutes } from './material-mount/material-mount.routes.ts';
import { messages } from './messages.ts';
import { invariants } from './operation/invariants.store.ts';
import { mesReported } from './operation/mes-reported.consumer.ts';
import { operationRoutes } from './operation/operation.routes.ts';
import { reassessing } from './operation/reassess.store.ts';
import { startCheckRoutes } from './operation/start-check.routes.ts';
import { processLoadRoutes } from './process-load/process-load.routes.ts';
import { productRoutes } from './product/product.routes.ts';
import { productsSpecified } from './product/products.consumer.ts';
import { lotNames } from './production-lot/name-lots.store.ts';
import { placeholders as unknownLots } from './production-lot/placeholders.store.ts';
import { productionLotRoutes } from './production-lot/production-lot.routes.ts';
import { sitesHeard } from './site/sites.consumer.ts';

export default service('mes-bridge', config, (deps) => {
  const { timeZone } = deps.config;
  const house = openHouse(deps);
  const directory = lotDirectory(deps);
  const reassess = reassessing(house);
  const placeholders = unknownLots(house, reassess);
  const names = lotNames({ deps, house, directory, placeholders, timeZone });
  const gate = createGate({
    name: 'mes-bridge',
    aggregate: house.lots,
    drains: [
      { topic: 'mes.inbound.v1', group: 'mes-bridge.operation' },
      { topic: 'receiving.material-lot.v1', group: 'mes-bridge.material' },
    ],
  });
  return {
    messages,
    http: [
      productRoutes(house),
      equipmentRoutes(house),
      productionLotRoutes({ deps, house, names }),
      startCheckRoutes({ deps, house, directory, gate }),
      operationRoutes(house),
      materialMountRoutes(house),
      processLoadRoutes(house),
    ],
    invariants: invariants(deps, house),
    gates: [gate],
    consumers: [
      mesReported({ house, names }),
      materialsHeard({ directory, placeholders, reassess }),
      productsSpecified({ deps, house, reassess }),
      sitesHeard(),
    ],
  };
});
