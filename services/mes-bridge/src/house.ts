import type { Deps } from '@lotwarden/platform/service';
import { evolve as evolveEquipment, UNKNOWN_EQUIPMENT } from './equipment/equipment.ts';
import { MATERIALS, type Material } from './material/material.ts';
import { evolve as evolveMount, UNKNOWN_MOUNT } from './material-mount/material-mount.ts';
import { MACHINE_MOUNTS, type MachineMounts } from './material-mount/mounted-now.ts';
import { evolve as evolveOperation, UNKNOWN_OPERATION } from './operation/operation.ts';
import { evolve as evolveLoad, UNKNOWN_LOAD } from './process-load/process-load.ts';
import { evolve as evolveProduct, UNKNOWN_PRODUCT } from './product/product.ts';
import { evolve as evolveLot, UNKNOWN_LOT } from './production-lot/production-lot.ts';
import { PLACEHOLDER_USES } from './production-lot/placeholder-uses.ts';
import { SITES, type Site } from './site/site.ts';

/** The aggregates of this service, and what it keeps of its neighbours' facts. */
export const openHouse = ({ aggregate, collection }: Pick<Deps, 'aggregate' | 'collection'>) => ({
  products: aggregate({
    collection: 'products',
    topic: 'mes-bridge.product.v1',
    initial: UNKNOWN_PRODUCT,
    evolve: evolveProduct,
  }),
  equipment: aggregate({
    collection: 'equipment',
    topic: 'mes-bridge.equipment.v1',
    initial: UNKNOWN_EQUIPMENT,
    evolve: evolveEquipment,
  }),
  /** Also the gate's documents: a supplier lot that was asked for or consumed has one too, without a state. */
  lots: aggregate({
    collection: 'production_lots',
    topic: 'mes-bridge.production-lot.v1',
    initial: UNKNOWN_LOT,
    evolve: evolveLot,
    indexes: [{ key: { 'state.product': 1, _id: 1 } }, { key: { 'state.aliases.code': 1, _id: 1 } }],
  }),
  operations: aggregate({
    collection: 'operations',
    topic: 'mes-bridge.operation.v1',
    initial: UNKNOWN_OPERATION,
    evolve: evolveOperation,
    indexes: [
      { key: { 'state.inputs.lot': 1, _id: 1 } },
      { key: { 'state.outputs.lot': 1, _id: 1 } },
      { key: { 'state.scrap.lot': 1, _id: 1 } },
    ],
  }),
  mounts: aggregate({
    collection: 'material_mounts',
    topic: 'mes-bridge.mount.v1',
    initial: UNKNOWN_MOUNT,
    evolve: evolveMount,
    indexes: [{ key: { 'state.place.equipment': 1, _id: 1 } }, { key: { 'state.lot': 1, _id: 1 } }],
  }),
  loads: aggregate({
    collection: 'process_loads',
    topic: 'mes-bridge.process-load.v1',
    initial: UNKNOWN_LOAD,
    evolve: evolveLoad,
    indexes: [
      { key: { 'state.exposure.members.lot': 1, _id: 1 } },
      { key: { 'state.exposure.operations': 1, _id: 1 } },
    ],
  }),
  machineMounts: collection<MachineMounts>(MACHINE_MOUNTS),
  materials: collection<Material>(MATERIALS),
  sites: collection<Site>(SITES),
  placeholderUses: collection(PLACEHOLDER_USES),
});

export type House = ReturnType<typeof openHouse>;
