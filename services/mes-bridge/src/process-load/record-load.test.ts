import { expect, test } from '@jest/globals';
import { evolve, loadId, UNKNOWN_LOAD, type ProcessLoadEvent } from './process-load.ts';
import { recordLoad, voidLoad } from './record-load.ts';

const load = loadId('MES-SZ', 'ETO-77');
const at = (hour: number) => `2026-11-02T${String(hour).padStart(2, '0')}:00:00.000Z`;
const member = (lot: string) => ({ lot, quantity: { value: '10', unit: 'EA' }, serials: [], containers: [] });
const whole = (members: string[], from = 8, to: number | null = null, kind = 'steriliser') => ({
  load,
  circumstances: { sourceSystem: 'MES-SZ', sourceLoad: 'ETO-77', kind, site: 'SZ1', equipment: 'ETO-1', operator: null, parameters: [] }, // prettier-ignore
  exposure: { startedAt: at(from), endedAt: to === null ? null : at(to), members: members.map(member), operations: [], serves: [] }, // prettier-ignore
  violations: [],
});
const after = (...events: ProcessLoadEvent[]) => events.reduce(evolve, UNKNOWN_LOAD);
const first = recordLoad(UNKNOWN_LOAD, whole(['A']));

test('a load that is reported again grows: members, and the widest time; the same again is nothing new', () => {
  const [more] = recordLoad(after(...first), whole(['A', 'B'], 7, 12));
  expect(more).toMatchObject({ type: 'ProcessLoadExtended', startedAt: at(7), endedAt: at(12), violations: [] });
  const state = after(...first, ...(more ? [more] : []));
  expect(state.exposure.members.map(({ lot }) => lot)).toEqual(['A', 'B']);
  expect(state.exposure).toMatchObject({ startedAt: at(7), endedAt: at(12) });
  expect(recordLoad(state, whole(['B'], 8, 10))).toEqual([]);
});

test('what cannot be so is kept as a finding, and a void takes it out without forgetting it', () => {
  expect(recordLoad(after(...first), whole(['A'], 8, null, 'furnace'))).toMatchObject([{ violations: [{ code: 'load-recorded-twice' }] }]); // prettier-ignore
  const voided = voidLoad(after(...first), { load, reason: 'other cycle', replacedBy: null });
  const state = after(...first, ...voided);
  expect(state).toMatchObject({ status: 'voided', exposure: { members: [{ lot: 'A' }] } });
  expect(voidLoad(state, { load, reason: 'again', replacedBy: null })).toEqual([]);
  expect(recordLoad(state, whole(['C']))).toMatchObject([{ violations: [{ code: 'load-voided' }] }]);
});
