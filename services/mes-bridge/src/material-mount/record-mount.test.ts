import { expect, test } from '@jest/globals';
import { evolve, mountId, UNKNOWN_MOUNT, type MountEvent } from './material-mount.ts';
import { mountedNow, overlapping, type MountedThere } from './mounted-now.ts';
import { recordMount, recordUnmount, voidMount, type Around } from './record-mount.ts';

const ea = (value: string) => ({ value, unit: 'EA' });
const at = (hour: number) => `2026-11-02T${String(hour).padStart(2, '0')}:00:00.000Z`;
const mount = mountId('MES-SZ', 'R-1');
const place = { mount, sourceSystem: 'MES-SZ', sourceMount: 'R-1', site: 'SZ1', equipment: 'SMT-1', position: 'F1', operator: null }; // prettier-ignore
const on = (lot = 'CAP', hour = 8) => ({ ...place, lot, quantity: ea('5000'), mixing: false, mountedAt: at(hour) });
const off = (hour = 10, lot: string | null = null) => ({ ...place, lot, remaining: ea('100'), unmountedAt: at(hour) });
const alone: Around = { lot: [], others: [], real: (lot) => (lot === 'X-1' ? 'CAP' : lot) };
const after = (...events: MountEvent[]) => events.reduce(evolve, UNKNOWN_MOUNT);
const mounted = recordMount(UNKNOWN_MOUNT, on(), alone);
const codes = (events: readonly MountEvent[]) =>
  events.flatMap((event) => ('violations' in event ? event.violations.map(({ code }) => code) : []));

test('a reel goes on and comes off; told twice it is told once', () => {
  const unmounted = recordUnmount(after(...mounted), off(), alone);
  const state = after(...mounted, ...unmounted);
  expect(state).toMatchObject({ status: 'unmounted', lot: 'CAP', mountedAt: at(8), unmountedAt: at(10), violations: [] }); // prettier-ignore
  expect(recordMount(state, on(), alone)).toEqual([]);
  expect(recordMount(state, on('X-1'), alone)).toEqual([]);
  expect(recordUnmount(state, off(), alone)).toEqual([]);
});

test('what comes off before anybody told of its mounting is kept, and no finding any more once that is told', () => {
  const first = recordUnmount(UNKNOWN_MOUNT, off(10, 'CAP'), alone);
  expect(codes(first)).toEqual(['mount-unknown']);
  expect(after(...first)).toMatchObject({ status: 'unmounted', lot: 'CAP', mountedAt: null });
  const then = recordMount(after(...first), on(), alone);
  expect(after(...first, ...then)).toMatchObject({ status: 'unmounted', mountedAt: at(8), violations: [] });
});

test('a report that contradicts the first is kept as a claim; so is one after the void', () => {
  const [claim] = recordMount(after(...mounted), on('OTHER', 9), alone);
  expect(claim).toMatchObject({ type: 'MaterialMountFlagged', lot: 'OTHER', mountedAt: at(9), quantity: null });
  const voided = voidMount(after(...mounted), { mount, reason: 'wrong feeder', replacedBy: null });
  expect(after(...mounted, ...voided).status).toBe('voided');
  expect(codes(recordUnmount(after(...mounted, ...voided), off(), alone))).toEqual(['mount-voided']);
  expect(voidMount(after(...mounted, ...voided), { mount, reason: 'again', replacedBy: null })).toEqual([]);
});

test('another lot, a time that cannot be, more left than there was: each is said', () => {
  const events = recordUnmount(after(...mounted), { ...off(7, 'OTHER'), remaining: ea('6000') }, alone);
  expect(codes(events)).toEqual(['mount-time-absurd', 'mount-lot-other', 'mount-remaining-exceeds']);
});

const there = (id: string, from: number, to: number | null, more: Partial<MountedThere> = {}): MountedThere => ({
  mount: id,
  position: 'F1',
  lot: id,
  mixing: false,
  mountedAt: at(from),
  unmountedAt: to === null ? null : at(to),
  ...more,
});

test('two at one position at one time are told, whichever is heard of first; who is replaced overlaps nobody', () => {
  const around = (...others: MountedThere[]) => ({ ...alone, others });
  expect(codes(recordMount(UNKNOWN_MOUNT, on('CAP', 9), around(there('A', 8, 10))))).toEqual(['mount-overlap']);
  expect(codes(recordUnmount(after(...mounted), off(10), around(there('B', 9, null))))).toEqual(['mount-overlap']);
  expect(codes(recordMount(UNKNOWN_MOUNT, on('CAP', 9), around(there('A', 8, null))))).toEqual([]);
  expect(overlapping(there('A', 8, 10), [there('T', 9, null, { mixing: true }), there('P', 9, 10, { position: 'F2' })])).toEqual([]); // prettier-ignore
});

test('on the machine now is the last of each position, and what is mixed into it', () => {
  const now = (...mounts: MountedThere[]) => mountedNow(mounts).map(({ mount: id }) => id).sort(); // prettier-ignore
  expect(now(there('A', 8, null), there('B', 9, null), there('C', 7, null, { position: 'F2' }))).toEqual(['B', 'C']);
  expect(now(there('A', 8, 9), there('B', 9, 10))).toEqual([]);
  expect(now(there('A', 8, 9), there('B', 9, null, { mixing: true }))).toEqual(['A', 'B']);
});
