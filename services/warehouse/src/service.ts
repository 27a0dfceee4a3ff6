import { gate as createGate } from '@lotwarden/platform/gate';
import { service } from '@lotwarden/platform/service';
import { config } from './config.ts';
import { messages } from './messages.ts';
import { openPlaces, openSites } from './site/places.store.ts';
import { siteRoutes } from './site/site.routes.ts';
import { stockRoutes } from './stock/stock.routes.ts';
import { openStocks } from './stock/stock.store.ts';

export default service('warehouse', config, (deps) => {
  const sites = openSites(deps);
  const places = openPlaces(sites);
  const stocks = openStocks(deps);
  const gate = createGate({ name: 'warehouse', aggregate: stocks, drains: [] });
  return {
    messages,
    http: [siteRoutes({ sites }), stockRoutes({ db: deps.db, stocks })],
    gates: [gate],
    onStart: () => places.remember(),
  };
});
