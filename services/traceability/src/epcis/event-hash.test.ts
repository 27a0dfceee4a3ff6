import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { eventHashId, preHash } from './event-hash.ts';
import { namespacesOf } from './namespaces.ts';

const namespaces = namespacesOf([{ example: 'https://ns.example.com/epcis/' }]);

/** Hashes computed by the reference implementation, epcis-event-hash-generator 1.9.3. */
const transformation = {
  type: 'TransformationEvent',
  eventTime: '2019-10-21T11:00:30.000+01:00',
  eventTimeZoneOffset: '+01:00',
  inputEPCList: ['urn:epc:id:sgtin:4012345.011111.4711'],
  inputQuantityList: [{ epcClass: 'urn:epc:class:lgtin:4012345.077777.987', quantity: 10, uom: 'KGM' }],
  outputEPCList: ['urn:epc:id:sgtin:4012345.077889.26'],
  outputQuantityList: [{ epcClass: 'urn:epc:class:lgtin:4012345.077777.999', quantity: 1.5e3 }],
  transformationID: 'urn:epc:id:gdti:4012345.55555.A1234',
  bizStep: 'commissioning',
  disposition: 'in_progress',
  readPoint: { id: 'urn:epc:id:sgln:4012345.00001.0' },
  errorDeclaration: { declarationTime: '2020-01-01T00:00:00Z', reason: 'incorrect_data' },
};
const aggregation = {
  type: 'AggregationEvent',
  eventTime: '2013-06-08T14:58:56.591Z',
  eventTimeZoneOffset: '+02:00',
  parentID: 'urn:epc:id:sscc:0614141.1234567890',
  childEPCs: ['urn:epc:id:sgtin:0614141.107346.2018', 'urn:epc:id:sgtin:0614141.107346.2017'],
  action: 'OBSERVE',
  childQuantityList: [{ epcClass: 'urn:epc:idpat:sgtin:4012345.098765.*', quantity: 10 }],
};
const association = {
  type: 'AssociationEvent',
  eventTime: '2019-11-01T14:00:00.000+01:00',
  eventTimeZoneOffset: '+01:00',
  parentID: 'urn:epc:id:grai:4012345.55555.987',
  childEPCs: ['urn:epc:id:giai:4000001.12345'],
  action: 'ADD',
  bizStep: 'assembling',
  readPoint: { id: 'urn:epc:id:sgln:4012345.00001.0' },
};

test('the hash ids are those of the reference implementation', () => {
  const hash = (digest: string) => `ni:///sha-256;${digest}?ver=CBV2.0`;
  expect(eventHashId(transformation, namespaces)).toBe(
    hash('80d166898966ca4ea98dcabcbddb32e7939c75e577645148ab971935cec5540e'),
  );
  expect(eventHashId(aggregation, namespaces)).toBe(
    hash('0ed21f61580d8f228d179120f0cf830c2a97f942a5ffac669a6dcc0f98b22f00'),
  );
  expect(eventHashId(association, namespaces)).toBe(
    hash('39141606ab0b3f7839735303d670b16acdd6faf573d27564ebb3f76ad23e4ff7'),
  );
});

test('business transactions, parties and master data stand where the canonical order puts them', () => {
  const event = {
    type: 'ObjectEvent',
    eventTime: '2020-03-04T11:00:30+01:00',
    eventTimeZoneOffset: '+01:00',
    epcList: ['https://shop.example.org/01/09520123456788/10/ABC1/21/12345?17=180426'],
    action: 'ADD',
    bizTransactionList: [{ type: 'po', bizTransaction: 'http://transaction.acme.com/po/12345678' }],
    sourceList: [{ type: 'possessing_party', source: 'urn:epc:id:pgln:4000001.00012' }],
    ilmd: { 'cbvmda:bestBeforeDate': '2019-10-21' },
    sensorElementList: [
      {
        sensorMetadata: { time: '2019-04-02T14:05:00.000+01:00', deviceID: 'urn:epc:id:giai:4000001.111' },
        sensorReport: [{ type: 'gs1:Temperature', value: 26.0, uom: 'CEL' }],
        'example:se': '1',
      },
    ],
    'example:b': { 'example:y': ['3', '1'] },
    'example:a': 0,
  };
  expect(preHash(event, namespaces)).toBe(
    'eventType=ObjectEventeventTime=2020-03-04T10:00:30.000ZeventTimeZoneOffset=+01:00' +
      'epcListepc=https://id.gs1.org/01/09520123456788/21/12345action=ADD' +
      'bizTransactionListbizTransaction=http://transaction.acme.com/po/12345678type=https://ref.gs1.org/cbv/BTT-po' +
      'sourceListsource=https://id.gs1.org/417/4000001000128type=https://ref.gs1.org/cbv/SDT-possessing_party' +
      'sensorElementListsensorElementsensorMetadatatime=2019-04-02T13:05:00.000ZdeviceID=https://id.gs1.org/8004/4000001111' +
      'sensorReporttype=https://gs1.org/voc/Temperaturevalue=26uom=CEL{https://ns.example.com/epcis/}se=1' +
      'ilmd{urn:epcglobal:cbv:mda}bestBeforeDate=2019-10-21' +
      '{https://ns.example.com/epcis/}a=0' +
      '{https://ns.example.com/epcis/}b{https://ns.example.com/epcis/}y=1{https://ns.example.com/epcis/}y=3',
  );
});

test('the order of fields and lists, and what we add ourselves, makes no other event', () => {
  const entries = Object.entries({ ...aggregation, eventID: 'urn:uuid:1', recordTime: '2020-01-01T00:00:00Z' });
  fc.assert(
    fc.property(
      fc.shuffledSubarray(entries, { minLength: entries.length }),
      fc.shuffledSubarray(aggregation.childEPCs, { minLength: 2 }),
      (shuffled, childEPCs) => {
        const event = { ...Object.fromEntries(shuffled), childEPCs };
        expect(eventHashId(event, namespaces)).toBe(eventHashId(aggregation, namespaces));
      },
    ),
  );
  expect(eventHashId({ ...aggregation, action: 'ADD' }, namespaces)).not.toBe(eventHashId(aggregation, namespaces));
});
