import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { signIn } from '@lotwarden/platform/sign-in';
import { createVerifier, type TokenVerifier } from '@lotwarden/platform/token-verifier';
import { exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { PASSWORD, startIdentity, type Identity, type Reply } from '../../test/identity.ts';
import { startLyingProvider, type Asked, type LyingProvider } from '../../test/lying-provider.ts';
import { startOutsideOidc, type OutsideOidc } from '../../test/outside-oidc.ts';
import { walk, type Arrived, type Walk } from '../../test/walk.ts';

let identity: Identity;
let theirs: OutsideOidc;
let liar: LyingProvider;
let verify: TokenVerifier;

beforeAll(async () => {
  identity = await startIdentity({ IDENTITY_ALLOW_LOOPBACK: 'true', IDENTITY_SIGN_INS_PER_MINUTE: '1000' });
  theirs = await startOutsideOidc(`${identity.issuer}/outside/callback`);
  liar = await startLyingProvider('lotwarden');
  verify = createVerifier({ issuer: identity.issuer, keys: new URL(`${identity.issuer}/jwks`) });
  const opened = [
    await connect('keycloak', { rolesAt: ['realm_access', 'roles'] }, { rolesFrom: 'provider', opensAccounts: true }),
    await connect('entra', { rolesAt: ['groups'] }),
    await connect('liar', { rolesAt: ['groups'], issuer: liar.issuer }, { opensAccounts: true }),
  ];
  expect(opened.map(({ status }) => status)).toEqual([201, 201, 201]);
});
afterAll(async () => {
  await identity.end();
  await theirs.stop();
  await liar.stop();
});

const ask = (method: string, path: string, body?: object): Promise<Reply> =>
  identity.ask(method, path, identity.administrator, body);

const GRANTS = [
  { value: 'lw-quality', roles: ['quality-engineer'] },
  { value: 'lw-dock-sz', roles: ['receiver'], sites: ['SZ1'], markets: ['CN'] },
];
const settings = (id: string, oidc: object, over: object = {}) => ({
  name: `Their ${id}`,
  reached: { kind: 'oidc', issuer: theirs.issuer, clientId: theirs.clientId, ...oidc },
  grants: GRANTS,
  ...over,
});
const connect = (id: string, oidc: object, over: object = {}): Promise<Reply> =>
  ask('POST', '/providers', { provider: id, secret: theirs.secret, ...settings(id, oidc, over) });

const home = (): string => `${new URL(identity.issuer).origin}/?`;

interface Tried {
  readonly arrived: Arrived;
  token(): Promise<string>;
}

/** From a program's wish to sign somebody in, by a provider's button, to wherever it leads. */
async function tryAt(id: string, browser: Walk = walk(), over: Record<string, string> = {}): Promise<Tried> {
  const verifier = randomBytes(32).toString('base64url');
  const redirect = `${new URL(identity.issuer).origin}/`;
  const query = new URLSearchParams({
    client_id: 'lotwarden-web',
    response_type: 'code',
    scope: 'openid',
    redirect_uri: redirect,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...over,
  });
  const page = await browser.go(`${identity.issuer}/auth?${query.toString()}`, home());
  const href = new RegExp(`href="([^"]*/outside/${id})"`).exec(page.html)?.[1];
  if (href === undefined) throw new Error(`no way to ${id}: ${page.status} ${page.html}`);
  const arrived = await browser.go(new URL(href, identity.issuer).href, home());
  return {
    arrived,
    token: async () => {
      const code = arrived.url.searchParams.get('code') ?? '';
      const form = { grant_type: 'authorization_code', client_id: 'lotwarden-web', redirect_uri: redirect, code };
      const body = new URLSearchParams({ ...form, code_verifier: verifier });
      const reply = await fetch(`${identity.issuer}/token`, { method: 'POST', body });
      return ((await reply.json()) as { access_token: string }).access_token;
    },
  };
}

const said = ({ arrived: { status, html } }: Tried) => ({
  status,
  alert: /role="alert">([^<]*)/.exec(html)?.[1] ?? '',
});

const refusals = async (): Promise<string> =>
  JSON.stringify((await ask('GET', '/security-events?kind=provider-refused')).body);

test('whoever their provider knows gets our tokens, with what their roles mean here, at each log-in anew', async () => {
  theirs.people.set('kc-1', { name: 'Chen Jie', realm_access: { roles: ['lw-quality', 'offline_access'] } });
  theirs.sits('kc-1');
  const first = await verify(await (await tryAt('keycloak')).token());
  expect(first).toEqual({
    id: expect.stringMatching(/^keycloak\./),
    name: 'Chen Jie',
    kind: 'person',
    roles: ['quality-engineer'],
  });
  theirs.people.set('kc-1', { name: 'Chen Jie', realm_access: { roles: ['lw-dock-sz'] } });
  const second = await verify(await (await tryAt('keycloak')).token());
  expect(second).toEqual({ ...first, roles: ['receiver'], sites: ['SZ1'], markets: ['CN'] });
});

test('attack: an outside provider that claims our roles gives none of them', async () => {
  theirs.people.set('kc-2', {
    roles: ['administrator', 'quality-manager'],
    realm_access: { roles: ['administrator', 'quality-manager'] },
    party: 'US',
  });
  theirs.sits('kc-2');
  const tried = await tryAt('keycloak');
  expect(said(tried)).toEqual({ status: 403, alert: expect.stringContaining('None of your groups') });
  expect(await refusals()).toContain('keycloak/kc-2');
  for (const role of ['administrator', 'service', 'system-mes'])
    expect((await connect('greedy', { rolesAt: ['groups'] }, { grants: [{ value: 'x', roles: [role] }] })).status).toBe(
      400,
    );
});

test('whoever loses the groups loses the way in', async () => {
  theirs.people.set('kc-3', { realm_access: { roles: ['lw-quality'] } });
  theirs.sits('kc-3');
  expect((await tryAt('keycloak')).arrived.url.searchParams.has('code')).toBe(true);
  theirs.people.set('kc-3', { realm_access: { roles: [] } });
  expect(said(await tryAt('keycloak')).status).toBe(403);
});

test('where an administrator links people, a subject is one account and never what its e-mail says', async () => {
  await identity.person('wu.min', ['planner']);
  theirs.people.set('en-1', { email: 'wu.min@maker.example', groups: ['lw-quality'] });
  theirs.sits('en-1');
  const unknown = said(await tryAt('entra'));
  expect(unknown).toEqual({ status: 403, alert: expect.stringContaining('entra, en-1') });
  const told = { subject: 'en-1', account: 'wu.min', reason: 'Entra is our directory' };
  expect((await ask('POST', '/providers/entra/subjects', told)).status).toBe(201);
  // rolesFrom is `account`: their groups say nothing here.
  expect(await verify(await (await tryAt('entra')).token())).toMatchObject({ id: 'wu.min', roles: ['planner'] });
  expect((await ask('GET', '/accounts/wu.min/subjects')).body.items).toMatchObject([{ subject: 'en-1' }]);

  await identity.person('wu.other', ['viewer']);
  const other = await ask('POST', '/providers/entra/subjects', { ...told, account: 'wu.other' });
  expect(other.body.code).toBe('subject-linked');
  await expect(signIn({ issuer: identity.issuer, account: 'wu.min', password: PASSWORD })).rejects.toThrow(
    'You log in at entra',
  );
  const own = await ask('POST', '/providers/entra/subjects', { ...told, subject: 'me', account: 'administrator' });
  expect(own.body.code).toBe('account-own');
});

test('a deactivated account stays shut whatever the provider says; an unlinked subject is nobody again', async () => {
  for (const [account, subject] of [
    ['gone.one', 'en-2'],
    ['gone.two', 'en-3'],
  ] as const) {
    await identity.person(account, ['viewer']);
    await ask('POST', '/providers/entra/subjects', { subject, account, reason: 'directory' });
    theirs.people.set(subject, {});
  }
  await ask('POST', '/accounts/gone.one/deactivations', { reason: 'left' });
  theirs.sits('en-2');
  expect(said(await tryAt('entra')).alert).toContain('gone.one here is deactivated');
  theirs.sits('en-3');
  const undone = { subject: 'en-3', account: 'gone.two', reason: 'wrong person' };
  expect((await ask('POST', '/providers/entra/subjects/removals', undone)).status).toBe(201);
  expect((await ask('POST', '/providers/entra/subjects/removals', undone)).body.code).toBe('subject-not-linked');
  expect(said(await tryAt('entra')).alert).toContain('no account here yet');
});

const claims = ({ issuer, clientId, nonce }: Asked) => ({
  iss: issuer,
  aud: clientId,
  sub: 'l-1',
  nonce,
  groups: ['lw-quality'],
});
const jwt = (said: object, until: string | number = '5m') =>
  new SignJWT({ ...said }).setIssuedAt().setExpirationTime(until);
const signed = (asked: Asked, over: object = {}, until?: number) =>
  jwt({ ...claims(asked), ...over }, until)
    .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
    .sign(asked.key);

test('the one who makes up answers is believed when they are right', async () => {
  liar.says((asked) => signed(asked));
  expect((await tryAt('liar')).arrived.url.searchParams.has('code')).toBe(true);
});

test.each<[string, (asked: Asked) => Promise<string>]>([
  [
    'a key that the provider does not publish',
    async (asked) => {
      const { privateKey } = await generateKeyPair('RS256');
      return jwt(claims(asked)).setProtectedHeader({ alg: 'RS256', kid: 'k1' }).sign(privateKey);
    },
  ],
  [
    'alg none',
    (asked) => Promise.resolve(new UnsecuredJWT({ ...claims(asked) }).setIssuedAt().setExpirationTime('5m').encode()),
  ],
  [
    'HS256 with the public key',
    async (asked) =>
      jwt(claims(asked))
        .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
        .sign(Buffer.from(await exportSPKI(asked.publicKey))),
  ],
  [
    'HS256 with the secret of the client',
    (asked) =>
      jwt(claims(asked)).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from('a secret between the two of them')),
  ],
  ['another audience', (asked) => signed(asked, { aud: 'somebody-else' })],
  ['another issuer', (asked) => signed(asked, { iss: 'https://login.example' })],
  ['the nonce of another log-in', (asked) => signed(asked, { nonce: 'of-yesterday' })],
  ['no nonce', (asked) => signed(asked, { nonce: undefined })],
  ['no subject', (asked) => signed(asked, { sub: undefined })],
  ['one that is over', (asked) => signed(asked, {}, 1_700_000_000)],
])('attack: an ID token with %s lets nobody in', async (_, make) => {
  liar.says(make);
  expect(said(await tryAt('liar'))).toEqual({ status: 403, alert: expect.stringContaining('does not prove') });
  expect(await refusals()).toContain('provider-answer-wrong');
});

