import type { EventOf, LotLine, SerialRange } from '@lotwarden/contracts/events';
import type { Quantity } from '@lotwarden/platform/quantity';
import { formatSerial } from '@lotwarden/platform/serial-range';
import { normalised } from './epc-forms.ts';
import type { Json, JsonObject } from './json.ts';

/** Topics whose facts are visible events of goods: what, where, when, why. */
export type VisibleTopic =
  | 'receiving.material-lot.v1'
  | 'mes-bridge.production-lot.v1'
  | 'mes-bridge.operation.v1'
  | 'mes-bridge.mount.v1'
  | 'mes-bridge.process-load.v1'
  | 'serialization.serial-range.v1'
  | 'serialization.container.v1'
  | 'qms.inspection.v1'
  | 'qms.nonconformance.v1'
  | 'qms.release.v1'
  | 'warehouse.stock.v1'
  | 'warehouse.shipment.v1'
  | 'warehouse.return.v1'
  | 'warehouse.destruction.v1'
  | 'field.custody.v1'
  | 'recall.hold.v1';

export type VisibleFact = EventOf<VisibleTopic>;

/** Where and when a fact was told. */
export interface Occasion {
  readonly topic: string;
  /** Of the message. */
  readonly id: string;
  readonly occurredAt: string;
}

/** More units than these are told as their lot and the ranges, not one by one. */
const UNITS_TOLD = 1000;

const CONTEXT: Json = [{ lotwarden: 'https://lotwarden.org/epcis/' }];

const uri = (kind: string, id: string): string => `urn:lotwarden:${kind}:${encodeURIComponent(id)}`;
const lotClass = (lot: string, quantity?: Quantity): JsonObject => ({
  epcClass: uri('lot', lot),
  ...(quantity && { quantity: Number(quantity.value), ...(quantity.unit === 'EA' ? {} : { uom: quantity.unit }) }),
});
const party = (id: string): string => (/^\d{13}$/.test(id) ? `https://id.gs1.org/417/${id}` : uri('party', id));
const place = (site: string, location?: string): JsonObject => ({
  id: uri('place', location === undefined ? site : `${site}/${location}`),
});
const container = (id: string): string =>
  /^\d{18}$/.test(id) ? normalised(`https://id.gs1.org/00/${id}`) : uri('container', id);

const count = (ranges: readonly SerialRange[]): number =>
  ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0);

function units(ranges: readonly SerialRange[]): string[] {
  return ranges.flatMap((range) =>
    Array.from({ length: range.last - range.first + 1 }, (_, offset) =>
      normalised(
        `https://id.gs1.org/01/${range.gtin}/21/${encodeURIComponent(formatSerial(range, range.first + offset))}`,
      ),
    ),
  );
}

/** Units one by one where they are few, else what they are part of with their ranges beside it. */
function goods(lines: readonly (Line & { readonly containers?: readonly string[] })[]): JsonObject {
  const all = lines.flatMap(({ serials }) => serials);
  const told = count(all) <= UNITS_TOLD;
  const classes = lines.filter(({ serials }) => serials.length === 0 || !told);
  const boxes = [...new Set(lines.flatMap(({ containers = [] }) => containers))].map(container);
  return {
    ...(told || boxes.length > 0 ? { epcList: [...boxes, ...(told ? units(all) : [])] } : {}),
    ...(classes.length > 0 && { quantityList: classes.map(({ lot, quantity }) => lotClass(lot, quantity)) }),
    'lotwarden:lot': lines.map(({ lot }) => lot),
    ...(!told && { 'lotwarden:serials': all.map(rangeText) }),
  };
}

const rangeText = ({ gtin, prefix, width, first, last }: SerialRange): string =>
  `${gtin} ${prefix}${String(first).padStart(width, '0')}-${prefix}${String(last).padStart(width, '0')}`;

const lotOnly = (lot: string): JsonObject => ({ quantityList: [lotClass(lot)], 'lotwarden:lot': [lot] });
const oneLot = (lot: string, quantity: Quantity, serials: readonly SerialRange[] = []): JsonObject =>
  goods([{ lot, quantity, serials }]);

/** An event without its when; `ObjectEvent` and `OBSERVE` unless it says otherwise. */
type Bare = JsonObject;

const from = (id: string): JsonObject => ({ sourceList: [{ type: 'possessing_party', source: party(id) }] });

/**
 * A fact in the words of EPCIS 2.0 and CBV 2.0 (docs/epcis.md has the table). Nothing for a fact that says nothing of goods,
 * or that only repeats in another ledger what a fact of its own event says.
 */
