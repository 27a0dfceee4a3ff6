import { expect, test } from '@jest/globals';
import { createCodec } from '@lotwarden/contracts/codec';
import { evolve, NOT_CAPTURED } from './captured-event.ts';
import { statementOf } from './goods-in-event.ts';
import type { JsonObject } from './json.ts';
import { readEvent } from './read-capture.mapper.ts';
import { openSchema } from './schema.mapper.ts';

const schema = openSchema();
const codec = createCodec();
const transformation = (lot: string, quantity: number): JsonObject => ({
  type: 'TransformationEvent',
  eventTime: '2026-11-01T08:00:00Z',
  eventTimeZoneOffset: '+08:00',
  inputQuantityList: [{ epcClass: 'urn:lotwarden:lot:M-SZ1-261101-00001', quantity: 1 }],
  outputQuantityList: [{ epcClass: lot, quantity }],
});
const OUT = 'https://id.gs1.org/01/09520123456788/10/';
const read = (event: JsonObject) => readEvent(event, { party: null, context: undefined, schema });

test.each([
  ['a quantity beyond our decimals', transformation(`${OUT}L1`, 1e21)],
  ['a quantity of 20 digits', transformation(`${OUT}L1`, 123456789012345680000)],
  ['less than nothing', transformation(`${OUT}L1`, -5)],
  ['a lot that is no UTF-8', transformation(`${OUT}%FF`, 1)],
  ['one of ours that is no UTF-8', transformation('urn:lotwarden:lot:%FF', 1)],
  ['a bare percent sign', transformation('urn:lotwarden:lot:%', 1)],
  ['a leap second', { ...transformation(`${OUT}L1`, 1), eventTime: '2016-12-31T23:59:60Z' }],
  ['a year that its offset makes 10000', { ...transformation(`${OUT}L1`, 1), eventTime: '9999-12-31T23:59:59-14:00' }],
  ['the year 0', { ...transformation(`${OUT}L1`, 1), eventTime: '0000-01-01T00:00:00Z' }],
])('%s is refused before it is taken, with its reason', (_, event) => {
  const reading = read(event);
  expect('faults' in reading && reading.faults.map(({ message }) => message)).toContainEqual(
    expect.stringMatching(/.{10}/),
  );
});

test('what is nested too deeply is refused, before anybody runs out of stack', () => {
  const deep = (levels: number): JsonObject => JSON.parse('{"a":'.repeat(levels) + '1' + '}'.repeat(levels));
  const event = (levels: number) => ({ ...transformation(`${OUT}L1`, 1), 'example:deep': deep(levels) });
  expect(read({ '@context': [{ example: 'https://ns.example.com/' }], ...event(50) })).toHaveProperty('event');
  expect(read(event(5_000))).toEqual({ faults: [expect.objectContaining({ message: expect.stringMatching('64') })] });
});

test.each([[0], [1e-10], [0.1 + 0.2], [1e15], [9_007_199_254_740_991]])('%d pieces can be kept and sent', (amount) => {
  const reading = read(transformation(`${OUT}L%201`, amount));
  if (!('event' in reading)) throw new Error('it is sound');
  const { eventId, hash, event, json } = reading.event;
  const told = {
    type: 'EpcisEventCaptured' as const,
    eventId,
    hash,
    eventType: 'TransformationEvent',
    recordTime: '2026-11-01T08:00:01.000Z',
    occurredAt: '2026-11-01T08:00:00.000Z',
    event: json,
    ...statementOf(event),
    capture: null,
    capturer: 'epcis-hub',
    party: null,
    roles: [],
  };
  expect(evolve(NOT_CAPTURED, told).eventId).toBe(eventId);
  expect(codec.decode('traceability.epcis.v1', codec.encode('traceability.epcis.v1', told))).toMatchObject({ eventId });
});