test('a provider that fails is no fault of the person, and no way in', async () => {
  liar.says(() => Promise.resolve(undefined));
  expect(said(await tryAt('liar'))).toEqual({ status: 503, alert: expect.stringContaining('does not answer') });
  const gone = await startLyingProvider('lotwarden');
  await gone.stop();
  await connect('absent', { rolesAt: ['groups'], issuer: gone.issuer });
  expect(said(await tryAt('absent')).status).toBe(503);
});

test('attack: an answer of a provider is taken once, and only in the browser that asked', async () => {
  theirs.people.set('kc-4', { realm_access: { roles: ['lw-quality'] } });
  theirs.sits('kc-4');
  const victim = walk();
  const { arrived } = await tryAt('keycloak', victim);
  const back = arrived.way.find((url) => url.includes('/outside/callback')) ?? '';
  expect(back).toContain('code=');
  // Log-in CSRF: the same answer in another browser.
  const elsewhere = await walk().go(back, home());
  expect(elsewhere).toMatchObject({ status: 400, html: expect.stringContaining('another browser') });
  // And once more in the same one.
  expect((await victim.go(back, home())).status).toBeGreaterThanOrEqual(400);
  // A state that nobody made.
  expect((await walk().go(`${identity.issuer}/outside/callback?state=x.y&code=z`)).status).toBe(400);
  expect((await walk().go(`${identity.issuer}/outside/callback?state=//evil.example&code=z`)).status).toBe(400);
});

