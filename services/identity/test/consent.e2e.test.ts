import { createHash, randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from './browser.ts';
import { PASSWORD, startIdentity, type Identity } from './identity.ts';

let identity: Identity;
let browser: Browser;
/** The program of somebody else, as far as a browser comes back to it. */
let program: Server;
let home: string;
beforeAll(async () => {
  program = createServer((_, response) => void response.end('back')).listen(0, '127.0.0.1');
  [identity, browser] = await Promise.all([startIdentity({ IDENTITY_ALLOW_LOOPBACK: 'true' }), openBrowser()]);
  home = `http://127.0.0.1:${String((program.address() as AddressInfo).port)}/back`;
  const registered = await register('app-dashboard', [home]);
  expect(registered.status).toBe(201);
});
afterAll(async () => {
  await browser.close();
  program.close();
  await identity.end();
});

const register = (id: string, redirectUris: readonly string[]) =>
  identity.ask('POST', '/programs', identity.administrator, { program: id, name: 'Dashboard <i>', maker: 'ACME', redirectUris }); // prettier-ignore

const verifier = randomBytes(32).toString('base64url');
const asking = (over: Record<string, string> = {}): string => {
  const asked = {
    client_id: 'app-dashboard',
    response_type: 'code',
    scope: 'openid',
    redirect_uri: home,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...over,
  };
  return `${identity.issuer}/auth?${new URLSearchParams(asked).toString()}`;
};

async function open(locale = 'en-GB'): Promise<Page> {
  const context = await browser.newContext({ locale, viewport: { width: 800, height: 900 } });
  context.setDefaultTimeout(8_000);
  return context.newPage();
}

async function logIn(page: Page, account: string, at = asking()): Promise<void> {
  await page.goto(at);
  await page.fill('[name=account]', account);
  await page.fill('[name=password]', PASSWORD);
  await page.click('form:has([name=account]) button');
}

async function redeem(page: Page) {
  const code = new URL(page.url()).searchParams.get('code') ?? '';
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    client_id: 'app-dashboard',
    redirect_uri: home,
    code,
    code_verifier: verifier,
  });
  const reply = await fetch(`${identity.issuer}/token`, { method: 'POST', body });
  return { status: reply.status, body: (await reply.json()) as { access_token?: string; error?: string } };
}

test('a program of others acts only for who allows it, and no more once that is taken back', async () => {
  await identity.person('consent.li', ['viewer']);
  const page = await open('zh-CN');
  await logIn(page, 'consent.li');
  expect(await page.textContent('h1')).toBe('是否允许此程序代表您操作?');
  expect(await page.textContent('main')).toContain('ACME 的程序 Dashboard <i>');
  const folder = process.env['SCREENSHOTS'];
  if (folder !== undefined) await page.screenshot({ path: `${folder}/consent-zh.png` });
  await page.click('form:has([value=deny]) button');
  await page.waitForURL(`${home}**`);
  expect(new URL(page.url()).searchParams.get('error')).toBe('access_denied');

  await page.goto(asking());
  await page.click('form:has([value=allow]) button');
  await page.waitForURL(`${home}**`);
  const { body } = await redeem(page);
  expect(decodeJwt(body.access_token ?? '')).toMatchObject({ sub: 'consent.li', client_id: 'app-dashboard', roles: ['viewer'] }); // prettier-ignore
  // Asked once a session.
  await page.goto(asking());
  await page.waitForURL(`${home}**`);

  await page.goto(`${identity.issuer}/own`);
  expect(await page.textContent('main')).toContain('Dashboard <i>');
  await page.click('form:has([value=end-consent]) button');
  expect(await page.textContent('[role=status]')).toContain('不再代表您操作');
  await page.goto(asking());
  expect(await page.textContent('h1')).toBe('是否允许此程序代表您操作?');
  await page.context().close();
});

test('a code that was given out before consent was taken back is worth nothing', async () => {
  await identity.person('consent.wu', ['viewer']);
  const page = await open();
  await logIn(page, 'consent.wu');
  await page.click('form:has([value=allow]) button');
  await page.waitForURL(`${home}**`);
  const tab = await page.context().newPage();
  await tab.goto(`${identity.issuer}/own`);
  await tab.click('form:has([value=end-consent]) button');
  await tab.waitForSelector('[role=status]');
  expect(await redeem(page)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  await page.context().close();
});

test('one that is deactivated gets nobody, and nobody is sent to where it was not registered', async () => {
  await identity.person('consent.qi', ['viewer']);
  expect(await register('app-gone', [home])).toMatchObject({ status: 201 });
  await identity.ask('POST', '/programs/app-gone/deactivations', identity.administrator, { reason: 'ended' });
  const page = await open();
  await page.goto(asking({ client_id: 'app-gone' }));
  expect(await page.textContent('h1')).toBe('This did not work');
  await page.goto(asking({ redirect_uri: `${home}/elsewhere` }));
  expect(await page.textContent('h1')).toBe('This did not work');
  const { body } = await identity.ask('GET', '/security-events?kind=program-refused', identity.administrator);
  expect(body.items).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ subject: 'app-dashboard', reason: 'invalid_redirect_uri' }),
      expect.objectContaining({ reason: 'invalid_client' }),
    ]),
  );
  await page.context().close();
  expect(await register('app-gone', [home])).toMatchObject({ body: { code: 'program-id-taken' } });
  for (const address of [
    'http://evil.example/back',
    'https://a:b@evil.example/',
    'https://evil.example/#x',
    'javascript:alert(1)',
  ])
    // prettier-ignore
    expect(await register('app-evil', [address])).toMatchObject({ body: { code: 'program-address-wrong' } });
  expect(await register('lotwarden-web', [home])).toMatchObject({ status: 400 });
});
