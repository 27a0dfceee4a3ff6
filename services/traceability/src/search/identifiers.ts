import type { EventOf } from '@lotwarden/contracts/events';
import type { LotRef } from '@lotwarden/platform/lot-ref';
import type { SerialRange } from '@lotwarden/platform/serial-range';

export type SubjectKind =
  | 'lot'
  | 'operation'
  | 'container'
  | 'shipment'
  | 'return'
  | 'complaint'
  | 'party'
  | 'product'
  | 'supplier'
  | 'purchase-order'
  | 'load'
  | 'mount'
  | 'destruction'
  | 'nonconformance'
  | 'case';

/** A name under which something can be found. */
export interface Identifier {
  /**
   * lot | alias | placeholder | purchase-order | work-order | item | supplier | sample | inspection | operation | container |
   * shipment | return | destruction | complaint | nonconformance | case | party | product | gtin | load | mount
   */
  readonly kind: string;
  readonly value: string;
  /** Whose name it is, for aliases. */
  readonly system: string | null;
  /** What it leads to: lots where the event tells them, else itself. */
  readonly subject: string;
  readonly subjectKind: SubjectKind;
}

/** Events that bring names into the world. */
type Naming = EventOf<
  | 'receiving.supplier.v1'
  | 'receiving.purchase-order.v1'
  | 'receiving.material-lot.v1'
  | 'mes-bridge.product.v1'
  | 'mes-bridge.process-load.v1'
  | 'mes-bridge.mount.v1'
  | 'warehouse.destruction.v1'
  | 'qms.nonconformance.v1'
  | 'recall.case.v1'
  | 'qms.inspection.v1'
  | 'mes-bridge.production-lot.v1'
  | 'mes-bridge.operation.v1'
  | 'serialization.serial-range.v1'
  | 'serialization.container.v1'
  | 'warehouse.shipment.v1'
  | 'warehouse.return.v1'
  | 'qms.complaint.v1'
  | 'field.party.v1'
>;
interface AnyEvent {
  readonly type: string;
}
type Subject = Pick<Identifier, 'subject' | 'subjectKind'>;

