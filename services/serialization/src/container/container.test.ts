import { expect, test } from '@jest/globals';
import type { LotLine } from '@lotwarden/contracts/events';
import { given as givenEvents } from '@lotwarden/platform/testing/given';
import {
  checkUnits,
  contentsDigest,
  contentsOfChildren,
  evolve,
  NO_CONTAINER,
  openContainer,
  packContainer,
  sealContainer,
  type ContainerEvent,
} from './container.ts';
import { assertLoose, evolve as evolveNesting, LOOSE, putInto, takeOut } from './nesting.ts';
import { evolve as evolvePacked, NOTHING_PACKED, packUnits } from './packed-units.ts';
import { checkSscc, sscc } from './sscc.ts';

const units = (first: number, last: number) => [{ gtin: '09520123456788', prefix: 'IP', width: 6, first, last }];
const line = (first: number, last: number): LotLine => ({
  lot: 'F1',
  quantity: { value: String(last - first + 1), unit: 'EA' },
  serials: units(first, last),
  containers: [],
});
const pack = { container: 'C1', level: 'carton', children: [], contents: [line(1, 10)], site: 'SZ1' } as const;
const given = (...history: ContainerEvent[]) => givenEvents(NO_CONTAINER, evolve, history);
const packed = packContainer(NO_CONTAINER, pack);
const sealed = [...packed, ...sealContainer(packed.reduce(evolve, NO_CONTAINER))];

test('a container is packed, sealed, opened; its seal vouches for its contents', () => {
  given(...packed)
    .when((c) => sealContainer(c))
    .thenLike([{ type: 'ContainerSealed', digest: contentsDigest([line(1, 10)]) }]);
  given(...sealed)
    .when((c) => sealContainer(c))
    .then([]);
  given(...sealed)
    .when((c) => packContainer(c, pack))
    .rejects('container-not-empty');
  given(...sealed, ...openContainer(sealed.reduce(evolve, NO_CONTAINER), 'damaged'))
    .when((c) => packContainer(c, pack))
    .thenLike([{ type: 'ContainerPacked' }]);
  given()
    .when((c) => packContainer(c, { ...pack, contents: [] }))
    .rejects('container-without-contents');
  expect(contentsDigest([line(1, 10)])).not.toBe(contentsDigest([line(1, 9)]));
});

test('only sealed containers of a lower level go into another', () => {
  const carton = sealed.reduce(evolve, NO_CONTAINER);
  expect(contentsOfChildren([carton], 'case')).toMatchObject([{ lot: 'F1', containers: ['C1'] }]);
  expect(() => contentsOfChildren([carton], 'carton')).toThrow('container-level-wrong');
  expect(() => contentsOfChildren([packed.reduce(evolve, NO_CONTAINER)], 'case')).toThrow('container-not-sealed');
});

test('only units of the lot are packed under it, each once', () => {
  const check = (serials: LotLine['serials'], ofLot: LotLine['serials']) => () => {
    checkUnits({ lot: 'F1', serials }, ofLot);
  };
  expect(check(units(1, 10), units(1, 9))).toThrow('serial-not-of-lot');
  expect(check([...units(1, 5), ...units(5, 6)], units(1, 9))).toThrow('serial-named-twice');
  expect(check(units(1, 9), units(1, 10))).not.toThrow();
  // Backwards they are none, or fewer than none.
  expect(check(units(6, 5), units(1, 10))).toThrow('serial-range-invalid');
  expect(check([...units(1, 9), ...units(9, 4)], units(1, 10))).toThrow('serial-range-invalid');
});

test('a unit lies in one container, a container in one other', () => {
  const carton = packUnits(NOTHING_PACKED, 'C1', units(1, 10)).reduce(evolvePacked, NOTHING_PACKED);
  expect(() => packUnits(carton, 'C2', units(10, 11))).toThrow('unit-already-packed');
  expect(packUnits(carton, 'C2', units(11, 12))).toHaveLength(1);
  const inside = putInto(LOOSE, 'C1', 'CASE').reduce(evolveNesting, LOOSE);
  expect(() => putInto(inside, 'C1', 'CASE-2')).toThrow('container-already-packed');
  expect(() => {
    assertLoose(inside, 'C1');
  }).toThrow('container-inside-another');
  expect(takeOut(inside).reduce(evolveNesting, inside)).toEqual(LOOSE);
});

test('container numbers are SSCC-18 with a check digit, until the prefix has no more', () => {
  // GS1 General Specifications, example of 00 with extension digit 0.
  expect(checkSscc('106141411234567897')).toBe('106141411234567897');
  expect(() => checkSscc('106141411234567890')).toThrow('sscc-invalid');
  for (const number of [1, 9_999_999, 10_000_000]) expect(checkSscc(sscc('952012345', number))).toHaveLength(18);
  expect(sscc('952012345', 10_000_000).startsWith('1952012345')).toBe(true);
  expect(() => sscc('952012345', 100_000_000)).toThrow('sscc-exhausted');
});