export function factToEpcis(fact: VisibleFact, occasion: Occasion): JsonObject[] {
  return bareEvents(fact).map((bare, index, all) => {
    const { at, ...event } = bare;
    const name = `${occasion.topic}:${occasion.id}${all.length > 1 ? `:${index + 1}` : ''}`;
    return {
      '@context': CONTEXT,
      type: 'ObjectEvent',
      ...(event['type'] === 'TransformationEvent' ? {} : { action: 'OBSERVE' }),
      ...event,
      eventID: uri('event', name),
      eventTime: typeof at === 'string' ? at : occasion.occurredAt,
      eventTimeZoneOffset: '+00:00',
    };
  });
}

function bareEvents(fact: VisibleFact): Bare[] {
  switch (fact.type) {
    case 'MaterialLotReceived': {
      const { lot, quantity, site, location, supplier, supplierLot, purchaseOrder, receivedAt } = fact;
      return [
        {
          ...oneLot(lot, quantity),
          ...from(supplier),
          bizStep: 'receiving',
          disposition: 'in_progress',
          readPoint: place(site, location),
          ...(purchaseOrder !== null && {
            bizTransactionList: [{ type: 'po', bizTransaction: uri('purchase-order', purchaseOrder) }],
          }),
          'lotwarden:supplierLot': supplierLot,
          at: receivedAt,
        },
      ];
    }
    case 'MaterialLotAccepted':
      return [{ ...lotOnly(fact.lot), bizStep: 'accepting', disposition: 'conformant' }];
    case 'MaterialLotRejected':
      return [{ ...lotOnly(fact.lot), bizStep: 'holding', disposition: 'non_conformant' }];
    case 'MaterialLotPutAway':
      return [{ ...oneLot(fact.lot, fact.quantity), bizStep: 'storing', bizLocation: place(fact.site, fact.location) }];
    case 'ProductionLotDeclared':
      return fact.placeholder
        ? []
        : [
            {
              ...lotOnly(fact.lot),
              action: 'ADD',
              bizStep: 'commissioning',
              disposition: 'active',
              readPoint: place(fact.site),
              ilmd: { 'cbvmda:lotNumber': fact.lot },
            },
          ];
    case 'OperationRecorded':
      return operation(fact);
    case 'OperationInputAdded':
      return [transformed(fact.operation, [fact.input], [])];
    case 'OperationOutputAdded':
      return [transformed(fact.operation, [], [fact.output])];
    case 'MaterialMounted':
    case 'MaterialUnmounted': {
      if (fact.lot === null) return [];
      const [amount, bizStep, at] =
        fact.type === 'MaterialMounted'
          ? ([fact.quantity, 'installing', fact.mountedAt] as const)
          : ([fact.remaining, 'removing', fact.unmountedAt] as const);
      const readPoint = place(fact.site, `${fact.equipment}/${fact.position}`);
      const what = amount === null || Number(amount.value) === 0 ? lotOnly(fact.lot) : oneLot(fact.lot, amount);
      return [{ ...what, bizStep, readPoint, 'lotwarden:mount': fact.mount, at }];
    }
    case 'ProcessLoadRecorded':
    case 'ProcessLoadExtended': {
      if (fact.members.length === 0) return [];
      const readPoint = fact.type === 'ProcessLoadRecorded' ? { readPoint: place(fact.site, fact.equipment ?? undefined) } : {}; // prettier-ignore
      return [
        { ...goods(fact.members), ...readPoint, 'lotwarden:load': fact.load, at: fact.endedAt ?? fact.startedAt },
      ];
    }
    case 'SerialsCommissioned':
      return [
        {
          ...oneLot(fact.lot, { value: String(count(fact.ranges)), unit: 'EA' }, fact.ranges),
          action: 'ADD',
          bizStep: 'commissioning',
          disposition: 'active',
          ilmd: { 'cbvmda:lotNumber': fact.lot },
        },
      ];
    case 'SerialsScrapped':
      return [
        {
          ...oneLot(fact.lot, { value: String(count(fact.ranges)), unit: 'EA' }, fact.ranges),
          action: 'DELETE',
          bizStep: 'decommissioning',
          disposition: 'inactive',
        },
      ];
    case 'SerialsMovedIn':
      return [
        {
          ...oneLot(fact.lot, { value: String(count(fact.ranges)), unit: 'EA' }, fact.ranges),
          bizStep: 'other',
          'lotwarden:fromLot': fact.fromLot,
        },
      ];
    case 'LabelsPrinted':
      return [{ ...lotOnly(fact.lot), bizStep: 'encoding', disposition: 'encoded' }];
    case 'LabelCheckRecorded':
      return [{ ...lotOnly(fact.lot), bizStep: 'inspecting', disposition: judged(fact.verdict) }];
    case 'ContainerPacked':
      return [
        {
          type: 'AggregationEvent',
          action: 'ADD',
          ...contents(fact.children, fact.contents),
          parentID: container(fact.container),
          bizStep: 'packing',
          disposition: 'in_progress',
          readPoint: place(fact.site),
        },
      ];
    case 'ContainerSealed':
      return [{ epcList: [container(fact.container)], bizStep: 'packing', disposition: 'container_closed' }];
    case 'ContainerUnpacked':
      return [
        {
          type: 'AggregationEvent',
          action: 'DELETE',
          parentID: container(fact.container),
          childEPCs: [],
          bizStep: 'unpacking',
          disposition: 'in_progress',
        },
      ];
    case 'InspectionDecided':
      return [{ ...lotOnly(fact.lot), bizStep: 'inspecting', disposition: judged(fact.verdict) }];
    case 'NonconformanceOpened':
      return [{ ...lotOnly(fact.lot), bizStep: 'holding', disposition: 'non_conformant' }];
    case 'LotReleased':
      return [{ ...lotOnly(fact.lot), bizStep: 'inspecting', disposition: 'available', 'lotwarden:market': fact.market }]; // prettier-ignore
    case 'LotReleaseRevoked':
      return [{ ...lotOnly(fact.lot), bizStep: 'holding', disposition: 'unavailable', 'lotwarden:market': fact.market }]; // prettier-ignore
    case 'StockReceived':
      return [stock(fact, { bizStep: 'storing', bizLocation: place(fact.site, fact.location) })];
    case 'StockIssued':
      return [stock(fact, { bizStep: 'picking', disposition: 'in_progress', readPoint: place(fact.site, fact.location) })]; // prettier-ignore
    case 'StockScrapped':
      return [stock(fact, { action: 'DELETE', bizStep: 'decommissioning', disposition: 'inactive' })];
    case 'StockMoved':
      return [
        {
          ...oneLot(fact.lot, fact.quantity),
          bizStep: 'storing',
          readPoint: place(fact.site, fact.fromLocation),
          bizLocation: place(fact.site, fact.toLocation),
        },
      ];
    case 'StockAdjusted':
      return [{ ...oneLot(fact.lot, fact.quantity), bizStep: 'stock_taking', readPoint: place(fact.site, fact.location) }]; // prettier-ignore
    case 'StockStaged':
      return [stock(fact, { bizStep: STAGES[fact.toStage] ?? 'other', readPoint: place(fact.site, fact.location) })];
    case 'ShipmentDispatched': {
      const { shipment, site, custodian, soldTo, lines, dispatchedAt } = fact;
      return [
        {
          ...goods(lines),
          bizStep: 'shipping',
          disposition: 'in_transit',
          readPoint: place(site),
          bizTransactionList: [{ type: 'desadv', bizTransaction: uri('shipment', shipment) }],
          sourceList: [{ type: 'location', source: uri('place', site) }],
          destinationList: [
            { type: 'possessing_party', destination: party(custodian) },
            { type: 'owning_party', destination: party(soldTo) },
          ],
          at: dispatchedAt,
        },
      ];
    }
    case 'ReturnReceived':
      return fact.lines.length === 0
        ? []
        : [
            {
              ...goods(fact.lines),
              ...from(fact.from),
              bizStep: 'receiving',
              disposition: 'returned',
              readPoint: place(fact.site),
              bizTransactionList: [{ type: 'rma', bizTransaction: uri('return', fact.return) }],
              at: fact.receivedAt,
            },
          ];
    case 'GoodsDestroyed':
      return [
        {
          ...goods(fact.lines),
          action: 'DELETE',
          bizStep: 'destroying',
          disposition: 'destroyed',
          readPoint: place(fact.site),
          at: fact.destroyedAt,
        },
      ];
    case 'UnitsUsed':
      // Never the token: whatever leads to a patient stays with the hospital.
      return [
        {
          ...oneLot(fact.lot, fact.quantity, fact.serials),
          ...from(fact.custodian),
          bizStep: 'dispensing',
          disposition: 'dispensed',
          at: fact.usedAt,
        },
      ];
    case 'HoldPlaced':
      return fact.lots.length === 0
        ? []
        : [
            {
              ...goods(
                fact.lots.map(({ lot, serials: { mode, ranges } }) => ({
                  lot,
                  quantity: { value: String(count(ranges)), unit: 'EA' },
                  serials: mode === 'all' ? [] : ranges,
                })),
              ),
              quantityList: fact.lots.map(({ lot }) => lotClass(lot)),
              bizStep: 'holding',
              persistentDisposition: { set: ['recalled'] },
              'lotwarden:hold': fact.hold,
            },
          ];
    case 'HoldReleased':
      return fact.lots.length === 0
        ? []
        : [
            {
              quantityList: fact.lots.map((lot) => lotClass(lot)),
              'lotwarden:lot': fact.lots,
              bizStep: 'inspecting',
              persistentDisposition: { unset: ['recalled'] },
              'lotwarden:hold': fact.hold,
            },
          ];
    default:
      // What only names or plans, or says again in the ledger of stock or custody what its own event says.
      return [];
  }
}

