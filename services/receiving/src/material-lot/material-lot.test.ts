import { expect, test } from '@jest/globals';
import { given as givenEvents } from '@lotwarden/platform/testing/given';
import { evolve as evolvePart, UNKNOWN_PART, type Part } from '../part/part.ts';
import { evolve as evolveOrder, UNKNOWN_ORDER } from '../purchase-order/purchase-order.ts';
import { evolve as evolveSupplier, UNKNOWN_SUPPLIER, type SupplierEvent } from '../supplier/supplier.ts';
import { evolve, UNKNOWN_LOT, type MaterialLotEvent } from './material-lot.ts';
import { nameLot } from './name-lot.ts';
import { putAway } from './put-away.ts';
import { receiveLot, type Circumstances, type ReceiveLot } from './receive-lot.ts';
import { reviewHindrances } from './review-hindrances.ts';
import { settleInspection } from './settle-inspection.ts';

const LOT = 'M-SZ1-261101-00001';
const DAY = '2026-11-01T08:00:00.000Z';
const EA = (value: string) => ({ value, unit: 'EA' });

const huaxin: SupplierEvent[] = [
  { type: 'SupplierRegistered', supplier: 'SUP-HX', name: '华芯电子', country: 'CN' },
  {
    type: 'SupplierQualified',
    supplier: 'SUP-HX',
    parts: ['CAP-100'],
    validFrom: '2026-01-01',
    validUntil: '2027-01-01',
  },
  certificate('2027-01-01'),
];
function certificate(validUntil: string): SupplierEvent {
  const span = { validFrom: '2025-01-01', validUntil };
  return {
    type: 'SupplierCertificateRecorded',
    supplier: 'SUP-HX',
    certificate: 'C-1',
    standard: 'ISO 9001',
    ...span,
    document: null,
  };
}
const specified: Part = evolvePart(UNKNOWN_PART, {
  type: 'PartSpecified',
  part: 'CAP-100',
  revision: 'B',
  name: 'Capacitor 100 µF',
  unit: 'EA',
  validFrom: '2026-01-01',
  characteristics: [
    {
      code: 'capacitance',
      name: 'Capacitance',
      kind: 'electrical',
      source: 'coa',
      unit: 'µF',
      lower: '90',
      upper: '110',
    },
    {
      code: 'storage',
      name: 'Highest temperature on the way',
      kind: 'transport-temperature',
      source: 'transport',
      unit: 'CEL',
      lower: '5',
      upper: '40',
    },
    { code: 'esr', name: 'ESR', kind: 'electrical', source: 'inspection', unit: 'OHM', lower: null, upper: '0.5' },
  ],
});
const order = evolveOrder(UNKNOWN_ORDER, {
  type: 'PurchaseOrderPlaced',
  purchaseOrder: 'PO-1',
  supplier: 'SUP-HX',
  site: 'SZ1',
  lines: [{ part: 'CAP-100', revision: 'B', quantity: EA('4000') }],
});
const circumstances = (supplier = huaxin): Circumstances => ({
  supplier: supplier.reduce(evolveSupplier, UNKNOWN_SUPPLIER),
  part: specified,
  order,
});
const delivery: ReceiveLot = {
  lot: LOT,
  part: 'CAP-100',
  supplierLot: 'L-1042',
  purchaseOrder: 'PO-1',
  quantity: EA('4000'),
  site: 'SZ1',
  location: 'DOCK',
  receivedAt: DAY,
  expiresAt: null,
  coa: [{ characteristic: 'capacitance', value: '99.5', unit: 'µF' }],
  transport: [{ characteristic: 'storage', value: '22', unit: 'CEL' }],
};
const given = (...history: MaterialLotEvent[]) => givenEvents(UNKNOWN_LOT, evolve, history);
const received = (asked = delivery, around = circumstances()) => receiveLot(UNKNOWN_LOT, asked, around);
const accept = { inspection: `I-${LOT}-incoming`, verdict: 'accept', reason: 'all within limits' } as const;
const reject = { ...accept, verdict: 'reject', reason: 'ESR' } as const;

