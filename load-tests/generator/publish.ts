import type { EventOf, Records } from '@lotwarden/contracts/events';
import type { CustodyBooked, Goods, Happening, Loaded, OperationDone, Shipped, StockBooked, Used } from './world.ts';

/** An event as its owner would publish it: numbered within its aggregate. */
export interface ToldAbout<T extends keyof Records> {
  readonly topic: T;
  readonly aggregate: string;
  readonly version: number;
  readonly id: string;
  readonly occurredAt: string;
  readonly event: EventOf<T>;
}

export type Told = { [T in keyof Records]: ToldAbout<T> }[keyof Records];

type Say = <T extends keyof Records>(topic: T, aggregate: string, event: EventOf<T>) => Told;

const DAY = '2026-01-01T08:00:00.000Z';
const MATERIALS = 'receiving.material-lot.v1';
const LOTS = 'mes-bridge.production-lot.v1';
const OPERATIONS = 'mes-bridge.operation.v1';
const MOUNTS = 'mes-bridge.mount.v1';
const LOADS = 'mes-bridge.process-load.v1';
const SERIALS = 'serialization.serial-range.v1';

/** So many minutes after everything began. */
const moment = (minutes: number): string => new Date(Date.parse(DAY) + minutes * 60_000).toISOString();

const quantity = ({ amount, unit }: Pick<Goods, 'amount' | 'unit'>) => ({ value: String(amount), unit });
const flow = (goods: Goods) => ({ lot: goods.as, quantity: quantity(goods), serials: goods.serials });
const line = (goods: Goods) => ({ ...flow(goods), containers: [] });
const input = (used: Used) => ({ ...flow(used), edge: used.edge, certainty: used.certainty });

/** The events by which the services tell of what happened; each happening needs some, in this order. */
export function* publish(happenings: Iterable<Happening>): Generator<Told> {
  const versions = countVersions();
  const say: Say = (topic, aggregate, event) => {
    const version = versions.next(`${topic}|${aggregate}`);
    return { topic, aggregate, version, id: `${aggregate}:${String(version)}@1`, occurredAt: DAY, event } as Told;
  };
  for (const happening of happenings) yield* tell(say, happening);
}

function* tell(say: Say, happening: Happening): Generator<Told> {
  switch (happening.what) {
    case 'lot':
      yield tellLot(say, happening);
      break;
    case 'alias': {
      const { lot, kind, alias, placeholder } = happening;
      const event = { type: 'LotAliasAssigned', lot, alias, placeholder } as const;
      yield kind === 'material' ? say(MATERIALS, lot, event) : say(LOTS, lot, event);
      break;
    }
    case 'serials':
      yield say(SERIALS, happening.lot, { type: 'SerialsCommissioned', lot: happening.lot, product: 'IP-200', ranges: happening.ranges }); // prettier-ignore
      break;
    case 'ended': {
      const { lot, ranges, operation } = happening;
      yield say(SERIALS, lot, { type: 'SerialsScrapped', lot, ranges, operation });
      break;
    }
    case 'operation':
      yield* tellOperation(say, happening);
      break;
    case 'void': {
      const { operation, back } = happening;
      yield say(OPERATIONS, operation, { type: 'OperationVoided', operation, reason: 'not so', replacedBy: null });
      yield* tellMoves(say, operation, back.map(({ from, to, ranges }) => ({ from: to, to: from, ranges }))); // prettier-ignore
      break;
    }
    case 'mounted':
    case 'unmounted':
    case 'claimed':
    case 'mount-void':
      yield tellMount(say, happening);
      break;
    case 'load':
      yield tellLoad(say, happening);
      break;
    case 'load-void': {
      const { load } = happening;
      yield say(LOADS, load, { type: 'ProcessLoadVoided', load, reason: 'another cycle', replacedBy: null });
      break;
    }
    case 'stock':
      yield tellStock(say, happening);
      break;
    case 'merge':
      for (const booked of happening.booked)
        yield booked.what === 'stock' ? tellStock(say, booked) : tellCustody(say, booked);
      break;
    case 'shipped':
      yield* tellShipment(say, happening);
      break;
    case 'custody':
      yield tellCustody(say, happening);
      if (happening.backTo !== null) yield* tellReturn(say, happening, happening.backTo);
      break;
  }
}

