import { expect, test } from '@jest/globals';
import { isPermission, matrix, mayDo, operationOf, PUBLIC, type Permission } from './permissions.ts';

const operations = Object.keys(matrix) as Permission[];

test('the matrix grants what it says, and separates duties', () => {
  expect(mayDo(['viewer'], 'lot.release')).toBe(false);
  expect(mayDo(['viewer', 'quality-manager'], 'lot.release')).toBe(true);
  expect(mayDo(['administrator'], 'lot.release')).toBe(false);
  expect(mayDo(['administrator'], 'recall.launch')).toBe(false);
});

test('a role or an operation that nobody knows is neither', () => {
  expect(mayDo(['emperor', 'constructor', '__proto__'], 'stock.read')).toBe(false);
  expect(['emperor', 'constructor', '__proto__'].filter(isPermission)).toEqual([]);
});

test('every operation is done by somebody, in some way, and no route does two', () => {
  expect(operations.filter((one) => operationOf(one).by.length === 0)).toEqual([]);
  const ways = [...operations.flatMap((one) => operationOf(one).ways), ...PUBLIC];
  expect(new Set(ways).size).toBe(ways.length);
});

test('who reads changes nothing: no operation of a viewer or an auditor is anything but reading', () => {
  const changing = operations
    .filter((one) => operationOf(one).by.some((role) => role === 'viewer' || role === 'auditor'))
    .flatMap((one) => operationOf(one).ways)
    .filter((way) => !/ (GET|OPTIONS) /.test(way));
  // Questions that are too long for an address, one's own password and authenticator, and what is about to be signed.
  expect(changing.sort()).toEqual(QUESTIONS);
});

const QUESTIONS = [
  'identity POST /accounts/me/authenticator',
  'identity POST /accounts/me/authenticator/confirmations',
  'identity POST /accounts/me/passwords',
  'recall POST /holds/:hold/release-records',
  'recall POST /holds/:hold/reviews',
  'traceability POST /aggregates',
  'traceability POST /balances',
  'traceability POST /extents',
  'traceability POST /scope-differences',
  'traceability POST /scopes/compare',
  'traceability POST /scopes/compare/lots',
  'traceability POST /search/bulk',
  'traceability POST /traces',
  'traceability POST /traces/as-of',
  'traceability POST /traces/shrink',
];
