import { gate as createGate } from '@lotwarden/platform/gate';
import { service } from '@lotwarden/platform/service';
import { config } from './config.ts';
import { inspectionDecided } from './material-lot/inspection-decided.consumer.ts';
import { productionLotsNamed } from './material-lot/production-lots-named.consumer.ts';
import { materialLotRoutes } from './material-lot/material-lot.routes.ts';
import { materialLots, receipts as createReceipts } from './material-lot/material-lot.store.ts';
import { messages } from './messages.ts';
import { partRoutes } from './part/part.routes.ts';
import { evolve as evolvePart, UNKNOWN_PART } from './part/part.ts';
import { purchaseOrderRoutes } from './purchase-order/purchase-order.routes.ts';
import { evolve as evolveOrder, UNKNOWN_ORDER } from './purchase-order/purchase-order.ts';
import { supplierRoutes } from './supplier/supplier.routes.ts';
import { evolve as evolveSupplier, UNKNOWN_SUPPLIER } from './supplier/supplier.ts';

export default service('receiving', config, (deps) => {
  const { aggregate } = deps;
  const suppliers = aggregate({
    collection: 'suppliers',
    topic: 'receiving.supplier.v1',
    initial: UNKNOWN_SUPPLIER,
    evolve: evolveSupplier,
  });
  const parts = aggregate({
    collection: 'parts',
    topic: 'receiving.part.v1',
    initial: UNKNOWN_PART,
    evolve: evolvePart,
  });
  const orders = aggregate({
    collection: 'purchase_orders',
    topic: 'receiving.purchase-order.v1',
    initial: UNKNOWN_ORDER,
    evolve: evolveOrder,
  });
  const lots = materialLots(deps);
  const receipts = createReceipts(deps, lots, { suppliers, parts, orders });
  const gate = createGate({
    name: 'receiving',
    aggregate: lots,
    drains: [{ topic: 'qms.inspection.v1', group: 'receiving.material-lot' }],
  });
  return {
    messages,
    http: [
      supplierRoutes({ suppliers }),
      partRoutes({ parts }),
      purchaseOrderRoutes({ orders }),
      materialLotRoutes({ deps, lots, receipts, gate }),
    ],
    gates: [gate],
    consumers: [inspectionDecided({ lots, suppliers }), productionLotsNamed()],
  };
});
