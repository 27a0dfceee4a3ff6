import { expect, test } from '@jest/globals';
import type { EventOf } from '@lotwarden/contracts/events';
import { lotIn, partyOf, readHandover, unitIn } from './epcis-handover.ts';

type Captured = EventOf<'traceability.epcis.v1'>;

const D1 = '0614141000012';
const H9 = '0614141000029';
const unit = { role: 'object', id: 'https://id.gs1.org/01/09520123456788/21/IP000002', quantity: null };
const lot = { role: 'object', id: 'urn:lotwarden:lot:F2', quantity: { value: '2', unit: 'EA' } };
const event = (more: Partial<Captured> = {}): Captured => ({
  type: 'EpcisEventCaptured',
  eventId: 'urn:uuid:1',
  hash: 'ni:///sha-256;0',
  eventType: 'ObjectEvent',
  recordTime: '2026-11-10T08:00:00.000Z',
  occurredAt: '2026-11-10T07:00:00.000Z',
  event: '{}',
  action: 'OBSERVE',
  bizStep: 'shipping',
  source: `https://id.gs1.org/417/${D1}`,
  destination: `https://id.gs1.org/417/${H9}`,
  readPoint: null,
  parent: null,
  goods: [unit, lot],
  declaredWrong: false,
  capture: null,
  capturer: 'hub',
  party: null,
  roles: [],
  ...more,
});

test('what is shipped changes hands; what is received says so only of units', () => {
  expect(readHandover(event(), [])).toEqual({ handover: { from: D1, to: H9, goods: [unit, lot] } });
  expect(readHandover(event({ bizStep: 'receiving' }), [])).toEqual({ handover: { from: D1, to: H9, goods: [unit] } });
  expect(readHandover(event({ bizStep: 'destroying', action: 'DELETE' }), [])).toEqual({
    handover: { from: D1, to: null, goods: [unit, lot] },
  });
});

test('a partner tells of his own hands only', () => {
  expect(readHandover(event({ party: D1 }), [])).toHaveProperty('handover');
  expect(readHandover(event({ party: H9, bizStep: 'receiving' }), [])).toHaveProperty('handover');
  for (const forged of [{ party: H9 }, { party: D1, bizStep: 'receiving' }, { party: 'X' }])
    expect(readHandover(event(forged), [])).toEqual({ ignored: 'not-his-to-tell' });
});

test('what our own warehouse tells, and what says nothing of hands, is passed over', () => {
  const ignored = { ignored: 'says-nothing-of-custody' };
  expect(readHandover(event(), [D1])).toEqual(ignored);
  expect(readHandover(event(), [H9])).toEqual(ignored);
  for (const other of [
    { bizStep: 'inspecting' },
    { bizStep: null },
    { destination: null },
    { eventType: 'AggregationEvent' },
    { goods: [] },
  ])
    expect(readHandover(event(other), [])).toEqual(ignored);
});

test('ids of parties, units and lots are read in their one form', () => {
  expect(partyOf('urn:lotwarden:party:H%201')).toBe('H 1');
  expect(partyOf(`https://id.gs1.org/414/${H9}/254/ward-3`)).toBe(H9);
  expect(unitIn(unit)).toEqual({ gtin: '09520123456788', prefix: 'IP', width: 6, first: 2, last: 2 });
  expect(unitIn({ ...unit, id: 'https://id.gs1.org/01/09520123456788/21/LAST' })).toBeUndefined();
  expect(lotIn(lot)).toEqual({ system: 'lotwarden', code: 'F2' });
  expect(lotIn({ ...lot, id: 'https://id.gs1.org/01/09520123456788/10/F-SZ1-261101-00001' })).toEqual({
    system: 'lotwarden',
    code: 'F-SZ1-261101-00001',
  });
  expect(lotIn({ ...lot, id: 'https://id.gs1.org/01/09520123456788/10/A%2F7' })).toEqual({
    system: 'gs1:09520123456788',
    code: 'A/7',
  });
});
