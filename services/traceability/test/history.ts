import type { EventOf, LotLine, OperationInput, OperationOutput, RecordOf } from '@lotwarden/contracts/events';
import type { SerialRange } from '@lotwarden/platform/serial-range';
import type { Fact, FactTopic } from '../src/genealogy/facts.ts';
import { fold } from '../src/genealogy/fold.ts';
import { createGenealogy } from '../src/genealogy/create-genealogy.ts';
import type { Genealogy } from '../src/genealogy/genealogy.ts';

const DAY = '2026-11-01T08:00:00.000Z';
export const ea = (value: number | string) => ({ value: String(value), unit: 'EA' });
export const serials = (first: number, last: number): SerialRange[] => [
  { gtin: '06901234567892', prefix: 'IP', width: 6, first, last },
];

interface OperationSketch {
  readonly kind?: string;
  readonly in: readonly (readonly [lot: string, quantity: number, more?: Partial<OperationInput>])[];
  readonly out: readonly (readonly [lot: string, quantity: number, serials?: readonly SerialRange[]])[];
  readonly scrap?: readonly (readonly [lot: string, quantity: number, serials?: readonly SerialRange[]])[];
  readonly missing?: string;
  /** Machine, beginning, end, load and the like; by default it ran on SMT-2 at one moment. */
  readonly more?: Partial<RecordOf<'mes-bridge.operation.v1', 'OperationRecorded'>>;
}

/** `'09:30'` of the day on which everything here happens. */
export const at = (time: string): string => `2026-11-01T${time}:00.000Z`;

export const input = (lot: string, quantity: number, more: Partial<OperationInput> = {}): OperationInput => ({
  lot,
  quantity: ea(quantity),
  edge: 'material',
  certainty: 'lot-inferred',
  serials: [],
  ...more,
});

const output = (lot: string, quantity: number, ranges: readonly SerialRange[] = []): OperationOutput => ({
  lot,
  quantity: ea(quantity),
  serials: ranges,
});

export const line = (lot: string, quantity: number, ranges: readonly SerialRange[] = []): LotLine => ({
  lot,
  quantity: ea(quantity),
  serials: ranges,
  containers: [],
});

