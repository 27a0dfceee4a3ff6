import { expect, test } from '@jest/globals';
import { given as givenEvents } from '@lotwarden/platform/testing/given';
import fc from 'fast-check';
import { ea } from '../../test/goods.ts';
import {
  evolve,
  giveOrder,
  orderRecord,
  UNKNOWN_ORDER,
  useOrder,
  type Directed,
  type Movement,
  type MovementOrder,
  type MovementOrderEvent,
} from './movement-order.ts';
import { DESTINATION_ROLES, mayDirect, ORDER_PURPOSES } from './ways.ts';

const directed: Directed = {
  order: 'MO-1',
  lot: 'F-1',
  quantity: ea(10),
  purpose: 'laboratory',
  site: 'SZ1',
  from: null,
  destination: 'laboratory',
  to: 'LAB',
  reason: 'to find the cause',
};
const signature = {
  jws: 'a.b.c',
  signer: 'wang',
  signerName: '王芳',
  meaning: 'movement-order',
  reason: 'recall',
  signedAt: '2026-11-02T08:00:00.000Z',
};
const signed = giveOrder(UNKNOWN_ORDER, directed, signature);
const movement = (over: Partial<Movement> = {}): Movement => ({
  lot: 'F-1',
  quantity: ea(4),
  purpose: 'laboratory',
  site: 'SZ1',
  from: 'FIN',
  to: 'LAB',
  cause: { kind: 'shipment', id: 'S-1' },
  ...over,
});
const given = (...history: MovementOrderEvent[]) => givenEvents(UNKNOWN_ORDER, evolve, history);

test('each purpose goes to one kind of destination and to no other', () => {
  const ways = ORDER_PURPOSES.flatMap((purpose) =>
    DESTINATION_ROLES.filter((destination) => mayDirect(purpose, destination)).map((to) => `${purpose} → ${to}`),
  );
  expect(ways).toEqual([
    'quarantine → quarantine',
    'leave-quarantine → store',
    'laboratory → laboratory',
    'return-to-supplier → supplier',
    'contract-processing → contract-processor',
    'destruction → destruction',
  ]);
  expect(() => orderRecord({ ...directed, destination: 'store' })).toThrow('destination-not-for-purpose');
});

test('an order is signed once; what is signed is all of it', () => {
  given(...signed)
    .when((known) => giveOrder(known, directed, signature))
    .then([]);
  given(...signed)
    .when((known) => giveOrder(known, { ...directed, quantity: ea(11) }, signature))
    .rejects('order-already-signed');
  const hashes = [directed, { ...directed, to: 'LAB-2' }, { ...directed, quantity: ea(11) }].map(
    (one) => orderRecord(one).recordHash,
  );
  expect(new Set(hashes).size).toBe(3);
});

test.each<[string, Partial<Movement>]>([
  ['another lot', { lot: 'F-2' }],
  ['another purpose', { purpose: 'destruction' }],
  ['another site', { site: 'SU2' }],
  ['another destination', { to: 'LAB-2' }],
  ['another unit of measure', { quantity: { value: '1', unit: 'BX' } }],
])('it moves nothing else: %s', (_, over) => {
  given(...signed)
    .when((known) => useOrder(known, 'MO-1', movement(over)))
    .rejects('order-for-other-goods');
});

test('a place that it names is the only one; without an order nothing moves', () => {
  given(...giveOrder(UNKNOWN_ORDER, { ...directed, from: 'QUAR' }, signature))
    .when((known) => useOrder(known, 'MO-1', movement()))
    .rejects('order-for-other-goods');
  given()
    .when((known) => useOrder(known, 'MO-1', movement()))
    .rejects('order-unknown');
});

test('it is used up by quantity, whoever asks in whatever parts', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 10 }), (parts) => {
      let known: MovementOrder = signed.reduce(evolve, UNKNOWN_ORDER);
      let moved = 0;
      for (const n of parts) {
        const ask = () => useOrder(known, 'MO-1', movement({ quantity: ea(n) }));
        if (moved + n > 10) expect(ask).toThrow('order-used-up');
        else {
          known = ask().reduce(evolve, known);
          moved += n;
        }
      }
      expect(known).toMatchObject({ left: ea(10 - moved) });
    }),
  );
});
