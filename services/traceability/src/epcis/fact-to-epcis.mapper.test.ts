import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { factToEpcis, type VisibleFact } from './fact-to-epcis.mapper.ts';
import { openSchema } from './schema.mapper.ts';

const samples = new URL('../../../../contracts/samples/', import.meta.url);
const schema = openSchema();
const occasion = { topic: 't.v1', id: 'a:1.1@x', occurredAt: '2026-11-05T08:00:00.000Z' };
const dressed = (fact: unknown) => factToEpcis(fact as VisibleFact, occasion);

/** One golden message of every record of every topic; amounts and ranges such as a real one has. */
function golden(): { topic: string; fact: { type: string } }[] {
  return readdirSync(samples).flatMap((topic) =>
    readdirSync(new URL(`${topic}/`, samples)).flatMap((record) =>
      readdirSync(new URL(`${topic}/${record}/`, samples))
        .filter((file) => file.endsWith('.json'))
        .map((file) => ({
          topic,
          fact: JSON.parse(readFileSync(new URL(`${topic}/${record}/${file}`, samples), 'utf8'), plausible) as {
            type: string;
          },
        })),
    ),
  );
}

const plausible = (name: string, value: unknown): unknown => {
  if (name === 'gtin' && typeof value === 'string') return '09520123456788';
  if (name === 'unit') return 'EA';
  if (name === 'width') return 6;
  if (name === 'first') return 1;
  if (name === 'last') return 3;
  return value;
};

/** What was told of it is told again, as an error: facts.projection.ts, with its own test. */
const TAKEN_BACK = ['OperationVoided', 'MaterialMountVoided', 'ProcessLoadVoided'];

/** Says nothing of goods: names, plans, parties, papers, findings of gates. */
const SILENT = [
  'LotAliasAssigned',
  'MaterialLotHindrancesChanged',
  'MaterialLotAcceptanceDeferred',
  'MaterialLotDecisionConflicted',
  'OperationFlagged',
  'OperationReassessed',
  'MaterialMountFlagged',
  'SerialConflictFound',
  'InspectionOpened',
  'InspectionResultRecorded',
  'NonconformanceClosed',
  'HoldManifest',
  // Told once, by their own event: the other half of a movement, the ledgers of stock and custody.
  'SerialsMovedOut',
  'StockShipped',
  'StockReturned',
  'StockDestroyed',
  'StockSerialsChanged',
  'StockStatusChanged',
  'CustodyGained',
  'CustodyReduced',
];
const VISIBLE = /^(receiving\.material-lot|mes-bridge\.(production-lot|operation|mount|process-load)|serialization\.(serial-range|container)|qms\.(inspection|nonconformance|release)|warehouse\.(stock|shipment|return|destruction)|field\.custody|recall\.hold)\.v1$/; // prettier-ignore

test('every fact about goods is a valid EPCIS event; the others are known to say nothing of them', () => {
  const silent = new Set<string>();
  for (const { topic, fact } of golden().filter((sample) => VISIBLE.test(sample.topic))) {
    const events = dressed(fact.type === 'ProductionLotDeclared' ? { ...fact, placeholder: false } : fact);
    if (events.length === 0) silent.add(fact.type);
    for (const event of events) expect([topic, fact.type, schema.eventFaults(event)]).toEqual([topic, fact.type, []]);
  }
  expect([...silent].sort()).toEqual([...SILENT, ...TAKEN_BACK].sort());
});

const line = (last: number, serials = true) => ({
  lot: 'F1',
  quantity: { value: String(last), unit: 'EA' },
  serials: serials ? [{ gtin: '09520123456788', prefix: 'IP', width: 6, first: 1, last }] : [],
  containers: [],
});

test('a reel that ran empty comes off as its lot', () => {
  const off = { type: 'MaterialUnmounted', mount: 'MT-1', sourceSystem: 'MES', sourceMount: '1', site: 'SZ1', equipment: 'SMT-2', position: 'F1', lot: 'M1', remaining: { value: '0', unit: 'EA' }, operator: null, unmountedAt: '2026-11-05T07:00:00.000Z', violations: [] }; // prettier-ignore
  const [event] = dressed(off);
  expect(schema.eventFaults(event)).toEqual([]);
  expect(event).toMatchObject({ bizStep: 'removing', eventTime: '2026-11-05T07:00:00.000Z', quantityList: [{ epcClass: 'urn:lotwarden:lot:M1' }] }); // prettier-ignore
});