const judged = (verdict: string): string => (/^(accept|pass|conform)/.test(verdict) ? 'conformant' : 'non_conformant');

const STAGES: Readonly<Record<string, string>> = { picked: 'picking', packed: 'packing', staged: 'staging_outbound' };

const stock = (
  { lot, quantity, serials }: Pick<LotLine, 'lot' | 'quantity' | 'serials'>,
  more: JsonObject,
): JsonObject => ({
  ...oneLot(lot, quantity, serials),
  ...more,
});

/** Steps of CBV 2.0 for kinds of operations that have one. */
const STEPS: Readonly<Record<string, string>> = {
  rework: 'repairing',
  repair: 'repairing',
  unbuild: 'disassembling',
};

type Recorded = Extract<VisibleFact, { type: 'OperationRecorded' }>;
type Line = Pick<LotLine, 'lot' | 'quantity' | 'serials'>;

function operation(fact: Recorded): Bare[] {
  const { operation: id, inputs, outputs, scrap, kind, site, equipment, workOrder, endedAt } = fact;
  const why = {
    bizStep: STEPS[kind] ?? (inputs.length > 1 ? 'assembling' : 'commissioning'),
    disposition: 'active',
    readPoint: place(site, equipment ?? undefined),
    ...(workOrder !== null && {
      bizTransactionList: [{ type: 'prodorder', bizTransaction: uri('work-order', workOrder) }],
    }),
    'lotwarden:kind': kind,
    at: endedAt,
  };
  const made = inputs.length + outputs.length > 0 ? [{ ...transformed(id, inputs, outputs), ...why }] : [];
  const lost = {
    ...goods(scrap),
    action: 'DELETE',
    bizStep: 'decommissioning',
    disposition: 'inactive',
    readPoint: place(site),
    at: endedAt,
  };
  return [...made, ...(scrap.length > 0 ? [lost] : [])];
}

