import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createCodec } from '@lotwarden/contracts/codec';
import { instant } from '@lotwarden/platform/instant';
import { createLog } from '@lotwarden/platform/log';
import { openTestStore } from '@lotwarden/platform/testing/store';
import { accountStore } from '../account/account.store.ts';
import { openAccount } from '../account/manage-account.ts';
import { deviceStore } from '../device/device.store.ts';
import { keyCollection, openKeyRing, type KeyRing } from '../key/key-ring.store.ts';
import { localKeys } from '../key/local-keys.client.ts';
import { machineStore } from '../machine/machine.store.ts';
import { linkStore, providerStore } from '../provider/provider.store.ts';
import type { Noticed } from '../security/security-event.ts';
import { jwsOf } from '../signature/jws.client.ts';
import { accessReviews, reviewStore } from './review.store.ts';

const { store, drop } = await openTestStore({ service: 'identity', codec: createCodec() });
const DAY = 86_400_000;
const FIRST = Date.UTC(2026, 0, 1);
const time = { now: FIRST };
const clock = { now: () => new Date(time.now), instant: () => instant(new Date(time.now)) };
const accounts = accountStore(store);
const keys = keyCollection(store);
const reports: Noticed[] = [];
const sessions = { fails: false };

let ring: KeyRing;
const reviews = accessReviews({
  reviews: reviewStore(store),
  accounts,
  machines: machineStore(store),
  devices: deviceStore(store),
  providers: providerStore(store),
  links: linkStore(store),
  security: {
    report: (noticed) => {
      reports.push(noticed);
      return Promise.resolve();
    },
  },
  endSessions: () => (sessions.fails ? Promise.reject(new Error('died here')) : Promise.resolve()),
  keys: async () => localKeys(await ring.keys('record')),
  since: () => Promise.resolve(instant(new Date(FIRST))),
  every: 180,
  dueAfter: 30,
  clock,
  log: createLog({ service: 'identity', level: 'silent' }),
});

beforeAll(async () => {
  await store.ensureIndexes();
  ring = await openKeyRing({ keys, secret: 'the secret of this test', now: clock.now });
  for (const [account, role] of [
    ['admin', 'administrator'],
    ['li.na', 'quality-manager'],
    ['zhao.lei', 'viewer'],
  ] as const)
    // prettier-ignore
    await accounts.change(account, { actor: 'test' }, (state) =>
      openAccount(state, { account, name: account, roles: [role], sites: null, party: null, password: '', at: clock.instant() }), // prettier-ignore
    );
});
afterAll(drop);

const keep = { verdict: 'keep', roles: null, sites: null, endDeputyships: false, reason: 'needed' } as const;

async function sign(id: string) {
  const [key] = await ring.keys('record');
  const record = await reviews.toSign(id);
  const signer = { signer: 'li.na', signerName: 'Li Na', roles: ['quality-manager'], amr: ['pwd'], deputyFor: [] };
  const act = { meaning: 'review-access', reason: 'r', signedAt: clock.instant(), signatureId: 's-1' };
  return reviews.sign(id, jwsOf({ ...record, ...signer, ...act }, key), { actor: 'li.na' });
}

test('11.10(d): a review opens when it is due, is urgent once when it is late, and the next comes as long after it was signed', async () => {
  await reviews.look();
  expect((await reviews.list(10, undefined)).items).toEqual([]);
  time.now = FIRST + 181 * DAY;
  await reviews.look();
  expect(await reviews.get('AR-0001')).toMatchObject({ state: { status: 'open', due: instant(new Date(time.now + 30 * DAY)) } }); // prettier-ignore

  time.now += 31 * DAY;
  await reviews.look();
  await reviews.look();
  expect(reports.filter(({ reason }) => reason === 'overdue')).toEqual([
    expect.objectContaining({ kind: 'review-changed', subject: 'AR-0001', urgent: true }),
  ]);

  await reviews.decide('AR-0001', [{ ...keep, subject: 'person:admin' }, { ...keep, subject: 'person:zhao.lei', verdict: 'deactivate' }], { actor: 'li.na' }); // prettier-ignore
  await reviews.decide('AR-0001', [{ ...keep, subject: 'person:li.na' }], { actor: 'admin' });

  // It dies between the signature and the end of what was decided: nothing of it is forgotten, nothing done twice.
  sessions.fails = true;
  expect(await sign('AR-0001')).toMatchObject({ state: { status: 'signed' } });
  sessions.fails = false;
  await reviews.look();
  expect(await reviews.get('AR-0001')).toMatchObject({ state: { status: 'carried-out', carriedOut: [{ outcome: 'done' }] } }); // prettier-ignore
  expect((await accounts.get('zhao.lei'))?.state).toMatchObject({ status: 'deactivated' });
  expect(reports.filter(({ kind }) => kind === 'account-deactivated')).toHaveLength(1);

  time.now += 179 * DAY;
  await reviews.look();
  expect((await reviews.list(10, undefined)).items).toHaveLength(1);
  time.now += 2 * DAY;
  await reviews.look();
  expect((await reviews.list(10, undefined)).items.map(({ id }) => id)).toEqual(['AR-0002', 'AR-0001']);
});

test('two who open one at the same time open one', async () => {
  await reviews.decide('AR-0002', [{ ...keep, subject: 'person:admin' }], { actor: 'li.na' });
  await reviews.decide('AR-0002', [{ ...keep, subject: 'person:li.na' }], { actor: 'admin' });
  await sign('AR-0002');
  const both = await Promise.allSettled([1, 2].map(() => reviews.open(undefined, { actor: 'admin' })));
  expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect((await reviews.list(10, undefined)).items).toHaveLength(3);
});