test('a shipment names its units and who has them then', () => {
  const shipment = { type: 'ShipmentDispatched', shipment: 'S-1', site: 'SZ1', soldTo: 'D1', shipTo: 'D1', custodian: '0614141000012', market: 'CN', purpose: 'sale', origin: 'command', dispatchedAt: '2026-11-05T07:00:00.000Z', lines: [line(2)], violations: [] }; // prettier-ignore
  expect(dressed(shipment)).toMatchObject([
    {
      type: 'ObjectEvent',
      action: 'OBSERVE',
      bizStep: 'shipping',
      disposition: 'in_transit',
      eventTime: '2026-11-05T07:00:00.000Z',
      epcList: ['https://id.gs1.org/01/09520123456788/21/IP000001', 'https://id.gs1.org/01/09520123456788/21/IP000002'],
      destinationList: [
        { type: 'possessing_party', destination: 'https://id.gs1.org/417/0614141000012' },
        { type: 'owning_party', destination: 'urn:lotwarden:party:D1' },
      ],
    },
  ]);
});

test('a shipment names the containers in which its goods are', () => {
  const shipment = { type: 'ShipmentDispatched', shipment: 'S-1', site: 'SZ1', soldTo: 'D1', shipTo: 'D1', custodian: 'D1', market: 'CN', purpose: 'sale', origin: 'command', dispatchedAt: '2026-11-05T07:00:00.000Z', lines: [{ ...line(5_000), containers: ['106141412345678908', 'BOX-7'] }], violations: [] }; // prettier-ignore
  const [event] = dressed(shipment);
  expect(schema.eventFaults(event)).toEqual([]);
  expect(event).toMatchObject({
    epcList: ['https://id.gs1.org/00/106141412345678908', 'urn:lotwarden:container:BOX-7'],
    quantityList: [{ quantity: 5_000 }],
  });
});

test('a million units are told as their lot and their ranges', () => {
  const [event] = dressed({ type: 'GoodsDestroyed', destruction: 'D', site: 'SZ1', destroyedAt: '2026-11-05T07:00:00.000Z', witness: 'w', lines: [line(1_000_000)], violations: [] }); // prettier-ignore
  expect(schema.eventFaults(event)).toEqual([]);
  expect(event).toMatchObject({
    action: 'DELETE',
    quantityList: [{ epcClass: 'urn:lotwarden:lot:F1', quantity: 1_000_000 }],
    'lotwarden:serials': ['09520123456788 IP000001-IP1000000'],
  });
  expect(JSON.stringify(event).length).toBeLessThan(2000);
});

test('a recall lock sets the disposition that stays; a use never says whose', () => {
  const hold = { type: 'HoldPlaced', hold: 'H-1', case: 'RC', epoch: 1, chunk: 1, chunks: 1, provisional: false, lots: [{ lot: 'F1', serials: { mode: 'all', ranges: [] } }] }; // prettier-ignore
  expect(dressed(hold)).toMatchObject([{ bizStep: 'holding', persistentDisposition: { set: ['recalled'] } }]);
  const use = { type: 'UnitsUsed', custodian: 'H1', lot: 'F1', quantity: { value: '1', unit: 'EA' }, serials: line(1).serials, usedAt: '2026-11-05T07:00:00.000Z', useToken: 'secret-token-0001', violations: [] }; // prettier-ignore
  expect(JSON.stringify(dressed(use))).not.toContain('secret-token');
});

test('an operation is a transformation, and its scrap an end', () => {
  const recorded = { type: 'OperationRecorded', operation: 'OP-1', sourceSystem: 'MES', sourceOperation: '7', kind: 'make', workOrder: 'WO-1', site: 'SZ1', equipment: 'SMT-2', operator: null, parameters: [], tools: [], gauges: [], softwareVersion: null, labelVersion: null, load: null, startedAt: '2026-11-05T06:00:00.000Z', endedAt: '2026-11-05T07:00:00.000Z', inputs: [{ ...line(5, false), lot: 'M1' }, { ...line(5, false), lot: 'M2' }], outputs: [line(2)], scrap: [line(1, false)], violations: [] }; // prettier-ignore
  const events = dressed(recorded);
  expect(events.map((event) => schema.eventFaults(event))).toEqual([[], []]);
  expect(events).toMatchObject([
    {
      type: 'TransformationEvent',
      bizStep: 'assembling',
      inputQuantityList: [{ epcClass: 'urn:lotwarden:lot:M1', quantity: 5 }, { epcClass: 'urn:lotwarden:lot:M2' }],
      outputEPCList: [expect.any(String), expect.any(String)],
    },
    { action: 'DELETE', bizStep: 'decommissioning' },
  ]);
  expect(new Set(events.map((event) => event['eventID'])).size).toBe(2);
});
