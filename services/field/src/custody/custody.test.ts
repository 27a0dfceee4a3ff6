import { expect, test } from '@jest/globals';
import type { LotLine } from '@lotwarden/contracts/events';
import { given as givenEvents } from '@lotwarden/platform/testing/given';
import fc from 'fast-check';
import { registerParty, UNKNOWN_PARTY } from '../party/party.ts';
import { evolve, gainCustody, NO_CUSTODY, reduceCustody, useUnits, type CustodyEvent } from './custody.ts';

const custodian = 'H1';
const cause = { kind: 'shipment', id: 'S-3' };
const line = (first: number, last: number): LotLine => ({
  lot: 'F2',
  quantity: { value: String(last - first + 1), unit: 'EA' },
  containers: [],
  serials: [{ gtin: '09520123456788', prefix: 'IP', width: 6, first, last }],
});
const given = (...history: CustodyEvent[]) => givenEvents(NO_CUSTODY, evolve, history);
const holding = gainCustody({ custodian, line: line(1, 3), cause });
const use = (l: LotLine) => ({ custodian, line: l, usedAt: '2026-11-10T08:00:00.000Z', useToken: 'T-9' });

test('what a hospital has, returns and uses adds up', () => {
  const after = [
    ...holding,
    ...reduceCustody(holding.reduce(evolve, NO_CUSTODY), { custodian, line: line(1, 1), cause }),
    ...useUnits(NO_CUSTODY, use(line(2, 2))),
  ].reduce(evolve, NO_CUSTODY);
  expect(after).toMatchObject({
    quantities: [{ value: '1' }],
    serials: line(3, 3).serials,
    usedQuantities: [{ value: '1' }],
  });
});

test('a return of what was never there is kept, as a finding', () => {
  given(...holding)
    .when((c) => reduceCustody(c, { custodian, line: line(9, 9), cause }))
    .thenLike([{ type: 'CustodyReduced', violations: [{ code: 'serial-not-in-custody' }] }]);
  given()
    .when((c) => reduceCustody(c, { custodian, line: line(1, 1), cause }))
    .thenLike([{ violations: [{ code: 'custody-negative' }, { code: 'serial-not-in-custody' }] }]);
});

test('a unit is used once', () => {
  const used = useUnits(holding.reduce(evolve, NO_CUSTODY), use(line(2, 2)));
  given(...holding, ...used)
    .when((c) => useUnits(c, use(line(2, 2))))
    .then([]);
  given(...holding, ...used)
    .when((c) => reduceCustody(c, { custodian, line: line(2, 2), cause }))
    .thenLike([{ violations: [{ code: 'serial-used-before' }] }]);
});

test('held and used together are what came, less what went, unit by unit and in any order', () => {
  const units = ['EA', 'BX', 'KGM'];
  const moves = fc.array(
    fc.tuple(fc.constantFrom('gain', 'reduce', 'use'), fc.integer({ min: 1, max: 40 }), fc.constantFrom(...units)),
    { maxLength: 20 },
  );
  const of = (lines: readonly { value: string; unit: string }[], wanted: string) =>
    Number(lines.find(({ unit }) => unit === wanted)?.value ?? 0);
  fc.assert(
    fc.property(moves, (list) => {
      const expected = new Map(units.map((unit) => [unit, 0]));
      const state = list.reduce((known, [kind, n, unit]) => {
        const goods = { ...line(1, n), quantity: { value: String(n), unit }, serials: [] };
        expected.set(unit, (expected.get(unit) ?? 0) + (kind === 'gain' ? n : kind === 'reduce' ? -n : 0));
        const events =
          kind === 'gain'
            ? gainCustody({ custodian, line: goods, cause })
            : kind === 'reduce'
              ? reduceCustody(known, { custodian, line: goods, cause })
              : useUnits(known, use(goods));
        return events.reduce(evolve, known);
      }, NO_CUSTODY);
      for (const unit of units)
        expect(of(state.quantities, unit) + of(state.usedQuantities, unit)).toBe(expected.get(unit));
    }),
  );
});

test('boxes do not stand in for pieces', () => {
  const boxes = { ...line(1, 5), quantity: { value: '5', unit: 'BX' }, serials: [] };
  const pieces = { ...line(1, 2), serials: [] };
  given(...gainCustody({ custodian, line: boxes, cause }))
    .when((c) => reduceCustody(c, { custodian, line: pieces, cause }))
    .thenLike([{ violations: [{ code: 'custody-negative', detail: 'held 0, left 2 EA' }] }]);
});

test('a party without anybody to call is not registered', () => {
  const party = {
    party: 'D1',
    name: 'East Medical',
    nameZh: null,
    roles: ['distributor'],
    region: 'east',
    channel: 'direct',
    country: 'CN',
    contacts: [],
  };
  expect(() => registerParty(UNKNOWN_PARTY, party)).toThrow('party-without-contact');
});
