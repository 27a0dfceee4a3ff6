import { expect, test } from '@jest/globals';
import { UNKNOWN_ACCOUNT, evolve as evolveAccount, type Account, type AccountEvent } from '../account/account.ts';
import { reduce } from './carry-out.store.ts';
import {
  assertReady,
  decide,
  evolve,
  isOverdue,
  openReview,
  refresh,
  reviewRecord,
  tellOverdue,
  toCarryOut,
  UNKNOWN_REVIEW,
  type Decision,
  type ReviewEvent,
  type ReviewState,
} from './review.ts';
import { drift, type Fact, type Subject } from './subject.ts';

const AT = '2026-01-01T00:00:00.000Z';
const DUE = '2026-02-01T00:00:00.000Z';
const NOTHING = { changed: [], come: [], gone: [] };

const person = (id: string, roles: readonly string[], facts: readonly Fact[] = []): Subject => ({
  kind: 'person',
  id,
  name: id,
  roles,
  sites: null,
  party: null,
  facts,
  lastSeenAt: null,
});
const scanner: Subject = { ...person('SCAN-1', []), kind: 'device' };
const ADMIN = person('admin', ['administrator']);
const LI = person('li.na', ['quality-manager', 'viewer']);
const WANG = person('wang.wei', ['viewer'], [{ fact: 'stands-for', person: 'li.na', from: AT, until: DUE }]);

const said = (subject: Decision['subject'], over: Partial<Decision> = {}): Decision => ({
  subject,
  verdict: 'keep',
  roles: null,
  sites: null,
  endDeputyships: false,
  reason: 'is still here',
  by: 'admin',
  at: AT,
  ...over,
});

const replay = (events: readonly ReviewEvent[], from: ReviewState = UNKNOWN_REVIEW): ReviewState => events.reduce(evolve, from); // prettier-ignore
const opened = (...subjects: Subject[]) => replay(openReview(UNKNOWN_REVIEW, { at: AT, due: DUE, subjects }));
const after = (state: ReviewState, ...decisions: Decision[]) => replay(decide(state, 'AR-0001', decisions), state);

test('nobody decides about his own access, nor about that of whom he stands in for', () => {
  const review = opened(ADMIN, LI, WANG);
  expect(() => decide(review, 'AR-0001', [said('person:admin')])).toThrow('review-own-access');
  expect(() => decide(review, 'AR-0001', [said('person:li.na', { by: 'wang.wei' })])).toThrow('review-own-access');
  expect(decide(review, 'AR-0001', [said('person:wang.wei', { by: 'li.na' })])).toHaveLength(1);
});

test.each<[string, Decision, string]>([
  ['a role that was not there', said('person:li.na', { verdict: 'reduce', roles: ['administrator'] }), 'review-grants-nothing'], // prettier-ignore
  ['all that was there', said('person:li.na', { verdict: 'reduce', roles: ['viewer', 'quality-manager'] }), 'review-nothing-reduced'], // prettier-ignore
  ['nothing less', said('person:li.na', { verdict: 'reduce' }), 'review-nothing-reduced'],
  ['of a device', said('device:SCAN-1', { verdict: 'reduce', roles: [] }), 'review-only-people-reduced'],
  ['of somebody who is not there', said('person:nobody'), 'review-subject-unknown'],
])('%s is refused, and nothing beside it is decided', (_, decision, code) => {
  expect(() => decide(opened(ADMIN, LI, scanner), 'AR-0001', [said('device:SCAN-1'), decision])).toThrow(code);
});

test('roles that a provider decides would come back: they are not reduced here, but the account can be deactivated', () => {
  const outside = person('zhao', ['viewer'], [{ fact: 'logs-in-at', provider: 'corp', decidesRoles: true }]);
  const review = opened(ADMIN, outside);
  expect(() => decide(review, 'AR-0001', [said('person:zhao', { verdict: 'reduce', roles: [] })])).toThrow('review-roles-elsewhere'); // prettier-ignore
  expect(decide(review, 'AR-0001', [said('person:zhao', { verdict: 'deactivate' })])).toHaveLength(1);
});