function tellLot(say: Say, happening: Extract<Happening, { what: 'lot' }>): Told {
  const { lot, kind, site, item, supplier, aliases } = happening;
  if (kind !== 'material')
    return say(LOTS, lot, {
      type: 'ProductionLotDeclared',
      lot,
      product: kind === 'unknown' ? null : item,
      revision: null,
      kind,
      site,
      workOrder: `WO-${lot}`,
      aliases,
      placeholder: kind === 'unknown',
    });
  return say(MATERIALS, lot, {
    type: 'MaterialLotReceived',
    lot,
    part: item,
    revision: 'A',
    supplier,
    supplierLot: aliases[0]?.code ?? lot,
    purchaseOrder: null,
    quantity: quantity(happening),
    site,
    location: 'DOCK',
    receivedAt: DAY,
    expiresAt: null,
    aliases,
    coa: [],
    coaVerdict: 'pass',
    hindrances: [],
  });
}

function* tellOperation(say: Say, done: OperationDone): Generator<Told> {
  const { id: operation, site, kind, inputs, outputs, scrap, moves, missing } = done;
  const onTime = inputs.slice(0, inputs.length - done.lateInputs);
  const made = outputs.slice(0, outputs.length - done.lateOutputs);
  const violations = missing === null ? [] : [{ code: 'operation-input-missing', lot: null, detail: missing }];
  if (done.told) {
    yield say(OPERATIONS, operation, {
      type: 'OperationRecorded',
      operation,
      sourceSystem: `MES-${site}`,
      sourceOperation: operation,
      kind,
      workOrder: null,
      site,
      equipment: done.equipment,
      operator: null,
      parameters: [],
      tools: [],
      gauges: [],
      softwareVersion: null,
      labelVersion: null,
      load: done.load,
      startedAt: moment(done.startedAt),
      endedAt: moment(done.endedAt),
      inputs: onTime.map(input),
      outputs: made.map(flow),
      scrap: scrap.map(flow),
      violations,
    });
    for (const late of inputs.slice(onTime.length))
      yield say(OPERATIONS, operation, { type: 'OperationInputAdded', operation, input: input(late), outputs: made.map(flow), violations }); // prettier-ignore
    for (const late of outputs.slice(made.length))
      yield say(OPERATIONS, operation, { type: 'OperationOutputAdded', operation, output: flow(late), inputs: onTime.map(input), violations }); // prettier-ignore
  }
  yield* tellMoves(say, operation, moves);
}

type OfMount = Extract<Happening, { what: 'mounted' | 'unmounted' | 'claimed' | 'mount-void' }>;

function tellMount(say: Say, happening: OfMount): Told {
  const { mount } = happening;
  const common = { mount, sourceSystem: 'MES', sourceMount: mount, operator: null, violations: [] };
  switch (happening.what) {
    case 'mounted': {
      const { site, equipment, position, as: lot, at, mixing } = happening;
      const place = { site, equipment, position, lot, quantity: null, mixing, mountedAt: moment(at) };
      return say(MOUNTS, mount, { type: 'MaterialMounted', ...common, ...place });
    }
    case 'unmounted': {
      const { site, equipment, position, said, at, empty } = happening;
      const remaining = empty ? { value: '0', unit: 'EA' } : null;
      const place = { site, equipment, position, lot: said?.as ?? null, remaining, unmountedAt: moment(at) };
      return say(MOUNTS, mount, { type: 'MaterialUnmounted', ...common, ...place });
    }
    case 'claimed': {
      const unsaid = { quantity: null, mountedAt: null, unmountedAt: null, remaining: null };
      return say(MOUNTS, mount, { type: 'MaterialMountFlagged', mount, lot: happening.as, ...unsaid, violations: [] });
    }
    case 'mount-void':
      return say(MOUNTS, mount, { type: 'MaterialMountVoided', mount, reason: 'not so', replacedBy: null });
  }
}

