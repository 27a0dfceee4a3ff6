import { expect, test } from '@jest/globals';
import { mandatedMeanings, underMandate } from './mandate.ts';
import { MEANING_WORDS } from './meaning-words.ts';
import { signable } from './signed-record.ts';

const order = { order: 'MO-1', lot: 'F-1', quantity: { value: '100', unit: 'EA' }, to: 'QUARANTINE', reason: 'recall' };
const of = (content: object) => signable('movement-order', 'MO-1', 1, content);
const less = (value: string, over: object = {}) => ({ ...order, quantity: { value, unit: 'EA' }, ...over });

test('11.70: an order for less of the same is covered by the signature for more', () => {
  expect(underMandate(of(less('80')), 'movement-order', { signed: order, now: less('80') })).toEqual(of(order));
  expect(underMandate(of(order), 'movement-order', { signed: order, now: order })).toEqual(of(order));
});

test.each([
  ['more', less('100.5')],
  ['nothing', less('0')],
  ['a negative quantity', less('-1')],
  ['no number', less('1e1')],
  ['another unit', { ...order, quantity: { value: '80', unit: 'KGM' } }],
  ['another lot', less('80', { lot: 'F-2' })],
  ['another way', less('80', { to: 'SHOP' })],
  ['another reason', less('80', { reason: 'sale' })],
  ['something besides', less('80', { also: 'this' })],
  ['no goods at all', { order: 'MO-1' }],
])('11.70: %s is not', (_, now) => {
  expect(() => underMandate(of(now), 'movement-order', { signed: order, now })).toThrow('signature-for-another-record');
});

test('11.70: what is called the record now must be the record', () => {
  expect(() => underMandate(of(less('90')), 'movement-order', { signed: order, now: less('80') })).toThrow(
    'signature-for-another-record',
  );
});

test('11.70: every other meaning is void for every other version, also those that nobody thought of', () => {
  expect(mandatedMeanings()).toEqual(['movement-order']);
  const others = [...Object.keys(MEANING_WORDS), 'toString', 'constructor', ''].filter(
    (one) => one !== 'movement-order',
  );
  for (const meaning of others)
    expect(() => underMandate(of(less('80')), meaning, { signed: order, now: less('80') })).toThrow(
      'signature-for-another-record',
    );
});
