import { expect, test } from '@jest/globals';
import { around, isInside, narrowed } from './container-windows.ts';

const told = (hour: number, container: string, type: string, children: readonly string[] = []) => ({
  container,
  occurredAt: `2026-11-01T${String(hour).padStart(2, '0')}:00:00.000Z`,
  event: { type, children },
});
const at = (hour: number): string => told(hour, '', '').occurredAt;

test('a carton is in a pallet from being packed into it until that is opened, and may be in another one later', () => {
  const inside = around('C', [
    told(12, 'P2', 'ContainerPacked', ['C']),
    told(8, 'P1', 'ContainerPacked', ['C', 'D']),
    told(10, 'P1', 'ContainerUnpacked'),
    told(7, 'P1', 'ContainerUnpacked'),
    told(9, 'P3', 'ContainerPacked', ['D']),
  ]);
  expect(inside).toEqual([
    { container: 'P1', from: at(8), to: at(10) },
    { container: 'P2', from: at(12), to: null },
  ]);
  expect(isInside(inside, 'P1', at(9))).toBe(true);
  expect(isInside(inside, 'P1', at(11))).toBe(false);
  expect(isInside(inside, 'P2', at(20))).toBe(true);
});

test('what the pallet was in counts only while the carton was in the pallet', () => {
  const carton = { container: 'P', from: at(8), to: at(12) };
  expect(narrowed({ container: 'TRUCK', from: at(7), to: null }, carton)).toEqual({
    container: 'TRUCK',
    from: at(8),
    to: at(12),
  });
  expect(narrowed({ container: 'TRUCK', from: at(10), to: at(11) }, carton)).toMatchObject({
    from: at(10),
    to: at(11),
  });
  expect(narrowed({ container: 'TRUCK', from: at(13), to: null }, carton)).toBeUndefined();
  expect(narrowed({ container: 'TRUCK', from: at(9), to: null }, { ...carton, to: null })).toMatchObject({ to: null });
});