function tellLoad(say: Say, { load, site, startedAt, endedAt, members, operations, serves }: Loaded): Told {
  return say(LOADS, load, {
    type: 'ProcessLoadRecorded',
    load,
    sourceSystem: `MES-${site}`,
    sourceLoad: load,
    kind: 'steriliser',
    site,
    equipment: null,
    operator: null,
    startedAt: moment(startedAt),
    endedAt: endedAt === null ? null : moment(endedAt),
    parameters: [],
    members: members.map(line),
    operations,
    serves,
    violations: [],
  });
}

function* tellMoves(say: Say, operation: string, moves: OperationDone['moves']): Generator<Told> {
  for (const { from, to, ranges } of moves) {
    const [lot, toLot] = [from.as, to.as];
    yield say(SERIALS, lot, { type: 'SerialsMovedOut', lot, toLot, ranges, operation });
    yield say(SERIALS, toLot, { type: 'SerialsMovedIn', lot: toLot, fromLot: lot, ranges, operation });
  }
}

const STOCK_EVENTS = {
  received: 'StockReceived',
  issued: 'StockIssued',
  scrapped: 'StockScrapped',
  destroyed: 'StockDestroyed',
  shipped: 'StockShipped',
  returned: 'StockReturned',
} as const;

function tellStock(say: Say, booked: StockBooked): Told {
  const { book, cause: kind, id, site, location } = booked;
  const { lot, quantity: moved, serials } = flow(booked);
  const common = { lot, quantity: moved, site, violations: [] };
  const cause = { kind, id };
  if (book === 'adjusted')
    return say('warehouse.stock.v1', lot, { type: 'StockAdjusted', ...common, location, reason: kind });
  if (book === 'moved')
    return say('warehouse.stock.v1', lot, { type: 'StockMoved', ...common, fromLocation: location, toLocation: 'DOCK', cause }); // prettier-ignore
  return say('warehouse.stock.v1', lot, { type: STOCK_EVENTS[book], ...common, location, serials, cause });
}

function* tellShipment(say: Say, { shipment, site, custodian, lines }: Shipped): Generator<Told> {
  const cause = { kind: 'shipment', id: shipment };
  for (const goods of lines)
    yield say('warehouse.stock.v1', goods.as, { type: 'StockShipped', ...flow(goods), site, location: 'STORE', cause, violations: [] }); // prettier-ignore
  yield say('warehouse.shipment.v1', shipment, {
    type: 'ShipmentDispatched',
    shipment,
    site,
    soldTo: custodian,
    shipTo: custodian,
    custodian,
    market: 'CN',
    purpose: 'sale',
    origin: 'command',
    dispatchedAt: DAY,
    lines: lines.map(line),
    violations: [],
  });
}

function tellCustody(say: Say, booked: CustodyBooked): Told {
  const { book, custodian, cause: kind, id } = booked;
  const goods = flow(booked);
  const key = `${custodian}|${goods.lot}`;
  const common = { custodian, ...goods, violations: [] };
  if (book === 'used')
    return say('field.custody.v1', key, { type: 'UnitsUsed', ...common, usedAt: DAY, useToken: 'opaqueopaqueopaque' });
  const type = book === 'gained' ? 'CustodyGained' : 'CustodyReduced';
  return say('field.custody.v1', key, { type, ...common, cause: { kind, id } });
}

function* tellReturn(say: Say, goods: CustodyBooked, site: string): Generator<Told> {
  const { id, custodian: from } = goods;
  const cause = { kind: 'return', id };
  yield say('warehouse.return.v1', id, { type: 'ReturnReceived', return: id, site, from, receivedAt: DAY, lines: [line(goods)], unidentified: [], violations: [] }); // prettier-ignore
  yield say('warehouse.stock.v1', goods.as, { type: 'StockReturned', ...flow(goods), site, location: 'QUARANTINE', cause, violations: [] }); // prettier-ignore
}

/** Aggregates of which nothing was heard for so long are not heard of again: what is in use is bounded. */
const REMEMBERED = 400_000;

/** Counts versions per aggregate in two generations, so that memory does not grow with the factory. */
function countVersions() {
  let young = new Map<string, number>();
  let old = new Map<string, number>();
  return {
    next: (name: string): number => {
      const version = (young.get(name) ?? old.get(name) ?? 0) + 1;
      young.set(name, version);
      if (young.size > REMEMBERED) {
        old = young;
        young = new Map();
      }
      return version;
    },
  };
}
