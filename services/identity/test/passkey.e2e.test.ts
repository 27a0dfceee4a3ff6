import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';
import { openBrowser } from './browser.ts';
import { PASSWORD, startIdentity, type Identity } from './identity.ts';

let identity: Identity;
let browser: Browser;
beforeAll(async () => {
  // A passkey belongs to a name: an address has none.
  [identity, browser] = await Promise.all([
    startIdentity({ IDENTITY_SIGN_INS_PER_MINUTE: '1000' }, 'localhost'),
    openBrowser(),
  ]);
});
afterAll(async () => {
  await browser.close();
  await identity.end();
});

const own = () => `${identity.issuer}/own`;

interface Device {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly cdp: CDPSession;
  readonly authenticatorId: string;
  /** Passkeys that the page posted, as they were. */
  readonly posted: string[];
}

/** A browser on a device of its own that keeps passkeys, opened by a finger. */
async function device(locale = 'en-GB', isUserVerified = true): Promise<Device> {
  const context = await browser.newContext({ locale, viewport: { width: 800, height: 900 } });
  context.setDefaultTimeout(8_000);
  const page = await context.newPage();
  const posted: string[] = [];
  page.on('request', (request) => {
    const passkey = request.method() === 'POST' ? new URLSearchParams(request.postData() ?? '').get('passkey') : null;
    if (passkey) posted.push(passkey);
  });
  const cdp = await context.newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified,
      automaticPresenceSimulation: true,
    },
  });
  return { page, context, cdp, authenticatorId, posted };
}

async function logIn({ page }: Pick<Device, 'page'>, account: string): Promise<void> {
  await page.goto(own());
  await page.fill('[name=account]', account);
  await page.fill('[name=password]', PASSWORD);
  await page.click('form:has([name=account]) button');
  await page.waitForURL(own());
}

async function addPasskey({ page }: Device, password = PASSWORD): Promise<void> {
  await page.fill('form[data-passkey] [name=name]', '工位 3 <b>');
  await page.fill('form[data-passkey] [name=password]', password);
  await page.click('form[data-passkey] button');
  await page.waitForLoadState();
}

const signOut = ({ page }: Device) => page.click('form:has([value=sign-out]) button');
const events = async (query: string) => {
  const { body } = await identity.ask('GET', `/security-events?${query}`, identity.administrator);
  return body.items as readonly { readonly reason: string; readonly subject: string }[];
};

async function shot(page: Page, name: string): Promise<void> {
  const folder = process.env['SCREENSHOTS'];
  if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}

test('a passkey is added on the own page, signs in without a password, and does no more once it is removed', async () => {
  await identity.person('pass.key', ['viewer']);
  const phone = await device('zh-CN');
  const { page } = phone;
  await logIn(phone, 'pass.key');
  await addPasskey(phone, 'a wrong password of somebody');
  expect(await page.textContent('main > [role=alert]')).toContain('账户或密码');
  await addPasskey(phone);
  await page.waitForURL(`${own()}?done=passkey`);
  expect(await page.textContent('summary')).toContain('工位 3 <b>');
  await shot(page, 'passkey-own-zh');
  await signOut(phone);

  await page.goto(own());
  await shot(page, 'passkey-log-in-zh');
  await page.click('form[data-passkey=use] button');
  await page.waitForURL(own());
  expect(await page.textContent('main')).toContain('pass.key');

  await page.click('summary');
  await page.fill('details [name=password]', PASSWORD);
  await page.click('details button');
  await page.waitForURL(`${own()}?done=passkey`);
  await signOut(phone);
  await page.goto(own());
  await page.click('form[data-passkey=use] button');
  await page.waitForSelector('main > [role=alert]');
  expect(await page.textContent('main > [role=alert]')).toContain('通行密钥未登记');
  expect(await events('subject=pass.key&kind=factor-changed')).toMatchObject([{ reason: 'passkey-removed' }, { reason: 'passkey-added' }]); // prettier-ignore
  await phone.context.close();
});

test('what was shown in one log-in opens no other, and a copy of a passkey is noticed by its count', async () => {
  await identity.person('pass.copy', ['viewer']);
  const phone = await device();
  const { page, cdp, authenticatorId, posted } = phone;
  await logIn(phone, 'pass.copy');
  await addPasskey(phone);
  await page.waitForURL(`${own()}?done=passkey`);
  const { credentials: [before] } = await cdp.send('WebAuthn.getCredentials', { authenticatorId }); // prettier-ignore
  await signOut(phone);
  await page.goto(own());
  await page.click('form[data-passkey=use] button');
  await page.waitForURL(own());
  await signOut(phone);

  await page.goto(own());
  const post = async (passkey: string) => {
    const action = await page.getAttribute('form[data-passkey=use]', 'action');
    return phone.context.request.post(new URL(action ?? '', identity.issuer).href, {
      form: { passkey },
      maxRedirects: 0,
    });
  };
  const replayed = await post(posted.at(-1) ?? '');
  expect(replayed.status()).toBe(422);
  expect(await replayed.text()).toContain('This passkey is not known here');

  // The copy still counts from where it was taken.
  await cdp.send('WebAuthn.clearCredentials', { authenticatorId });
  await cdp.send('WebAuthn.addCredential', { authenticatorId, credential: before as never });
  await page.goto(own());
  await page.click('form[data-passkey=use] button');
  await page.waitForSelector('main > [role=alert]');
  expect(await events('subject=pass.copy&kind=sign-in-refused')).toMatchObject([{ reason: 'passkey-wrong' }]);
  for (const wrong of ['', '{}', '{"id":"x"}', 'no json', `{"id":"${'x'.repeat(5_000)}"}`])
    expect((await post(wrong)).status()).toBe(422);
  await phone.context.close();
});

test('whoever is deactivated or logs in elsewhere does not come in by a passkey; a reset takes it away', async () => {
  await identity.person('pass.gone', ['viewer']);
  const phone = await device();
  const { page } = phone;
  await logIn(phone, 'pass.gone');
  await addPasskey(phone);
  await page.waitForURL(`${own()}?done=passkey`);
  const reset = await identity.ask('POST', '/accounts/pass.gone/authenticator-resets', identity.administrator, { reason: 'phone lost' }); // prettier-ignore
  expect(reset.status).toBe(201);
  await page.goto(own());
  await page.click('form[data-passkey=use] button');
  await page.waitForSelector('main > [role=alert]');
  await logIn(phone, 'pass.gone');
  expect(await page.locator('summary').count()).toBe(0);
  await phone.context.close();
});

test('a device that cannot tell who holds it makes no passkey', async () => {
  await identity.person('pass.weak', ['viewer']);
  const phone = await device('en-GB', false);
  await logIn(phone, 'pass.weak');
  await addPasskey(phone);
  await phone.page.waitForSelector('[data-failed]:not([hidden])');
  expect((await events('subject=pass.weak&kind=factor-changed')).length).toBe(0);
  await phone.context.close();
});
