import { expect, test } from '@jest/globals';
import { assertKnownDevice, sitesAt } from './known-device.ts';

const person = { kind: 'person' } as const;
const scanner = { id: 'SC-1', site: 'SZ1' };
const unknown = 'device-unknown';

test('11.10(h): where a site asks for devices nobody acts without one', () => {
  expect(() => assertKnownDevice(person, ['SZ1'], ['SZ1'])).toThrow(unknown);
  expect(() => assertKnownDevice(person, ['*'], ['CD1'])).toThrow(unknown);
  expect(() => assertKnownDevice({ ...person, device: scanner }, ['SZ1'], ['SZ1'])).not.toThrow();
});

test('11.10(h): where nobody asks for devices, and at other sites, none is needed', () => {
  expect(() => assertKnownDevice(person, [], ['SZ1'])).not.toThrow();
  expect(() => assertKnownDevice(person, ['SZ1'], ['CD1'])).not.toThrow();
  expect(() => assertKnownDevice({ ...person, sites: ['CD1'] }, ['SZ1'], [])).not.toThrow();
});

test('11.10(h): a request that names no site counts as one of the sites that the person is bound to, or of any', () => {
  expect(() => assertKnownDevice({ ...person, sites: ['CD1', 'SZ1'] }, ['SZ1'], [])).toThrow(unknown);
  expect(() => assertKnownDevice(person, ['SZ1'], [])).toThrow(unknown);
});

test('systems are no people at a device', () => {
  expect(() => assertKnownDevice({ kind: 'system' }, ['*'], ['SZ1'])).not.toThrow();
});

test('a device is at one place, and nobody is somewhere else with it', () => {
  expect(sitesAt({ device: scanner })).toEqual(['SZ1']);
  expect(sitesAt({ device: scanner, sites: ['SZ1', 'CD1'] })).toEqual(['SZ1']);
  expect(sitesAt({ device: scanner, sites: ['CD1'] })).toEqual([]);
  expect(sitesAt({ device: { id: 'LAPTOP' }, sites: ['CD1'] })).toEqual(['CD1']);
  expect(sitesAt({})).toBeUndefined();
});
