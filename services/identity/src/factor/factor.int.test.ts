import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { signIn } from '@lotwarden/platform/sign-in';
import { decodeJwt } from 'jose';
import { Secret, TOTP } from 'otpauth';
import { PASSWORD, startIdentity, type Identity } from '../../test/identity.ts';

let identity: Identity;
beforeAll(async () => {
  identity = await startIdentity({ IDENTITY_SECOND_FACTOR_ROLES: 'recall-manager', IDENTITY_LOCKOUT_ATTEMPTS: '4' });
});
afterAll(() => identity.end());

const STEP = 30_000;
const record = { recordType: 'lot-release', recordId: 'F-1', recordVersion: 1, recordHash: 'a'.repeat(64) };

/** The app of somebody, whose clock can be a step before or after. */
const app = (secret: string) => (steps: number) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + steps * STEP });

async function withAuthenticator(account: string, roles: readonly string[]) {
  const { token } = await identity.person(account, roles);
  const offered = await identity.ask('POST', '/accounts/me/authenticator', token, { password: PASSWORD });
  expect(offered).toMatchObject({ status: 201, body: { uri: expect.stringContaining('otpauth://totp/Lotwarden') } });
  const code = app(String(offered.body.secret));
  const confirm = (given: string) => identity.ask('POST', '/accounts/me/authenticator/confirmations', token, { code: given }); // prettier-ignore
  expect(await confirm('000000')).toMatchObject({ status: 401, body: { code: 'second-factor-wrong' } });
  const confirmed = await confirm(code(-1));
  expect(confirmed).toMatchObject({ status: 201, body: { authenticator: 'confirmed' } });
  return { token, code, recovery: confirmed.body.recoveryCodes as string[] };
}

const enter = (account: string, code?: string) =>
  signIn({ issuer: identity.issuer, account, password: PASSWORD, ...(code !== undefined && { code: () => code }) });

test('whoever has an authenticator signs in with its code, and each code is good once', async () => {
  const { code } = await withAuthenticator('two.steps', ['viewer']);
  await expect(enter('two.steps')).rejects.toThrow('Sign in to Lotwarden');
  await expect(enter('two.steps', '000000')).rejects.toThrow('code of the authenticator is wrong');
  const now = code(0);
  const both = await Promise.allSettled([enter('two.steps', now), enter('two.steps', now)]);
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  await expect(enter('two.steps', now)).rejects.toThrow('was used already');
  await expect(enter('two.steps', code(-1))).rejects.toThrow('was used already');
  const token = await enter('two.steps', code(1));
  const { amr, auth_time: at } = decodeJwt(token);
  expect({ amr, isNow: Math.abs(Number(at) - Date.now() / 1000) < 60 }).toEqual({ amr: ['pwd', 'otp'], isNow: true });
});

test('11.200(a)(1): signing takes password and code, and the signature says so', async () => {
  const { token, code } = await withAuthenticator('wang.signs', ['quality-manager']);
  const sign = (over: object) =>
    identity.ask('POST', '/signatures', token, { account: 'wang.signs', password: PASSWORD, ...record, meaning: 'release', reason: 'ok', ...over }); // prettier-ignore
  expect(await sign({})).toMatchObject({ status: 401, body: { code: 'second-factor-required' } });
  expect(await sign({ code: '123' })).toMatchObject({ status: 401, body: { code: 'second-factor-wrong' } });
  const signed = await sign({ code: code(0) });
  expect(signed.status).toBe(201);
  const claims = JSON.parse(Buffer.from(String(signed.body.signature).split('.')[1] ?? '', 'base64url').toString());
  expect(claims).toMatchObject({ amr: ['pwd', 'otp'], signer: 'wang.signs' });
  expect(await sign({ code: code(0) })).toMatchObject({ body: { code: 'second-factor-wrong' } });
});

test('a role that needs one signs with none only after adding it', async () => {
  const { token } = await identity.person('chen.recalls', ['recall-manager']);
  const act = { account: 'chen.recalls', password: PASSWORD, ...record, meaning: 'launch', reason: 'ok' };
  expect(await identity.ask('POST', '/signatures', token, act)).toMatchObject({ status: 403, body: { code: 'second-factor-missing' } }); // prettier-ignore
});

test('a stolen session neither replaces an authenticator nor takes it away; an administrator resets a lost one', async () => {
  const { token } = await withAuthenticator('lost.phone', ['viewer']);
  const offer = await identity.ask('POST', '/accounts/me/authenticator', token, { password: PASSWORD });
  expect(offer).toMatchObject({ status: 401, body: { code: 'second-factor-required' } });
  const reset = (by: string) => identity.ask('POST', '/accounts/lost.phone/authenticator-resets', by, { reason: 'phone lost' }); // prettier-ignore
  expect((await reset(token)).status).toBe(403);
  expect(await reset(identity.administrator)).toMatchObject({ status: 201, body: { authenticator: 'none' } });
  expect(await enter('lost.phone')).toMatch(/^ey/);
  const events = await identity.ask('GET', '/security-events?kind=factor-changed&subject=lost.phone', identity.administrator); // prettier-ignore
  expect(events.body.items.map(({ reason }: { reason: string }) => reason).sort()).toEqual(['authenticator-added', 'phone lost']); // prettier-ignore
});

test('wrong codes lock the account like wrong passwords; the secret is nowhere to be read', async () => {
  const { code } = await withAuthenticator('guess.codes', ['viewer']);
  for (let n = 0; n < 4; n++) await expect(enter('guess.codes', '000000')).rejects.toThrow();
  await expect(enter('guess.codes', code(0))).rejects.toThrow('locked until');
  const seen = await identity.ask('GET', '/accounts/guess.codes', identity.administrator);
  expect(JSON.stringify(seen.body)).not.toMatch(/sealed|totp|secret/);
});

test('a recovery code opens once in place of the authenticator, for its own account, and signs nothing', async () => {
  const { token, recovery } = await withAuthenticator('no.phone', ['quality-manager']);
  const other = await withAuthenticator('other.phone', ['viewer']);
  const [first = '', second = ''] = recovery;
  expect(new Set(recovery).size).toBe(8);
  expect(first).toMatch(/^[a-z2-7]{4}(-[a-z2-7]{4}){3}$/);
  const both = await Promise.allSettled([enter('no.phone', first), enter('no.phone', first.toUpperCase())]);
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  await expect(enter('no.phone', first)).rejects.toThrow('is wrong, or was used already');
  await expect(enter('no.phone', other.recovery[0])).rejects.toThrow('is wrong');
  const act = { account: 'no.phone', password: PASSWORD, code: second, ...record, meaning: 'release', reason: 'ok' };
  expect(await identity.ask('POST', '/signatures', token, act)).toMatchObject({ status: 401, body: { code: 'second-factor-wrong' } }); // prettier-ignore
  expect(await enter('no.phone', second)).toMatch(/^ey/);
});

test('a secret is in one answer and nowhere else: a request that would be kept for repeats is refused', async () => {
  const { token } = await identity.person('kept.nowhere', ['viewer']);
  const reply = await fetch(`${identity.address}/accounts/me/authenticator`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': 'once-more' },
    body: JSON.stringify({ password: PASSWORD }),
  });
  expect(await reply.json()).toMatchObject({ code: 'secret-shown-once' });
});