/** Facts as the owners would publish them, versions counted per aggregate: what a test says happened. */
export function createHistory() {
  const facts: Fact[] = [];
  const versions = new Map<string, number>();
  const say = <T extends FactTopic>(topic: T, key: string, event: EventOf<T>) => {
    const version = (versions.get(`${topic}|${key}`) ?? 0) + 1;
    versions.set(`${topic}|${key}`, version);
    const offset = facts.filter((fact) => fact.topic === topic).length;
    const id = `${key}:${version}@test`;
    facts.push({ topic, partition: 0, offset, aggregate: key, version, id, occurredAt: DAY, event } as unknown as Fact);
  };
  const store = { site: 'SZ1', location: 'STORE' };
  const stock = (
    type: 'StockReceived' | 'StockIssued' | 'StockShipped' | 'StockReturned' | 'StockDestroyed' | 'StockScrapped',
    lot: string,
    quantity: number,
    cause: { kind: string; id: string },
    ranges: readonly SerialRange[] = [],
  ) =>
    say('warehouse.stock.v1', lot, {
      type,
      lot,
      quantity: ea(quantity),
      ...store,
      serials: ranges,
      cause,
      violations: [],
    });
  const custody = (
    type: 'CustodyGained' | 'CustodyReduced',
    custodian: string,
    goods: LotLine,
    cause: { kind: string; id: string },
  ) =>
    say('field.custody.v1', `${custodian}|${goods.lot}`, {
      type,
      custodian,
      lot: goods.lot,
      quantity: goods.quantity,
      serials: goods.serials,
      cause,
      violations: [],
    });

  const tell = {
    received: (lot: string, quantity: number, supplierLot = lot, part = 'CAP-100') =>
      say('receiving.material-lot.v1', lot, {
        type: 'MaterialLotReceived',
        lot,
        part,
        revision: 'B',
        supplier: 'SUP-HX',
        supplierLot,
        purchaseOrder: 'PO-1',
        quantity: ea(quantity),
        site: 'SZ1',
        location: 'DOCK',
        receivedAt: DAY,
        expiresAt: null,
        aliases: [{ system: 'supplier:SUP-HX', code: supplierLot }],
        coa: [],
        coaVerdict: 'pass',
        hindrances: [],
      }),
    declared: (lot: string, kind = 'finished', placeholder = false) =>
      say('mes-bridge.production-lot.v1', lot, {
        type: 'ProductionLotDeclared',
        lot,
        product: kind === 'finished' ? 'IP-200' : 'BOARD-7',
        revision: 'A',
        kind,
        site: 'SZ1',
        workOrder: `WO-${lot}`,
        aliases: [{ system: 'MES-SZ', code: `mes-${lot}` }],
        placeholder,
      }),
    alias: (lot: string, system: string, code: string, placeholder: string | null = null) =>
      say('mes-bridge.production-lot.v1', lot, { type: 'LotAliasAssigned', lot, alias: { system, code }, placeholder }),
    operation: (id: string, sketch: OperationSketch) =>
      say('mes-bridge.operation.v1', id, {
        type: 'OperationRecorded',
        operation: id,
        sourceSystem: 'MES-SZ',
        sourceOperation: id,
        kind: sketch.kind ?? 'make',
        workOrder: 'WO-1',
        site: 'SZ1',
        equipment: 'SMT-2',
        operator: 'op-7',
        parameters: [],
        tools: [],
        gauges: [],
        softwareVersion: null,
        labelVersion: null,
        load: null,
        startedAt: DAY,
        endedAt: DAY,
        inputs: sketch.in.map((one) => input(...one)),
        outputs: sketch.out.map((one) => output(...one)),
        scrap: (sketch.scrap ?? []).map((one) => output(...one)),
        violations: sketch.missing ? [{ code: 'operation-input-missing', lot: null, detail: sketch.missing }] : [],
        ...sketch.more,
      }),
    mounted: (
      mount: string,
      lot: string,
      from: string,
      more: Partial<RecordOf<'mes-bridge.mount.v1', 'MaterialMounted'>> = {},
    ) =>
      say('mes-bridge.mount.v1', mount, {
        type: 'MaterialMounted',
        mount,
        sourceSystem: 'MES-SZ',
        sourceMount: mount,
        site: 'SZ1',
        equipment: 'SMT-2',
        position: 'F1',
        lot,
        quantity: null,
        mixing: false,
        operator: null,
        mountedAt: at(from),
        violations: [],
        ...more,
      }),
    unmounted: (
      mount: string,
      until: string,
      more: Partial<RecordOf<'mes-bridge.mount.v1', 'MaterialUnmounted'>> = {},
    ) =>
      say('mes-bridge.mount.v1', mount, {
        type: 'MaterialUnmounted',
        mount,
        sourceSystem: 'MES-SZ',
        sourceMount: mount,
        site: 'SZ1',
        equipment: 'SMT-2',
        position: 'F1',
        lot: null,
        remaining: null,
        operator: null,
        unmountedAt: at(until),
        violations: [],
        ...more,
      }),
    mountVoided: (mount: string) =>
      say('mes-bridge.mount.v1', mount, {
        type: 'MaterialMountVoided',
        mount,
        reason: 'wrong feeder',
        replacedBy: null,
      }),
    load: (load: string, more: Partial<RecordOf<'mes-bridge.process-load.v1', 'ProcessLoadRecorded'>> = {}) =>
      say('mes-bridge.process-load.v1', load, {
        type: 'ProcessLoadRecorded',
        load,
        sourceSystem: 'MES-SZ',
        sourceLoad: load,
        kind: 'steriliser',
        site: 'SZ1',
        equipment: 'ETO-1',
        operator: null,
        startedAt: at('09:00'),
        endedAt: at('12:00'),
        parameters: [],
        members: [],
        operations: [],
        serves: [],
        violations: [],
        ...more,
      }),
    loadVoided: (load: string) =>
      say('mes-bridge.process-load.v1', load, {
        type: 'ProcessLoadVoided',
        load,
        reason: 'other cycle',
        replacedBy: null,
      }),
    specified: (product: string, bom: readonly (readonly [item: string, quantityPer: string])[]) =>
      say('mes-bridge.product.v1', product, {
        type: 'ProductSpecified',
        product,
        revision: 'A',
        name: product,
        nameZh: null,
        kind: 'intermediate',
        unit: 'EA',
        gtin: null,
        productLine: null,
        validFrom: DAY,
        bom: bom.map(([item, quantityPer]) => ({ item, quantityPer, unit: 'EA', alternatives: [] })),
        characteristics: [],
      }),
    late: (operation: string, lot: string, quantity: number, more: Partial<OperationInput> = {}) =>
      say('mes-bridge.operation.v1', operation, {
        type: 'OperationInputAdded',
        operation,
        input: input(lot, quantity, more),
        outputs: [],
        violations: [],
      }),
    voided: (operation: string) =>
      say('mes-bridge.operation.v1', operation, {
        type: 'OperationVoided',
        operation,
        reason: 'entered twice',
        replacedBy: null,
      }),
    commissioned: (lot: string, ranges: readonly SerialRange[]) =>
      say('serialization.serial-range.v1', lot, { type: 'SerialsCommissioned', lot, product: 'IP-200', ranges }),
    serialsMoved: (from: string, to: string, ranges: readonly SerialRange[], operation: string) => {
      const move = { ranges, operation };
      say('serialization.serial-range.v1', from, { type: 'SerialsMovedOut', lot: from, toLot: to, ...move });
      say('serialization.serial-range.v1', to, { type: 'SerialsMovedIn', lot: to, fromLot: from, ...move });
    },
    stocked: (lot: string, quantity: number, id = 'R-1') =>
      stock('StockReceived', lot, quantity, { kind: 'receipt', id }),
    /** From place to place in the house. */
    moved: (lot: string, quantity: number, fromLocation: string, toLocation: string) =>
      say('warehouse.stock.v1', lot, {
        type: 'StockMoved',
        lot,
        quantity: ea(quantity),
        site: 'SZ1',
        fromLocation,
        toLocation,
        cause: { kind: 'move', id: 'MV-1' },
        violations: [],
      }),
    packed: (container: string, contents: readonly LotLine[], children: readonly string[] = [], level = 'carton') =>
      say('serialization.container.v1', container, {
        type: 'ContainerPacked',
        container,
        level,
        children,
        contents,
        site: 'SZ1',
      }),
    released: (lot: string, market = 'CN') =>
      say('qms.release.v1', lot, {
        type: 'LotReleased',
        lot,
        product: 'IP-200',
        market,
        inspection: 'IN-1',
        labelVersion: 'A',
        review: null,
        signature: { jws: 'j', signer: 'qa.li', signerName: 'Li', meaning: 'release', reason: 'ok', signedAt: DAY },
      }),
    unpacked: (container: string) =>
      say('serialization.container.v1', container, { type: 'ContainerUnpacked', container, reason: 'repack' }),
    serialsScrapped: (lot: string, ranges: readonly SerialRange[], operation: string) =>
      say('serialization.serial-range.v1', lot, { type: 'SerialsScrapped', lot, ranges, operation }),
    /** A claim against the record; the first record stands. */
    contradicted: (operation: string) =>
      say('mes-bridge.operation.v1', operation, {
        type: 'OperationFlagged',
        operation,
        inputs: [],
        outputs: [],
        scrap: [],
        violations: [{ code: 'operation-recorded-twice', lot: null, detail: 'the first record stands' }],
      }),
    issued: (lot: string, quantity: number, kind = 'work-order') =>
      stock('StockIssued', lot, quantity, { kind, id: 'WO-1' }),
    destroyed: (lot: string, quantity: number) =>
      stock('StockDestroyed', lot, quantity, { kind: 'destruction', id: 'D-1' }),
    adjusted: (lot: string, quantity: number) =>
      say('warehouse.stock.v1', lot, {
        type: 'StockAdjusted',
        lot,
        quantity: ea(quantity),
        ...store,
        reason: 'count',
        violations: [],
      }),
    dispatched: (shipment: string, custodian: string, lines: readonly LotLine[], dispatchedAt = DAY) => {
      const cause = { kind: 'shipment', id: shipment };
      for (const { lot, quantity, serials: ranges } of lines)
        stock('StockShipped', lot, Number(quantity.value), cause, ranges);
      say('warehouse.shipment.v1', shipment, {
        type: 'ShipmentDispatched',
        shipment,
        site: 'SZ1',
        soldTo: custodian,
        shipTo: custodian,
        custodian,
        market: 'CN',
        purpose: 'sale',
        origin: 'command',
        dispatchedAt,
        lines,
        violations: [],
      });
    },
    arrived: (shipment: string, custodian: string, goods: LotLine) =>
      custody('CustodyGained', custodian, goods, { kind: 'shipment', id: shipment }),
    /** Field books that units at a custodian got another label. */
    renamed: (custodian: string, operation: string, from: LotLine, to: LotLine) => {
      const cause = { kind: 'relabel', id: operation };
      custody('CustodyReduced', custodian, from, cause);
      custody('CustodyGained', custodian, to, cause);
    },
    /** Field books custody of a placeholder over to the lot it turned out to be. */
    merged: (custodian: string, placeholder: string, lot: string, goods: LotLine) => {
      const cause = { kind: 'merge', id: placeholder };
      custody('CustodyReduced', custodian, { ...goods, lot: placeholder }, cause);
      custody('CustodyGained', custodian, { ...goods, lot }, cause);
    },
    givenBack: (id: string, custodian: string, goods: LotLine) =>
      custody('CustodyReduced', custodian, goods, { kind: 'return', id }),
    returned: (id: string, lot: string, quantity: number, ranges: readonly SerialRange[] = []) =>
      stock('StockReturned', lot, quantity, { kind: 'return', id }, ranges),
    returnReceived: (id: string, from: string, lines: readonly LotLine[], receivedAt = DAY) =>
      say('warehouse.return.v1', id, {
        type: 'ReturnReceived',
        return: id,
        site: 'SZ1',
        from,
        receivedAt,
        lines,
        unidentified: [],
        violations: [],
      }),
    used: (custodian: string, goods: LotLine) =>
      say('field.custody.v1', `${custodian}|${goods.lot}`, {
        type: 'UnitsUsed',
        custodian,
        lot: goods.lot,
        quantity: goods.quantity,
        serials: goods.serials,
        usedAt: DAY,
        useToken: 'opaque',
        violations: [],
      }),
  };
  return { facts, tell };
}

export function graphOf(facts: readonly Fact[]): Genealogy {
  const graph = createGenealogy({ mostHot: 2 });
  for (const fact of facts) fold(graph, fact);
  return graph;
}
