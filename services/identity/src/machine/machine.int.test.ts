import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { clientCredentials } from '@lotwarden/platform/token-source';
import { createVerifier, type TokenVerifier } from '@lotwarden/platform/token-verifier';
import { startIdentity, type Identity, type Reply } from '../../test/identity.ts';

let identity: Identity;
let verify: TokenVerifier;

beforeAll(async () => {
  identity = await startIdentity();
  verify = createVerifier({ issuer: identity.issuer, keys: new URL(`${identity.issuer}/jwks`) });
});
afterAll(() => identity.end());

const token = (clientId: string, clientSecret: string) =>
  clientCredentials({
    tokenUrl: new URL(`${identity.issuer}/token`),
    clientId,
    clientSecret,
    now: () => new Date(),
  }).token();

const ask = (method: string, path: string, body?: object): Promise<Reply> =>
  identity.ask(method, path, identity.administrator, body);
const open = (machine: string, over: object = {}): Promise<Reply> =>
  ask('POST', '/machines', { machine, name: `Name of ${machine}`, role: 'system-mes', ...over });

test('an outside system gets tokens with the role that its service account has, and sites and party', async () => {
  const mes = await open('mes_suzhou', { sites: ['SZ1'] });
  expect(mes.status).toBe(201);
  expect(await verify(await token('mes_suzhou', mes.body.secret))).toEqual({
    id: 'mes_suzhou',
    name: 'Name of mes_suzhou',
    kind: 'system',
    roles: ['system-mes'],
    sites: ['SZ1'],
  });
  const partner = await open('epcis_huaxin', { role: 'partner-epcis', party: 'HUAXIN' });
  expect(await verify(await token('epcis_huaxin', partner.body.secret))).toMatchObject({
    roles: ['partner-epcis'],
    party: 'HUAXIN',
  });
});

test('a partner names its party, our own systems none; a role of people or services is never given', async () => {
  expect((await open('epcis_nobody', { role: 'partner-epcis' })).body.code).toBe('machine-party-wrong');
  expect((await open('mes_other', { party: 'HUAXIN' })).body.code).toBe('machine-party-wrong');
  for (const role of ['administrator', 'service', 'quality-manager'])
    expect((await open('mes_other', { role })).status).toBe(400);
  expect((await open('administrator')).status).toBe(400);
  expect((await open('mes-bridge')).status).toBe(400);
});

test('a secret is shown once, and only its hash is kept', async () => {
  const { body } = await open('wms_once', { role: 'system-wms' });
  expect(body.secret).toMatch(/^[\w-]{43}$/);
  const shown = JSON.stringify([(await ask('GET', '/machines/wms_once')).body, (await ask('GET', '/machines')).body]);
  expect(shown).toContain('wms_once');
  expect(shown).not.toContain(body.secret);
  expect(shown).not.toContain('hash');
  await expect(token('wms_once', 'kept-as-hashes-only')).rejects.toThrow('invalid_client');
  await expect(token('wms_once', 'lotwarden-development')).rejects.toThrow('invalid_client');
});

test('an answer with a secret is not kept for a repeat', async () => {
  const reply = await fetch(`${identity.address}/machines`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${identity.administrator}`,
      'content-type': 'application/json',
      'idempotency-key': '0b0b2c5e-5d3f-4b39-9a55-6a0b2f0f6f01',
    },
    body: JSON.stringify({ machine: 'mes_repeat', name: 'repeat', role: 'system-mes' }),
  });
  expect(await reply.json()).toMatchObject({ code: 'secret-shown-once' });
  expect((await ask('GET', '/machines/mes_repeat')).status).toBe(404);
});

test('while a secret is changed both open, then only the newer one', async () => {
  const path = '/machines/lims_change/secrets';
  const first = await open('lims_change', { role: 'system-lims' });
  const old = first.body.secrets[0].id as string;
  expect((await ask('DELETE', `${path}/${old}`)).body.code).toBe('machine-secret-last');
  const second = await ask('POST', path, { reason: 'every half year' });
  expect(second.body.secrets).toHaveLength(2);
  expect((await ask('POST', path, { reason: 'once more' })).body.code).toBe('machine-secrets-two');
  expect(await token('lims_change', first.body.secret)).toMatch(/^ey/);
  expect(await token('lims_change', second.body.secret)).toMatch(/^ey/);
  expect((await ask('DELETE', `${path}/${old}`)).body.secrets).toHaveLength(1);
  await expect(token('lims_change', first.body.secret)).rejects.toThrow('invalid_client');
  expect(await token('lims_change', second.body.secret)).toMatch(/^ey/);
  expect((await ask('DELETE', `${path}/${old}`)).body.code).toBe('machine-secret-unknown');
});

test('who asks for two more secrets at once gets one', async () => {
  await open('mes_both');
  const both = await Promise.all([1, 2].map(() => ask('POST', '/machines/mes_both/secrets', { reason: 'change' })));
  expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
});

test('a deactivated service account gets no token, and its id is never given again', async () => {
  const { body } = await open('mes_gone');
  expect(await token('mes_gone', body.secret)).toMatch(/^ey/);
  const gone = await ask('POST', '/machines/mes_gone/deactivations', { reason: 'the line was sold' });
  expect(gone.body).toMatchObject({ status: 'deactivated', secrets: [], kafka: { acls: [] } });
  await expect(token('mes_gone', body.secret)).rejects.toThrow('invalid_client');
  expect((await open('mes_gone')).body.code).toBe('machine-id-taken');
  expect((await ask('POST', '/machines/mes_gone/secrets', { reason: 'back' })).body.code).toBe('machine-deactivated');
});

test('a system cannot open service accounts or see them, nor sign in as a person', async () => {
  const { body } = await open('mes_curious');
  const own = await token('mes_curious', body.secret);
  expect((await identity.ask('GET', '/machines', own)).status).toBe(403);
  expect((await identity.ask('POST', '/machines/mes_curious/secrets', own, { reason: 'more' })).status).toBe(403);
  const query = new URLSearchParams({ client_id: 'mes_curious', response_type: 'code', scope: 'openid' }).toString();
  const asked = await fetch(`${identity.issuer}/auth?${query}`, { redirect: 'manual' });
  expect(asked.status).toBe(400);
});

test('opening and changing secrets are events of security', async () => {
  await open('mes_told');
  const { body } = await ask('GET', '/security-events?kind=client-secret-changed');
  expect(JSON.stringify(body)).toContain('mes_told');
});