test('where log-in is asked for anew it is asked for there too, whatever session there is', async () => {
  theirs.people.set('kc-5', { realm_access: { roles: ['lw-quality'] } });
  theirs.sits('kc-5');
  const browser = walk();
  await tryAt('keycloak', browser);
  const before = theirs.logIns();
  const again = await tryAt('keycloak', browser, { prompt: 'login' });
  expect(again.arrived.url.searchParams.has('code')).toBe(true);
  expect(again.arrived.way.find((url) => url.startsWith(`${theirs.issuer}/auth`))).toContain('prompt=login');
  expect(theirs.logIns()).toBe(before + 1);
});

test('11.200: whoever logs in elsewhere signs with a password of the own, chosen a moment after a log-in there', async () => {
  theirs.people.set('kc-6', { realm_access: { roles: ['lw-quality'] } });
  theirs.sits('kc-6');
  const browser = walk();
  const token = await (await tryAt('keycloak', browser)).token();
  const { id: account } = await verify(token);
  const sign = (password: string) =>
    identity.ask('POST', '/signatures', token, {
      account,
      password,
      recordType: 'inspection',
      recordId: 'I-1',
      recordVersion: 1,
      recordHash: '0'.repeat(64),
      meaning: 'decide-inspection',
      reason: 'measured',
    });
  expect((await sign('')).body.code).toBe('credentials-required');
  expect((await sign(PASSWORD)).body.code).toBe('credentials-wrong');
  const page = await browser.go(`${identity.issuer}/own`);
  const csrf = /name="csrf" value="([^"]+)"/.exec(page.html)?.[1] ?? '';
  expect(page.html).toContain('You log in at keycloak');
  await browser.post(`${identity.issuer}/own`, { csrf, do: 'sign-with', newPassword: PASSWORD });
  expect((await sign(PASSWORD)).status).toBe(201);
  await expect(signIn({ issuer: identity.issuer, account, password: PASSWORD })).rejects.toThrow(
    'You log in at keycloak',
  );
  // Once it is there it is changed like any other, with the present one.
  const again = await browser.post(`${identity.issuer}/own`, { csrf, do: 'sign-with', newPassword: `${PASSWORD}!` });
  expect(again.status).toBe(422);
});

