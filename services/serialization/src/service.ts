import { gate as createGate } from '@lotwarden/platform/gate';
import { lotDirectory } from '@lotwarden/platform/lot-directory';
import { service } from '@lotwarden/platform/service';
import { config } from './config.ts';
import { containerRoutes } from './container/container.routes.ts';
import { openHouse } from './house.ts';
import { invariantRoutes } from './invariants.routes.ts';
import { messages } from './messages.ts';
import { described } from './product/described.consumer.ts';
import { operationsHeard } from './serial-range/operations.consumer.ts';
import { serialRoutes } from './serial-range/serial.routes.ts';

export default service('serialization', config, (deps) => {
  const house = openHouse(deps);
  const gate = createGate({
    name: 'serialization',
    aggregate: house.serials,
    drains: [
      { topic: 'mes-bridge.operation.v1', group: 'serialization.operation' },
      { topic: 'mes-bridge.production-lot.v1', group: 'serialization.lots' },
    ],
  });
  return {
    messages,
    http: [
      serialRoutes({ deps, house, gate }),
      containerRoutes({ deps, house, gate, ssccPrefix: deps.config.ssccPrefix }),
      invariantRoutes(house),
    ],
    gates: [gate],
    consumers: [...described(house, lotDirectory(deps)), operationsHeard(house)],
  };
});
