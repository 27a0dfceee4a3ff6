import { expect, test } from '@jest/globals';
import { openSchema } from './schema.mapper.ts';

const document = {
  '@context': ['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld'],
  type: 'EPCISDocument',
  schemaVersion: '2.0',
  creationDate: '2026-11-01T08:00:00Z',
  epcisBody: { eventList: [] },
};
const event = {
  type: 'ObjectEvent',
  eventTime: '2026-11-01T08:00:00Z',
  eventTimeZoneOffset: '+08:00',
  action: 'OBSERVE',
  bizStep: 'receiving',
  epcList: ['urn:epc:id:sscc:4012345.0000000333'],
};

test('a document and its events are held against the standard schema', () => {
  const { envelopeFaults, eventFaults } = openSchema();
  expect(envelopeFaults(document)).toEqual([]);
  expect(eventFaults(event)).toEqual([]);
  expect(eventFaults({ ...event, action: 'ADD', ilmd: { 'cbvmda:lotNumber': 'L1' } })).toEqual([]);
});

test('each fault is told with its place', () => {
  const { envelopeFaults, eventFaults } = openSchema();
  expect(envelopeFaults({ ...document, creationDate: 'yesterday' })).toContainEqual(
    expect.objectContaining({ path: '/creationDate' }),
  );
  for (const wrong of [
    { eventTime: '2026-11-01' },
    { eventTimeZoneOffset: '8' },
    { action: 'TAKE' },
    { bizStep: 'quarantining' },
    { bizStep: 'urn:epcglobal:cbv:bizstep:receiving' },
    { action: 'ADD', ilmd: { lotNumber: 'L1' } },
    { unknown: 1 },
    { epcList: undefined },
    { epcList: ['one'] },
    { sensorElementList: [{ sensorReport: [{}] }] },
  ])
    expect(eventFaults(JSON.parse(JSON.stringify({ ...event, ...wrong })))).not.toEqual([]);
  expect(eventFaults('text')).not.toEqual([]);
});
