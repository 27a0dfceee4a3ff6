import { expect, test } from '@jest/globals';
import { serials } from '../../test/history.ts';
import { serialReadings } from '../search/identifiers.ts';
import { mentionOf, wasIn, windowsOf, type Unit } from './serial-windows.ts';

const unit: Unit = { gtin: '06901234567892', readings: serialReadings('IP000003') };
const told = (day: number, type: string, lot: string, operation?: string) => ({
  occurredAt: `2026-11-0${day}T08:00:00.000Z`,
  event: { type, lot, ranges: serials(1, 5), ...(operation !== undefined && { operation }) },
});

test('a unit is in a lot from when it came until it left, and may come back', () => {
  const windows = windowsOf(unit, [
    told(3, 'SerialsMovedOut', 'F2', 'OP-2'),
    told(1, 'SerialsCommissioned', 'F1'),
    told(2, 'SerialsMovedOut', 'F1', 'OP-1'),
    told(2, 'SerialsMovedIn', 'F2', 'OP-1'),
    told(3, 'SerialsMovedIn', 'F1', 'OP-2'),
  ]);
  expect(windows).toEqual([
    { lot: 'F1', from: null, to: '2026-11-02T08:00:00.000Z', broughtBy: null, takenBy: 'OP-1' },
    {
      lot: 'F2',
      from: '2026-11-02T08:00:00.000Z',
      to: '2026-11-03T08:00:00.000Z',
      broughtBy: 'OP-1',
      takenBy: 'OP-2',
    },
    { lot: 'F1', from: '2026-11-03T08:00:00.000Z', to: null, broughtBy: 'OP-2', takenBy: null },
  ]);
  expect(wasIn(windows, 'F1', '2026-10-01T00:00:00.000Z')).toBe(true);
  expect(wasIn(windows, 'F1', '2026-11-02T12:00:00.000Z')).toBe(false);
  expect(wasIn(windows, 'F2', '2026-11-02T12:00:00.000Z')).toBe(true);
});

test('other units leave no window; another GTIN is another unit', () => {
  expect(windowsOf({ ...unit, gtin: '00000000000000' }, [told(1, 'SerialsCommissioned', 'F1')])).toEqual([]);
});

test('an event speaks of the unit by its serial, only by its lot, or of others', () => {
  const lines = [
    { lot: 'F1', serials: serials(1, 2) },
    { lot: 'F2', serials: serials(3, 3) },
  ];
  expect(mentionOf(unit, { lines }, 'F1')).toBe('none');
  expect(mentionOf(unit, { lines }, 'F2')).toBe('serial');
  expect(mentionOf(unit, { lot: 'F1', market: 'CN' }, 'F1')).toBe('lot');
});
