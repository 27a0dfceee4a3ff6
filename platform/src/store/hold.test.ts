import { expect, test } from '@jest/globals';
import { ALL_SERIALS } from '../serial-range.ts';
import { heldBy, type HoldEntry } from './hold.ts';

const entry = (over: Partial<HoldEntry>): HoldEntry => ({
  epoch: 1,
  state: 'held',
  provisional: false,
  placed: null,
  inherited: null,
  ...over,
});

test('shown are the holds that stop something: placed or inherited, not released, not empty', () => {
  const holds = {
    'H-1': entry({ placed: ALL_SERIALS }),
    'H-2': entry({ placed: ALL_SERIALS, state: 'released' }),
    'H-3': entry({ inherited: ALL_SERIALS }),
    'H-4': entry({}),
  };
  expect(heldBy(holds)).toEqual(['H-1', 'H-3']);
  expect(heldBy({})).toEqual([]);
});
