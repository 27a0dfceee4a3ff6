import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { signIn } from '@lotwarden/platform/sign-in';
import { createVerifier } from '@lotwarden/platform/token-verifier';
import { decodeProtectedHeader } from 'jose';
import { PASSWORD, startIdentity, type Identity } from '../../test/identity.ts';
import { inUse } from './token-keys.store.ts';

let identity: Identity;
beforeAll(async () => {
  identity = await startIdentity({ IDENTITY_SIGN_INS_PER_MINUTE: '1000' });
});
afterAll(() => identity.end());

/** As a service that has asked for no keys yet. */
const verify = (token: string) => createVerifier({ issuer: identity.issuer, keys: new URL(`${identity.issuer}/jwks`) })(token); // prettier-ignore
const kidOf = (token: string): string => decodeProtectedHeader(token).kid ?? '';
const ask = (path: string, token = identity.administrator) => identity.ask('POST', path, token, { reason: 'laptop stolen' }); // prettier-ignore

test('tokens are signed by another key at once, also in the middle of a life; those of the one before stay good', async () => {
  const { token: before } = await identity.person('key.before', ['viewer']);
  expect((await ask('/token-keys/rotations')).status).toBe(201);
  const after = await signIn({ issuer: identity.issuer, account: 'key.before', password: PASSWORD });
  expect(kidOf(after)).not.toBe(kidOf(before));
  await expect(verify(before)).resolves.toMatchObject({ id: 'key.before' });
  await expect(verify(after)).resolves.toMatchObject({ id: 'key.before' });
});

test('attack: with a key of tokens that was stolen and revoked nobody comes in, and it is urgent', async () => {
  const { token } = await identity.person('key.stolen', ['viewer']);
  expect((await ask(`/token-keys/${kidOf(token)}/revocations`)).status).toBe(201);
  await expect(verify(token)).rejects.toMatchObject({ code: 'token-invalid' });
  const after = await signIn({ issuer: identity.issuer, account: 'key.stolen', password: PASSWORD });
  await expect(verify(after)).resolves.toMatchObject({ id: 'key.stolen' });
  const events = await identity.ask('GET', '/security-events?kind=key-revoked', identity.administrator);
  expect(events.body.items).toMatchObject([{ subject: kidOf(token), urgent: true, reason: 'laptop stolen' }]);
  expect((await ask('/token-keys/none/revocations')).status).toBe(404);
});

test('of one that was retired yesterday no token is good any more', () => {
  const NOW = Date.UTC(2026, 0, 3);
  const key = (retiredAt: string | null) => ({ kid: String(retiredAt), retiredAt, revokedAt: null }) as never;
  const keys = [key(null), key('2026-01-02T12:00:00.000Z'), key('2026-01-01T12:00:00.000Z')];
  expect(inUse(keys as never, NOW).map(({ kid }) => kid)).toEqual(['null', '2026-01-02T12:00:00.000Z']);
});
