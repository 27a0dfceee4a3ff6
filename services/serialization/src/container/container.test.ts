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

test('only units of the lot are packed under it', () => {
  expect(() => {
    checkUnits(line(1, 10), units(1, 9));
  }).toThrow('serial-not-of-lot');
  expect(() => {
    checkUnits(line(1, 9), units(1, 10));
  }).not.toThrow();
});