/** Lots with their quantities; the units that are named, one by one, where they are few. */
function transformed(id: string, inputs: readonly Line[], outputs: readonly Line[]): Bare {
  const named = (lines: readonly Line[]) => {
    const ranges = lines.flatMap(({ serials }) => serials);
    return count(ranges) <= UNITS_TOLD ? units(ranges) : [];
  };
  const [inputUnits, outputUnits] = [named(inputs), named(outputs)];
  return {
    type: 'TransformationEvent',
    transformationID: uri('operation', id),
    ...(inputUnits.length > 0 && { inputEPCList: inputUnits }),
    ...(inputs.length > 0 && { inputQuantityList: inputs.map(({ lot, quantity }) => lotClass(lot, quantity)) }),
    ...(outputUnits.length > 0 && { outputEPCList: outputUnits }),
    ...(outputs.length > 0 && { outputQuantityList: outputs.map(({ lot, quantity }) => lotClass(lot, quantity)) }),
  };
}

function contents(children: readonly string[], lines: readonly LotLine[]): JsonObject {
  const ranges = lines.flatMap(({ serials }) => serials);
  const told = count(ranges) <= UNITS_TOLD;
  const classes = lines.filter(({ serials }) => serials.length === 0 || !told);
  return {
    childEPCs: [...new Set([...children.map(container), ...(told ? units(ranges) : [])])],
    ...(classes.length > 0 && { childQuantityList: classes.map(({ lot, quantity }) => lotClass(lot, quantity)) }),
  };
}