test('a good delivery is received without hindrances, each value with its limits and verdict', () => {
  given()
    .when((lot) => receiveLot(lot, delivery, circumstances()))
    .thenLike([
      {
        type: 'MaterialLotReceived',
        lot: LOT,
        revision: 'B',
        coaVerdict: 'pass',
        hindrances: [],
        aliases: [{ system: 'supplier:SUP-HX', code: 'L-1042' }],
        coa: [
          { characteristic: 'capacitance', value: '99.5', unit: 'µF', lower: '90', upper: '110', verdict: 'pass' },
          { characteristic: 'storage', value: '22', unit: 'CEL', lower: '5', upper: '40', verdict: 'pass' },
        ],
      },
    ]);
});

test.each([
  ['supplier-not-qualified', delivery, circumstances([huaxin[0]!, huaxin[2]!])],
  ['supplier-certificate-missing', delivery, circumstances(huaxin.slice(0, 2))],
  ['supplier-certificate-expired', delivery, circumstances([...huaxin.slice(0, 2), certificate('2026-10-31')])],
  ['coa-value-missing', { ...delivery, coa: [] }, circumstances()],
  [
    'coa-value-missing',
    { ...delivery, coa: [{ characteristic: 'capacitance', value: '99', unit: 'nF' }] },
    circumstances(),
  ],
  [
    'coa-value-out-of-limits',
    { ...delivery, coa: [{ characteristic: 'capacitance', value: '110.000000001', unit: 'µF' }] },
    circumstances(),
  ],
  [
    'coa-value-out-of-limits',
    { ...delivery, transport: [{ characteristic: 'storage', value: '41', unit: 'CEL' }] },
    circumstances(),
  ],
  ['purchase-order-exceeded', { ...delivery, quantity: EA('4001') }, circumstances()],
  ['purchase-order-unknown', delivery, { ...circumstances(), order: UNKNOWN_ORDER }],
] as const)('%s leaves the lot pending with the reason', (code, asked, around) => {
  const [event] = received(asked, around);
  expect(event).toMatchObject({ type: 'MaterialLotReceived', hindrances: [{ code }] });
});

test('limits are inclusive', () => {
  const [event] = received({ ...delivery, coa: [{ characteristic: 'capacitance', value: '110', unit: 'µF' }] });
  expect(event).toMatchObject({ coaVerdict: 'pass', hindrances: [] });
});

test('what cannot be received says why', () => {
  given()
    .when((lot) => receiveLot(lot, { ...delivery, quantity: EA('-1') }, circumstances()))
    .rejects('quantity-invalid');
  given()
    .when((lot) => receiveLot(lot, { ...delivery, quantity: { value: '4', unit: 'KGM' } }, circumstances()))
    .rejects('unit-not-convertible');
  given()
    .when((lot) => receiveLot(lot, delivery, { ...circumstances(), part: UNKNOWN_PART }))
    .rejects('part-unknown');
  given()
    .when((lot) => receiveLot(lot, delivery, { ...circumstances(), supplier: UNKNOWN_SUPPLIER }))
    .rejects('supplier-unknown');
  given(...received())
    .when((lot) => receiveLot(lot, delivery, circumstances()))
    .rejects('lot-already-received');
});

test('the inspection settles the lot; an equal decision changes nothing, a different one is a finding', () => {
  const accepted: MaterialLotEvent = { type: 'MaterialLotAccepted', lot: LOT, inspection: accept.inspection };
  given(...received())
    .when((lot) => settleInspection(lot, accept))
    .then([accepted]);
  given(...received(), accepted)
    .when((lot) => settleInspection(lot, accept))
    .then([]);
  given(...received(), accepted)
    .when((lot) => settleInspection(lot, reject))
    .then([{ type: 'MaterialLotDecisionConflicted', lot: LOT, inspection: reject.inspection, verdict: 'reject' }]);
});

test('a lot with an expired supplier certificate waits until the certificate is renewed', () => {
  const expired = received(delivery, circumstances([...huaxin.slice(0, 2), certificate('2026-10-31')]));
  const deferred = settleInspection(expired.reduce(evolve, UNKNOWN_LOT), accept);
  expect(deferred).toMatchObject([
    { type: 'MaterialLotAcceptanceDeferred', hindrances: [{ code: 'supplier-certificate-expired' }] },
  ]);
  given(...expired, ...deferred)
    .when((lot) => settleInspection(lot, accept))
    .then([]);
  given(...expired, ...deferred)
    .when((lot) => putAway(lot, { quantity: EA('1'), location: 'STORE' }))
    .rejects('material-lot-not-accepted');
  given(...expired, ...deferred)
    .when((lot) => reviewHindrances(lot, circumstances(), { moment: DAY, reason: 'renewed' }))
    .then([
      { type: 'MaterialLotHindrancesChanged', lot: LOT, hindrances: [], reason: 'renewed' },
      { type: 'MaterialLotAccepted', lot: LOT, inspection: accept.inspection },
    ]);
});