/** All names that an event of ours brings into the world; most bring none. */
export function identifiersIn(any: AnyEvent): Identifier[] {
  const event = any as Naming;
  switch (event.type) {
    case 'MaterialLotReceived': {
      const lot = ofLot(event.lot);
      return [
        name('lot', event.lot, lot),
        ...event.aliases.map((alias) => aliasName(alias, lot)),
        ...optional('purchase-order', event.purchaseOrder, lot),
        name('item', event.part, lot),
        name('supplier', event.supplier, lot),
      ];
    }
    case 'ProductionLotDeclared': {
      const lot = ofLot(event.lot);
      return [
        name('lot', event.lot, lot),
        ...event.aliases.map((alias) => aliasName(alias, lot)),
        ...optional('work-order', event.workOrder, lot),
        ...optional('item', event.product, lot),
      ];
    }
    case 'LotAliasAssigned': {
      const lot = ofLot(event.lot);
      return [aliasName(event.alias, lot), ...optional('placeholder', event.placeholder, lot)];
    }
    case 'SupplierRegistered': {
      const supplier = { subject: event.supplier, subjectKind: 'supplier' } as const;
      return [name('supplier', event.supplier, supplier), name('supplier', event.name, supplier)];
    }
    case 'PurchaseOrderPlaced':
      return [
        name('purchase-order', event.purchaseOrder, { subject: event.purchaseOrder, subjectKind: 'purchase-order' }),
      ];
    case 'ProductSpecified': {
      const product = { subject: event.product, subjectKind: 'product' } as const;
      return [
        name('product', event.product, product),
        name('product', event.name, product),
        ...optional('product', event.nameZh, product),
        ...optional('gtin', event.gtin, product),
      ];
    }
    case 'ProcessLoadRecorded': {
      const load = { subject: event.load, subjectKind: 'load' } as const;
      return [name('load', event.load, load), { ...name('load', event.sourceLoad, load), system: event.sourceSystem }];
    }
    case 'MaterialMounted': {
      const mount = { subject: event.mount, subjectKind: 'mount' } as const;
      return [
        name('mount', event.mount, mount),
        { ...name('mount', event.sourceMount, mount), system: event.sourceSystem },
      ];
    }
    case 'GoodsDestroyed':
      return [name('destruction', event.destruction, { subject: event.destruction, subjectKind: 'destruction' })];
    case 'NonconformanceOpened': {
      const subject = { subject: event.nonconformance, subjectKind: 'nonconformance' } as const;
      return [name('nonconformance', event.nonconformance, subject)];
    }
    case 'RecallDrafted':
      return [name('case', event.case, { subject: event.case, subjectKind: 'case' })];
    case 'InspectionOpened':
      return [name('inspection', event.inspection, ofLot(event.lot))];
    case 'InspectionResultRecorded':
      return [name('sample', event.sample, ofLot(event.lot))];
    case 'ContainerPacked': {
      const container = { subject: event.container, subjectKind: 'container' } as const;
      const lots = new Set(event.contents.map(({ lot }) => lot));
      return [
        name('container', event.container, container),
        ...[...lots].map((lot) => name('container', event.container, ofLot(lot))),
      ];
    }
    case 'ShipmentDispatched':
      return [name('shipment', event.shipment, { subject: event.shipment, subjectKind: 'shipment' })];
    case 'ReturnReceived':
      return [name('return', event.return, { subject: event.return, subjectKind: 'return' })];
    case 'ComplaintReceived':
      return [name('complaint', event.complaint, { subject: event.complaint, subjectKind: 'complaint' })];
    case 'PartyRegistered': {
      const party = { subject: event.party, subjectKind: 'party' } as const;
      return [
        name('party', event.party, party),
        name('party', event.name, party),
        ...optional('party', event.nameZh, party),
      ];
    }
    case 'OperationRecorded': {
      const operation = { subject: event.operation, subjectKind: 'operation' } as const;
      return [
        name('operation', event.operation, operation),
        { ...name('operation', event.sourceOperation, operation), system: event.sourceSystem },
        ...optional('work-order', event.workOrder, operation),
      ];
    }
    default:
      return [];
  }
}

/** Units that an event puts into a lot. */
export function serialsIn(any: AnyEvent): { lot: string; ranges: readonly SerialRange[] } | undefined {
  const event = any as Naming;
  return event.type === 'SerialsCommissioned' || event.type === 'SerialsMovedIn'
    ? { lot: event.lot, ranges: event.ranges }
    : undefined;
}

const ofLot = (lot: string): Subject => ({ subject: lot, subjectKind: 'lot' });

const name = (kind: string, value: string, subject: Subject): Identifier => ({ kind, value, system: null, ...subject });

const optional = (kind: string, value: string | null, subject: Subject): Identifier[] =>
  value === null ? [] : [name(kind, value, subject)];

const aliasName = ({ system, code }: LotRef, subject: Subject): Identifier => ({
  ...name('alias', code, subject),
  system,
});

/** Names are found whatever their case and width, and whatever cannot be seen in them: scanners and people differ. */
export const folded = (text: string): string =>
  text
    .replaceAll(/\p{Cf}/gu, '')
    .normalize('NFKC')
    // Word processors write longer dashes than labels do.
    .replaceAll(/\p{Pd}/gu, '-')
    .toUpperCase()
    .trim();

export interface SerialReading {
  readonly prefix: string;
  readonly width: number;
  readonly number: number;
}

/** Every way to read a text as a serial: its trailing digits may all be its number, or begin with some of the prefix. */
export function serialReadings(text: string): SerialReading[] {
  const digits = /\d{1,15}$/.exec(text)?.[0] ?? '';
  return Array.from({ length: digits.length }, (_, index) => {
    const width = index + 1;
    return { prefix: text.slice(0, -width), width, number: Number(text.slice(-width)) };
  });
}

/** Ranges of one size class are at most twice as long as the shortest of them: 0 = one, 1 = two or three, … */
export const sizeClass = (first: number, last: number): number => Math.floor(Math.log2(last - first + 1));

/** A range of this class that ends at `number` or later begins at this or later. */
export const earliestFirst = (size: number, number: number): number => Math.max(0, number - 2 ** (size + 1) + 2);
