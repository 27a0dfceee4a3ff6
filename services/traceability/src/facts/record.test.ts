import { expect, test } from '@jest/globals';
import { createHistory, line } from '../../test/history.ts';
import { alone, THEIRS, told as inEpcis, unit, units } from '../../test/told.ts';
import { lotOfLabel } from '../genealogy/epcis-ids.ts';
import { aboutOf, spanOf, systemOf } from './record.ts';

const told = (say: (tell: ReturnType<typeof createHistory>['tell']) => void) => {
  const { facts, tell } = createHistory();
  say(tell);
  return facts.at(-1)!;
};

test('an event is about whatever it names: lots, parties, operations, and the lots that its names stood for', () => {
  const received = told((tell) => tell.received('M1', 10, 'L-7'));
  expect(aboutOf(received.topic, received.event)).toEqual([
    'lot:M1',
    expect.stringMatching(/^lot:X-/),
    'status:M1',
    expect.stringMatching(/^status:X-/),
  ]);
  const shipped = told((tell) => tell.dispatched('S-1', 'HOSPITAL', [line('F1', 1)]));
  expect(aboutOf(shipped.topic, shipped.event)).toEqual(['shipment:S-1', 'party:HOSPITAL', 'lot:F1']);
  const moved = told((tell) => tell.serialsMoved('F1', 'F2', [], 'OP-3'));
  expect(aboutOf(moved.topic, moved.event).sort()).toEqual(['lot:F1', 'lot:F2', 'operation:OP-3']);
});

test('an event in EPCIS is about the units it names, and about the lot that they came into being with', () => {
  const { facts } = createHistory();
  inEpcis(facts).born('e-1', units('object', unit(THEIRS, 'TX001')), { lotNumber: 'LOT-A' });
  inEpcis(facts).seen('e-2', units('object', unit(THEIRS, 'TX001')));
  const lot = `lot:${lotOfLabel(THEIRS, 'LOT-A')}`;
  const [born, seen] = facts.map(({ topic, event }) => aboutOf(topic, event).filter((one) => one.startsWith('lot:')));
  expect(born?.sort()).toEqual([lot, `lot:${alone(THEIRS, 'TX001')}`].sort());
  expect(seen).toEqual([`lot:${alone(THEIRS, 'TX001')}`]);
});

test('who reported it is the outside system where the event names one, else its owner', () => {
  const operation = told((tell) => tell.operation('OP-1', { in: [], out: [['F1', 1]] }));
  expect(systemOf(operation.topic, operation.event)).toBe('MES-SZ');
  expect(systemOf('warehouse.stock.v1', {})).toBe('warehouse');
});

test('how long it lasted, the earlier first; open where nobody told the end', () => {
  expect(spanOf({ startedAt: 'b', endedAt: 'a' })).toEqual({ from: 'a', to: 'b' });
  expect(spanOf({ startedAt: 'a', endedAt: null })).toEqual({ from: 'a', to: null });
  expect(spanOf({})).toBeNull();
});
