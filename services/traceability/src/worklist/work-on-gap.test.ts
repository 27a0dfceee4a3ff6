import { expect, test } from '@jest/globals';
import { evolve, UNKNOWN_GAP, type GapEvent, type GapWork } from './gap.ts';
import { ruleFor, sourceOfGap } from './rules.ts';
import { assignGap, closeGap, commentGap, gapId, openGap, postponeGap } from './work-on-gap.ts';

const PARKED = { kind: 'owner-parked', subject: 'mes-bridge mes.inbound.v1', detail: '(3)' };
const ID = gapId(PARKED);
const SINCE = '2026-11-01T08:00:00.000Z';
const ME = { by: 'anna', at: '2026-11-01T09:00:00.000Z' };

const after = (known: GapWork, events: readonly GapEvent[]): GapWork => events.reduce(evolve, known);
const opened = after(UNKNOWN_GAP, openGap(UNKNOWN_GAP, PARKED, [], SINCE));

test('what is parked at mes-bridge goes to those who look after MES, with their time', () => {
  expect(opened).toMatchObject({
    status: 'open',
    gap: ID,
    source: 'mes-bridge',
    team: 'mes',
    since: SINCE,
    dueAt: '2026-11-01T12:00:00.000Z',
  });
  expect(openGap(opened, PARKED, [], SINCE)).toEqual([]);
});

test('a plant has its own teams and times; what nobody thought of goes to operations', () => {
  const rules = [{ kind: 'owner-*', source: 'mes-bridge', team: 'line 2', hours: 1 }];
  expect(ruleFor(rules, PARKED, 'mes-bridge')).toMatchObject({ team: 'line 2', hours: 1 });
  expect(ruleFor(rules, PARKED, 'qms')).toMatchObject({ team: 'quality' });
  expect(ruleFor([], { kind: 'who-knows' }, 'x')).toMatchObject({ team: 'operations', hours: 24 });
});

test.each([
  [{ kind: 'owner-unread', subject: 'qms lims.inbound.v1' }, 'qms'],
  [{ kind: 'version-missing', subject: 'warehouse.stock.v1 F1' }, 'warehouse'],
  [{ kind: 'unread', subject: 'field.custody.v1/3' }, 'field'],
  [{ kind: 'operation-without-inputs', subject: 'OP-1' }, 'mes-bridge'],
  [{ kind: 'operation-without-inputs', subject: 'epcis:ni:///x' }, 'traceability'],
  [{ kind: 'lot-undeclared', subject: 'M-SZ1-261101-00001' }, 'receiving'],
  [{ kind: 'lot-undeclared', subject: 'X-1' }, 'mes-bridge'],
])('%j is for %s to give', (gap, source) => {
  expect(sourceOfGap({ ...gap, detail: '' })).toBe(source);
});

test('persons take it, give it back, comment and postpone; it closes by itself and keeps who had it when it comes back', () => {
  const taken = after(opened, assignGap(opened, ID, { assignee: 'anna', reason: 'mine', ...ME }));
  expect(taken).toMatchObject({ status: 'taken', assignee: 'anna', reason: 'mine' });
  expect(assignGap(taken, ID, { assignee: 'anna', reason: 'again', ...ME })).toEqual([]);
  const said = after(taken, commentGap(taken, ID, { comment: 'line 2 is down', ...ME }));
  expect(said.comments).toEqual([{ ...ME, text: 'line 2 is down' }]);
  const later = after(said, postponeGap(said, ID, { dueAt: '2026-11-03T08:00:00.000Z', reason: 'spare part', ...ME }));
  expect(later).toMatchObject({ dueAt: '2026-11-03T08:00:00.000Z', reason: 'spare part' });
  const closed = after(later, closeGap(later));
  expect(closed.status).toBe('closed');
  expect(closeGap(closed)).toEqual([]);
  const back = after(closed, openGap(closed, PARKED, [], '2026-11-05T08:00:00.000Z'));
  expect(back).toMatchObject({ status: 'taken', assignee: 'anna', reopened: 1, dueAt: '2026-11-05T12:00:00.000Z' });
  expect(after(back, assignGap(back, ID, { assignee: null, reason: 'away', ...ME })).status).toBe('open');
});

test('nobody works on what is not there, or postpones into the past', () => {
  const closed = after(opened, closeGap(opened));
  const given = { assignee: 'anna', reason: 'mine', ...ME };
  expect(() => assignGap(closed, ID, given)).toThrow('gap-closed');
  expect(() => assignGap(UNKNOWN_GAP, ID, given)).toThrow('gap-unknown');
  expect(() => postponeGap(opened, ID, { dueAt: SINCE, reason: 'x', ...ME })).toThrow('gap-due-in-past');
});