test('it is signed when everybody is decided, as they are now, and an administrator is left', () => {
  const review = opened(ADMIN, LI);
  const half = after(review, said('person:li.na'));
  expect(() => assertReady(half, 'AR-0001', NOTHING)).toThrow('review-not-complete');
  const whole = after(half, said('person:admin', { by: 'li.na' }));
  expect(assertReady(whole, 'AR-0001', NOTHING)).toBe(whole);
  expect(() => assertReady(whole, 'AR-0001', { ...NOTHING, come: [WANG] })).toThrow('review-outdated');
  const noAdmin = after(whole, said('person:admin', { by: 'li.na', verdict: 'reduce', roles: [] }));
  expect(() => assertReady(noAdmin, 'AR-0001', NOTHING)).toThrow('review-no-administrator-left');
});

test('whoever changed since is looked at anew: the decision on the rest stands', () => {
  const more = { ...LI, roles: ['quality-manager', 'recall-manager', 'viewer'] };
  const review = after(opened(ADMIN, LI, WANG, scanner), said('person:li.na'), said('device:SCAN-1'));
  const now = drift([ADMIN, LI, WANG, scanner], [ADMIN, more, scanner, person('new', ['viewer'])]);
  const fresh = replay(refresh(review, 'AR-0001', now), review);
  expect(fresh).toMatchObject({
    subjects: [{ id: 'admin' }, { id: 'li.na', roles: more.roles }, { id: 'SCAN-1' }, { id: 'new' }],
    decisions: [{ subject: 'device:SCAN-1' }],
  });
});

test('when somebody was seen last changes nothing of his access', () => {
  expect(drift([LI], [{ ...LI, lastSeenAt: AT }])).toEqual(NOTHING);
});

test('the last word counts, and another word is another record to sign', () => {
  const kept = after(opened(ADMIN, LI), said('person:li.na'));
  const gone = after(kept, said('person:li.na', { verdict: 'deactivate' }));
  if (kept.status === 'unknown' || gone.status === 'unknown') throw new Error('not open');
  expect(toCarryOut(kept)).toEqual([]);
  expect(toCarryOut(gone)).toMatchObject([{ subject: 'person:li.na' }]);
  expect(reviewRecord('AR-0001', 2, kept).recordHash).not.toBe(reviewRecord('AR-0001', 2, gone).recordHash);
});

test('one that is late is told once', () => {
  const review = opened(ADMIN);
  expect(isOverdue(review, DUE)).toBe(false);
  expect(tellOverdue(review, '2026-02-02T00:00:00.000Z')).toHaveLength(1);
  const told = replay(tellOverdue(review, '2026-02-02T00:00:00.000Z'), review);
  expect(tellOverdue(told, '2026-02-03T00:00:00.000Z')).toEqual([]);
});

test('a reduction takes from what is there now, and gives back nothing that was taken meanwhile', () => {
  const opening: AccountEvent[] = [
    { type: 'AccountOpened', account: 'li.na', name: 'Li', roles: ['viewer'], sites: null, party: null, password: '', at: AT }, // prettier-ignore
    { type: 'DeputyAppointed', standsFor: 'wang.wei', from: AT, until: DUE },
  ];
  const account = opening.reduce<Account>(evolveAccount, UNKNOWN_ACCOUNT);
  const roles = ['quality-manager', 'viewer'];
  const decision = said('person:li.na', { verdict: 'reduce', roles, sites: ['SZ1'], endDeputyships: true });
  const reduced = reduce(account, 'li.na', decision).reduce(evolveAccount, account);
  expect(reduced).toMatchObject({ roles: ['viewer'], sites: ['SZ1'], deputyships: [] });
  expect(reduce(reduced, 'li.na', decision)).toEqual([]);
});
