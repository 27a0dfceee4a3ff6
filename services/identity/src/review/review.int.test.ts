import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { PASSWORD, startIdentity, type Identity, type Reply } from '../../test/identity.ts';

let identity: Identity;
let quality: string;
beforeAll(async () => {
  identity = await startIdentity({ IDENTITY_SIGN_INS_PER_MINUTE: '1000' });
  ({ token: quality } = await identity.person('li.na', ['quality-manager']));
});
afterAll(() => identity.end());

const ask = (method: string, path: string, body?: object, token = identity.administrator): Promise<Reply> =>
  identity.ask(method, path, token, body);
const decide = (decisions: readonly object[], token?: string): Promise<Reply> =>
  ask('POST', '/access-reviews/AR-0001/decisions', { decisions }, token);
const keep = (kind: string, id: string, over: object = {}) => ({
  kind,
  id,
  verdict: 'keep',
  reason: 'needed',
  ...over,
});

async function sign(): Promise<Reply> {
  const { body: record } = await ask('GET', '/access-reviews/AR-0001/signature-request', undefined, quality);
  const act = { account: 'li.na', password: PASSWORD, meaning: 'review-access', reason: 'half-yearly review' };
  const { body: signed } = await ask('POST', '/signatures', { ...record, ...act }, quality);
  return ask('POST', '/access-reviews/AR-0001/signatures', { signature: signed.signature }, quality);
}

test('11.10(d): who has access is reviewed by two people, signed, and what was decided is carried out', async () => {
  const { token: leaving } = await identity.person('zhao.lei', ['warehouse-operator']);
  await identity.person('wang.wei', ['viewer', 'shipping-lead']);
  await ask('POST', '/machines', { machine: 'old_mes', name: 'Old MES', role: 'system-mes' });
  const { x } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
  await ask('POST', '/devices', { device: 'SCAN-1', name: 'Dock', kind: 'scanner', key: { kty: 'OKP', crv: 'Ed25519', x } }); // prettier-ignore

  const opened = await ask('POST', '/access-reviews', { reason: 'half-yearly' });
  expect(opened).toMatchObject({ status: 201, body: { review: 'AR-0001', subjects: 6, decided: 0, status: 'open' } });
  expect(await ask('POST', '/access-reviews', { reason: 'twice' })).toMatchObject({ body: { code: 'review-open-already' } }); // prettier-ignore

  const people = await ask('GET', '/access-reviews/AR-0001/subjects?kind=person&limit=3');
  expect(people.body.items[0]).toMatchObject({
    id: 'administrator',
    roles: ['administrator'],
    facts: ['no authenticator'],
    lastSeenAt: expect.any(String),
    verdict: null,
  });
  const rest = await ask('GET', `/access-reviews/AR-0001/subjects?kind=person&limit=3&cursor=${people.body.next}`);
  expect(rest.body).toMatchObject({ items: [{ id: 'zhao.lei' }], next: null });

  expect(await decide([keep('person', 'administrator')])).toMatchObject({ status: 403, body: { code: 'review-own-access' } }); // prettier-ignore
  await decide([
    keep('person', 'li.na'),
    keep('person', 'wang.wei', { verdict: 'reduce', roles: ['viewer'], reason: 'left shipping' }),
    keep('person', 'zhao.lei', { verdict: 'deactivate', reason: 'left us' }),
    keep('system', 'old_mes', { verdict: 'deactivate', reason: 'replaced' }),
    keep('device', 'SCAN-1', { verdict: 'deactivate', reason: 'lost' }),
  ]);
  expect(await sign()).toMatchObject({ status: 400 }); // there is no record to sign yet
  expect(await ask('GET', '/access-reviews/AR-0001/signature-request')).toMatchObject({
    status: 409,
    body: { code: 'review-not-complete' },
  });
  await decide([keep('person', 'administrator')], quality);

  await ask('PUT', '/accounts/wang.wei/roles', { roles: ['viewer', 'shipping-lead', 'receiver'] });
  expect(await ask('GET', '/access-reviews/AR-0001/signature-request')).toMatchObject({
    body: { code: 'review-outdated' },
  });
  expect(await ask('POST', '/access-reviews/AR-0001/refreshes', {})).toMatchObject({ body: { decided: 5 } });
  await decide([keep('person', 'wang.wei', { verdict: 'reduce', roles: ['viewer'], reason: 'left shipping' })]);

  const done = await sign();
  expect(done).toMatchObject({
    status: 201,
    body: {
      status: 'carried-out',
      toCarryOut: 0,
      signatures: [{ name: 'Name of li.na', meaning: { en: 'Reviewed who has access' }, ofCurrentVersion: true }],
    },
  });
  expect(await ask('GET', '/accounts/wang.wei')).toMatchObject({ body: { roles: ['viewer'] } });
  expect(await ask('GET', '/accounts/zhao.lei')).toMatchObject({ body: { status: 'deactivated' } });
  expect(await ask('GET', '/machines/old_mes')).toMatchObject({ body: { status: 'deactivated' } });
  expect(await ask('GET', '/devices/SCAN-1')).toMatchObject({ body: { status: 'blocked' } });
  expect(await ask('GET', '/access-reviews/AR-0001/subjects?kind=device')).toMatchObject({
    body: { items: [{ verdict: 'deactivate', reason: 'lost', decidedBy: 'administrator', outcome: 'done' }] },
  });
  expect(await decide([keep('person', 'li.na')])).toMatchObject({ body: { code: 'review-signed-already' } });
  expect(await ask('GET', '/access-reviews', undefined, leaving)).toMatchObject({ status: 403 });

  const table = await fetch(`${identity.address}/access-reviews/AR-0001/subjects`, {
    headers: { authorization: `Bearer ${quality}`, accept: 'text/csv' },
  });
  expect(await table.text()).toContain('left shipping');
});

test('no review is signed by a token alone, nor by the signature of somebody else or on something else', async () => {
  await ask('POST', '/access-reviews', { reason: 'again' });
  const { body } = await ask('GET', '/access-reviews/AR-0002/subjects');
  const items = body.items as readonly { readonly kind: string; readonly id: string }[];
  const others = items.filter(({ id }) => id !== 'administrator').map(({ kind, id }) => keep(kind, id));
  await ask('POST', '/access-reviews/AR-0002/decisions', { decisions: others });
  await ask('POST', '/access-reviews/AR-0002/decisions', { decisions: [keep('person', 'administrator')] }, quality);
  const act = { account: 'li.na', password: PASSWORD, reason: 'r', meaning: 'review-access' };
  const { body: record } = await ask('GET', '/access-reviews/AR-0002/signature-request', undefined, quality);
  const signing = (over: object) => ask('POST', '/signatures', { ...record, ...act, ...over }, quality);
  const { body: mine } = await signing({});
  const { body: earlier } = await signing({ recordVersion: 1 });
  const { body: otherMeaning } = await signing({ meaning: 'release' });
  const send = (signature: string, token?: string) =>
    ask('POST', '/access-reviews/AR-0002/signatures', { signature }, token);
  expect(await send('forged', quality)).toMatchObject({ body: { code: 'signature-invalid' } });
  expect(await send(earlier.signature, quality)).toMatchObject({ body: { code: 'signature-for-another-record' } });
  expect(await send(otherMeaning.signature, quality)).toMatchObject({ body: { code: 'signature-meaning-other' } });
  expect(await send(mine.signature)).toMatchObject({ body: { code: 'signature-of-another-person' } });
  const [one, two] = await Promise.all([send(mine.signature, quality), send(mine.signature, quality)]);
  expect([one.status, two.status].filter((status) => status === 201)).toHaveLength(1);
});
