import { gate as createGate } from '@lotwarden/platform/gate';
import { lotDirectory } from '@lotwarden/platform/lot-directory';
import { service } from '@lotwarden/platform/service';
import { config } from './config.ts';
import { containerRoutes } from './container/container.routes.ts';
import { packing as createPacking } from './container/packing.store.ts';
import { openHouse } from './house.ts';
import { invariants } from './invariant/invariants.store.ts';
import { messages } from './messages.ts';
import { described } from './product/described.consumer.ts';
import { serialFinder } from './serial-range/find-serials.store.ts';
import { serialFollower } from './serial-range/follow-serials.store.ts';
import { labelRoutes } from './serial-range/label.routes.ts';
import { operationsHeard } from './serial-range/operations.consumer.ts';
import { serialRoutes } from './serial-range/serial.routes.ts';

export default service('serialization', config, (deps) => {
  const house = openHouse(deps);
  const finder = serialFinder(house);
  const follower = serialFollower(house, finder);
  const packing = createPacking(deps, house, deps.config.companyPrefix);
  const gate = createGate({
    name: 'serialization',
    aggregate: house.serials,
    drains: [
      { topic: 'mes-bridge.operation.v1', group: 'serialization.operation' },
      { topic: 'mes-bridge.production-lot.v1', group: 'serialization.lots' },
      { topic: 'receiving.material-lot.v1', group: 'serialization.lots' },
    ],
  });
  return {
    messages,
    http: [
      serialRoutes({ deps, house, finder, follower, gate }),
      labelRoutes({ house, gate }),
      containerRoutes({ house, packing, gate }),
    ],
    invariants: () => invariants(house),
    gates: [gate],
    consumers: [...described({ house, directory: lotDirectory(deps), follower }), operationsHeard(follower)],
  };
});