test('a certificate that expires between receipt and acceptance keeps the lot pending, with the reason', () => {
  const expired = [{ code: 'supplier-certificate-expired', detail: 'C-1 (ISO 9001) until 2026-11-02' }];
  given(...received())
    .when((lot) => settleInspection(lot, accept, { supplier: expired }))
    .thenLike([
      { type: 'MaterialLotHindrancesChanged', hindrances: expired },
      { type: 'MaterialLotAcceptanceDeferred', hindrances: expired },
    ]);
  const deferred = settleInspection(received().reduce(evolve, UNKNOWN_LOT), accept, { supplier: expired });
  given(...received(), ...deferred)
    .when((lot) => settleInspection(lot, accept, { supplier: expired }))
    .then([]);
  given(...received(), ...deferred)
    .when((lot) => reviewHindrances(lot, circumstances(), { moment: DAY, reason: 'renewed' }))
    .thenLike([{ type: 'MaterialLotHindrancesChanged', hindrances: [] }, { type: 'MaterialLotAccepted' }]);
});

test('the specification version in force at receipt counts, not the newest', () => {
  const tighter = { revision: 'C', name: 'Capacitor', unit: 'EA', validFrom: '2026-12-01', characteristics: [] };
  const part = evolvePart(specified, { type: 'PartSpecified', part: 'CAP-100', ...tighter });
  const at = (receivedAt: string) => received({ ...delivery, receivedAt }, { ...circumstances(), part })[0];
  expect(at(DAY)).toMatchObject({ revision: 'B' });
  expect(at('2026-12-01T00:00:00.000Z')).toMatchObject({
    revision: 'C',
    coa: [],
    hindrances: [{ code: 'purchase-order-other-revision' }],
  });
  given()
    .when((lot) => receiveLot(lot, { ...delivery, receivedAt: '2025-01-01T00:00:00.000Z' }, circumstances()))
    .rejects('part-not-in-force');
});

test('a hold defers acceptance; when it is lifted, a review accepts', () => {
  given(...received())
    .when((lot) => settleInspection(lot, accept, { heldBy: ['H-1'] }))
    .thenLike([{ type: 'MaterialLotAcceptanceDeferred', hindrances: [{ code: 'lot-on-hold', detail: 'H-1' }] }]);
  const deferred = [
    ...received(),
    ...settleInspection(received().reduce(evolve, UNKNOWN_LOT), accept, { heldBy: ['H-1'] }),
  ];
  const review = { moment: DAY, reason: 'looked again' };
  given(...deferred)
    .when((lot) => reviewHindrances(lot, circumstances(), { ...review, heldBy: ['H-1'] }))
    .then([]);
  given(...deferred)
    .when((lot) => reviewHindrances(lot, circumstances(), review))
    .thenLike([{ type: 'MaterialLotAccepted' }]);
});

test('no more is put away than was received', () => {
  const accepted = [...received(), ...settleInspection(received().reduce(evolve, UNKNOWN_LOT), accept)];
  given(...accepted)
    .when((lot) => putAway(lot, { quantity: EA('4001'), location: 'STORE' }))
    .rejects('quantity-not-available');
  given(...accepted)
    .when((lot) => putAway(lot, { quantity: EA('4000'), location: 'STORE' }))
    .thenLike([{ type: 'MaterialLotPutAway', location: 'STORE' }]);
});

test('a further name is given once, and tells which placeholder it had', () => {
  const alias = { system: 'MES-SZ', code: 'REEL-7' };
  const named = nameLot(received().reduce(evolve, UNKNOWN_LOT), alias, 'X-1');
  expect(named).toEqual([{ type: 'LotAliasAssigned', lot: LOT, alias, placeholder: 'X-1' }]);
  given(...received(), ...named)
    .when((lot) => nameLot(lot, alias, 'X-1'))
    .then([]);
  given()
    .when((lot) => nameLot(lot, alias, 'X-1'))
    .rejects('material-lot-unknown');
});
