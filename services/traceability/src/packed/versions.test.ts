import { expect, test } from '@jest/globals';
import { createInterner } from '../genealogy/interner.ts';
import { createVersions } from './versions.ts';

test('a version is kept for lots, operations and others, also if an id becomes that of a lot later', () => {
  const lots = createInterner();
  const operations = createInterner();
  const versions = createVersions([lots, operations]);
  lots.intern('L1');
  operations.intern('O1');
  versions.set('a', 'L1', 3);
  versions.set('b', 'L1', 4);
  versions.set('a', 'O1', 5);
  versions.set('a', 'SZ1|L1', 6);
  versions.set('a', 'L2', 7);
  lots.intern('L2');
  expect(versions.get('a', 'L2')).toBe(7);
  versions.set('a', 'L2', 8);
  versions.set('a', 'many', 65_534);
  versions.set('b', 'many', 65_535);
  versions.set('c', 'many', 1_000_000);
  const all = (of: typeof versions) =>
    [['a', 'L1'], ['b', 'L1'], ['c', 'L1'], ['a', 'O1'], ['a', 'SZ1|L1'], ['a', 'L2'], ['a', 'many'], ['b', 'many'], ['c', 'many'], ['a', '']].map(([topic = '', id = '']) => of.get(topic, id)); // prettier-ignore
  expect(all(versions)).toEqual([3, 4, 0, 5, 6, 8, 65_534, 65_535, 1_000_000, 0]);
  const thawed = createVersions([lots, operations]);
  thawed.thaw(versions.freeze());
  expect(all(thawed)).toEqual(all(versions));
});
