import { expect, test } from '@jest/globals';
import { gapsOf } from '../trace/completeness.ts';
import { scopeOf } from '../trace/answer.ts';
import type { FactAbout } from './facts.ts';
import { fold } from './fold.ts';
import { createGenealogy } from './create-genealogy.ts';
import { lotAt } from './nodes.ts';

type Told = FactAbout<'traceability.epcis.v1'>;

const LOT = 'F-SZ1-261101-00001';
const theirs = 'https://id.gs1.org/01/09520123456788/10/KIT-7';
const told = (id: string, more: Partial<Told['event']> = {}): Told => ({
  topic: 'traceability.epcis.v1',
  partition: 0,
  offset: 0,
  aggregate: id,
  version: 1,
  id,
  occurredAt: '2026-11-10T08:00:00.000Z',
  event: {
    type: 'EpcisEventCaptured',
    eventId: id,
    hash: 'ni:///sha-256;0',
    eventType: 'TransformationEvent',
    recordTime: '2026-11-10T08:00:00.000Z',
    occurredAt: '2026-11-10T07:00:00.000Z',
    event: '{}',
    action: null,
    bizStep: 'assembling',
    source: null,
    destination: null,
    readPoint: null,
    parent: null,
    goods: [
      { role: 'input', id: `https://id.gs1.org/01/09520123450005/10/${LOT}`, quantity: { value: '5', unit: 'EA' } },
      { role: 'output', id: theirs, quantity: { value: '5', unit: 'EA' } },
    ],
    declaredWrong: false,
    capture: null,
    capturer: 'd1-system',
    party: '0614141000012',
    roles: ['partner-epcis'],
    ...more,
  },
});
const graphOf = (...facts: Told[]) => {
  const graph = createGenealogy();
  for (const fact of facts) fold(graph, fact);
  return graph;
};
const certainties = (...facts: Told[]) =>
  scopeOf(graphOf(...facts), [LOT], 'forward').lots.map(({ certainty }) => certainty);

test("a partner's kit is in the scope of what went into it, as possible; our own middleware is believed more", () => {
  expect(certainties(told('e-1'))).toEqual(['scanned', 'possible']);
  expect(certainties(told('e-1', { party: null }))).toEqual(['scanned', 'lot-inferred']);
});

test('what is declared wrong is out again, whichever comes first', () => {
  const wrong = { ...told('e-1', { declaredWrong: true }), aggregate: 'e-1#error-2026-11-11T08:00:00Z' };
  expect(certainties(told('e-1'), wrong)).toEqual(['scanned']);
  expect(certainties(wrong, told('e-1'))).toEqual(['scanned']);
});

test('a lot that a partner made is declared by him; one he took from us unknown to us is a gap', () => {
  expect(gapsOf(graphOf(told('e-1')), [])).toEqual([`lot-undeclared ${LOT}`]);
});

test('a pallet that somebody packed leads to the lots in it', () => {
  const packed = told('e-2', {
    eventType: 'AggregationEvent',
    action: 'ADD',
    parent: 'https://id.gs1.org/00/106141412345678908',
    goods: [{ role: 'child', id: `urn:lotwarden:lot:${LOT}`, quantity: { value: '5', unit: 'EA' } }],
  });
  const graph = graphOf(packed);
  expect([...lotAt(graph, 0).containers]).toEqual(['106141412345678908']);
});