test('secrets are shown nowhere; another issuer under the same id is refused; a deactivated one has no button', async () => {
  const shown = JSON.stringify([(await ask('GET', '/providers')).body, (await ask('GET', '/providers/entra')).body]);
  expect(shown).not.toMatch(/secret/);
  expect((await ask('GET', '/providers/entra')).body.redirectUri).toBe(`${identity.issuer}/outside/callback`);
  const put = (over: object, oidc: object = {}) =>
    ask('PUT', '/providers/entra', {
      ...settings('entra', { rolesAt: ['groups'], ...oidc }, over),
      reason: 'yearly look',
    });
  expect((await put({}, { issuer: liar.issuer })).body.code).toBe('provider-other');
  expect((await put({ name: 'Directory' })).body).toMatchObject({ name: 'Directory', status: 'active' });
  expect((await connect('entra', { rolesAt: ['groups'] })).body.code).toBe('provider-id-taken');
  expect((await connect('plain', { rolesAt: ['x'], issuer: 'http://login.example' })).body.code).toBe(
    'provider-address-wrong',
  );
  await connect('old', { rolesAt: ['groups'] });
  expect((await ask('POST', '/providers/old/deactivations', { reason: 'moved' })).body.status).toBe('deactivated');
  await expect(tryAt('old')).rejects.toThrow('no way to old');
  expect((await put({ name: '' })).status).toBe(400);
  const { token } = await identity.person('p.viewer', ['viewer']);
  expect((await identity.ask('GET', '/providers', token)).status).toBe(403);
});
