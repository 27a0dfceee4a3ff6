import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { signIn } from '@lotwarden/platform/sign-in';
import { Secret, TOTP } from 'otpauth';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from './browser.ts';
import { PASSWORD, startIdentity, type Identity } from './identity.ts';

let identity: Identity;
let browser: Browser;
beforeAll(async () => {
  [identity, browser] = await Promise.all([startIdentity({ IDENTITY_SESSIONS_PER_PERSON: '2' }), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await identity.end();
});

const STEP = 30_000;
const code = (secret: string, steps: number) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + steps * STEP });

/** A browser of its own; whatever it asks of anybody but identity, or refuses by the page's policy, is kept. */
async function openPage(locale = 'en-GB') {
  const context = await browser.newContext({ locale, viewport: { width: 800, height: 900 } });
  context.setDefaultTimeout(8_000);
  const page = await context.newPage();
  const elsewhere: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(identity.address)) elsewhere.push(request.url());
  });
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('422')) elsewhere.push(message.text());
  });
  return { page, context, elsewhere };
}

const own = () => `${identity.issuer}/own`;

async function enter(page: Page, account: string, password = PASSWORD): Promise<void> {
  await page.goto(own());
  await page.fill('[name=account]', account);
  await page.fill('[name=password]', password);
  await page.click('button');
}

async function shot(page: Page, name: string): Promise<void> {
  const folder = process.env['SCREENSHOTS'];
  if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}

test('in a browser: log-in, an authenticator added and asked for from then on, in Chinese', async () => {
  await identity.person('chen.wei', ['viewer']);
  const { page, context, elsewhere } = await openPage('zh-CN');
  await page.goto(own());
  expect(await page.title()).toBe('登录 Lotwarden');
  await shot(page, 'log-in-zh');
  await enter(page, 'chen.wei');
  await page.waitForURL(own());
  expect(await page.textContent('h1')).toBe('我的账户');
  await page.fill('form:has([value=add]) [name=password]', PASSWORD);
  await page.click('form:has([value=add]) button');
  const secret = (await page.textContent('code')) ?? '';
  expect(await page.locator('svg').count()).toBe(1);
  await shot(page, 'authenticator-zh');
  await page.fill('form:has([value=confirm]) [name=code]', code(secret, -1));
  await page.click('form:has([value=confirm]) button');
  expect(await page.textContent('[role=status]')).toBe('身份验证器已启用。');
  await shot(page, 'own-zh');
  expect(await page.locator('li code').count()).toBe(8);
  await page.click('form:has([value=sign-out]) button');
  expect(await page.textContent('[role=status]')).toBe('您已退出登录。');

  await enter(page, 'chen.wei');
  expect(await page.textContent('label:has([name=code])')).toContain('验证码');
  await shot(page, 'code-zh');
  await page.fill('[name=password]', PASSWORD);
  await page.fill('[name=code]', code(secret, 0));
  await page.click('button');
  await page.waitForURL(own());
  expect(await page.textContent('h1')).toBe('我的账户');
  expect(elsewhere).toEqual([]);
  await context.close();
});

test('in a browser: another password, wrong and right; the other browsers are signed out by it', async () => {
  await identity.person('wang.fang', ['viewer']);
  const [here, there] = [await openPage(), await openPage()];
  await enter(there.page, 'wang.fang');
  await there.page.waitForURL(own());
  await enter(here.page, 'wang.fang');
  await here.page.waitForURL(own());
  expect(await here.page.locator('li').count()).toBe(2);
  const change = async (password: string, next: string) => {
    await here.page.fill('form:has([value=password]) [name=password]', password);
    await here.page.fill('[name=newPassword]', next);
    await here.page.click('form:has([value=password]) button');
  };
  await change('not the one it is', 'quite another sentence');
  expect(await here.page.textContent('[role=alert]')).toContain('Account or password is wrong');
  await shot(here.page, 'password-wrong-en');
  await change(PASSWORD, 'quite another sentence');
  expect(await here.page.textContent('[role=status]')).toContain('The password is changed');
  expect(await here.page.locator('li').count()).toBe(1);
  await there.page.goto(own());
  expect(await there.page.title()).toBe('Sign in to Lotwarden');
  await shot(there.page, 'log-in-en');
  expect([...here.elsewhere, ...there.elsewhere]).toEqual([]);
  await Promise.all([here.context.close(), there.context.close()]);
});

test('in a browser: a one-time password leads to the choice of an own one; whoever is signed in too often is out at the oldest', async () => {
  const password = 'given by the administrator';
  const opened = { account: 'sun.li', name: '孙丽 <b>', roles: ['viewer'], password };
  expect(await identity.ask('POST', '/accounts', identity.administrator, opened)).toMatchObject({ status: 201 });
  const first = await openPage();
  await enter(first.page, 'sun.li', password);
  expect(await first.page.textContent('h1')).toBe('Choose your own password');
  await shot(first.page, 'choose-en');
  await first.page.fill('[name=password]', password);
  await first.page.fill('[name=newPassword]', PASSWORD);
  await first.page.click('button');
  await first.page.waitForURL(own());
  expect(await first.page.textContent('main')).toContain('孙丽 <b>');
  const again = { issuer: identity.issuer, account: 'sun.li', password: PASSWORD };
  await signIn(again);
  await signIn(again);
  await first.page.goto(own());
  expect(await first.page.title()).toBe('Sign in to Lotwarden');
  await first.context.close();
});

test('whoever gets a one-time password, loses the authenticator or is deactivated is signed out everywhere', async () => {
  await identity.person('gao.jie', ['viewer']);
  const { page, context } = await openPage();
  const givenOneTime = { password: 'given by the administrator', reason: 'forgotten' };
  const acts = [
    ['session-ends', { reason: 'terminal left open' }, PASSWORD],
    ['authenticator-resets', { reason: 'phone lost' }, PASSWORD],
    ['passwords', givenOneTime, PASSWORD],
    ['deactivations', { reason: 'left us' }, 'quite another sentence'],
  ] as const;
  for (const [act, body, password] of acts) {
    await enter(page, 'gao.jie', password);
    await page.waitForURL(own());
    await identity.ask('POST', `/accounts/gao.jie/${act}`, identity.administrator, body);
    await page.goto(own());
    expect(await page.title()).toBe('Sign in to Lotwarden');
    if (act === 'passwords')
      await signIn({ issuer: identity.issuer, account: 'gao.jie', password: givenOneTime.password, newPassword: 'quite another sentence' }); // prettier-ignore
  }
  await context.close();
});

test('CSRF: a form of another page, of another browser or without its token changes nothing', async () => {
  await identity.person('he.xin', ['viewer']);
  const { page, context } = await openPage();
  await enter(page, 'he.xin');
  await page.waitForURL(own());
  const cookie = (await context.cookies(own())).map(({ name, value }) => `${name}=${value}`).join('; ');
  const csrf = (await page.locator('[name=csrf]').first().getAttribute('value')) ?? '';
  const post = async (fields: Record<string, string>, headers: Record<string, string>) => {
    const body = new URLSearchParams({ do: 'end-others', ...fields });
    return fetch(own(), { method: 'POST', redirect: 'manual', headers: { cookie, ...headers }, body });
  };
  expect((await post({}, {})).status).toBe(403);
  expect((await post({ csrf: 'é'.repeat(csrf.length) }, {})).status).toBe(403);
  expect((await post({ csrf }, { origin: 'https://evil.example' })).status).toBe(403);
  expect((await post({ csrf }, { origin: 'null' })).status).toBe(403);
  // Without the cookie there is nobody to act for.
  expect((await post({ csrf }, { cookie: '' })).headers.get('location')).toContain('/auth?');
  expect((await post({ csrf }, { origin: new URL(own()).origin })).headers.get('location')).toBe(
    '/openid/own?done=ended',
  );
  // The browser itself does not send the cookie along with a form of another site.
  const cookies = await context.cookies(own());
  expect(cookies.filter(({ name }) => name.startsWith('_session')).every(({ sameSite, httpOnly }) => sameSite === 'Lax' && httpOnly)).toBe(true); // prettier-ignore
  await context.close();
});

test('session fixation: a log-in gives the browser another session than the one it came with', async () => {
  await identity.person('zhou.yi', ['viewer']);
  const { page, context } = await openPage();
  const session = async () => (await context.cookies(own())).find(({ name }) => name === '_session')?.value;
  await enter(page, 'zhou.yi');
  await page.waitForURL(own());
  const planted = await session();
  await page.click('form:has([value=sign-out]) button');
  await enter(page, 'zhou.yi');
  await page.waitForURL(own());
  expect(await session()).toMatch(/./);
  expect(await session()).not.toBe(planted);
  await context.close();
});

test('open redirects: the log-in leads nowhere but to the addresses of our own programs', async () => {
  for (const target of ['https://evil.example/', `${own()}/../../x`, `${own()}@evil.example`, '//evil.example']) {
    const asked = new URLSearchParams({ client_id: 'lotwarden-own', response_type: 'code', scope: 'openid', redirect_uri: target, code_challenge: 'x'.repeat(43), code_challenge_method: 'S256' }); // prettier-ignore
    const reply = await fetch(`${identity.issuer}/auth?${asked.toString()}`, { redirect: 'manual' });
    expect([reply.status, reply.headers.get('location')]).toEqual([400, null]);
  }
});

test('re-authentication: a program that asks for it gets nobody without the password', async () => {
  await identity.person('qian.yu', ['viewer']);
  const { page, context } = await openPage();
  await enter(page, 'qian.yu');
  await page.waitForURL(own());
  const ask = (more: Record<string, string>) =>
    `${identity.issuer}/auth?${new URLSearchParams({ client_id: 'lotwarden-own', response_type: 'code', scope: 'openid', redirect_uri: own(), code_challenge: 'x'.repeat(43), code_challenge_method: 'S256', ...more }).toString()}`; // prettier-ignore
  await page.goto(ask({}));
  expect(await page.title()).toBe('Your account');
  for (const more of [{ prompt: 'login' }, { max_age: '0' }] as const) {
    await page.goto(ask(more));
    expect(await page.title()).toBe('Sign in to Lotwarden');
  }
  await context.close();
});

test('one terminal, two people: whoever signs in where another still is takes the place, and nothing is left of him', async () => {
  await identity.person('shift.early', ['viewer']);
  await identity.person('shift.late', ['viewer']);
  const { page, context } = await openPage();
  await enter(page, 'shift.early');
  await page.waitForURL(own());
  const asked = new URLSearchParams({ client_id: 'lotwarden-own', response_type: 'code', scope: 'openid', redirect_uri: own(), code_challenge: 'x'.repeat(43), code_challenge_method: 'S256', prompt: 'login' }); // prettier-ignore
  await page.goto(`${identity.issuer}/auth?${asked.toString()}`);
  await page.fill('[name=account]', 'shift.late');
  await page.fill('[name=password]', PASSWORD);
  await page.click('button');
  await page.waitForURL(own());
  expect(await page.textContent('main')).toContain('shift.late');
  expect(await page.textContent('main')).not.toContain('shift.early');
  await context.close();
});

test('access is reviewed in a browser: decided, signed with the password, and carried out; in Chinese for whoever reads it', async () => {
  await identity.person('review.li', ['quality-manager']);
  await identity.person('review.gone', ['viewer', 'receiver']);
  const quality = await openPage('zh-CN');
  const administrator = await openPage();
  const at = `${identity.issuer}/access-review`;
  const logIn = async ({ page }: { page: Page }, account: string): Promise<void> => {
    await page.goto(at);
    await page.fill('[name=account]', account);
    await page.fill('[name=password]', PASSWORD);
    await page.click('button');
    await page.waitForURL(at);
  };
  await logIn(quality, 'review.li');
  expect(await quality.page.textContent('h1')).toBe('访问权限复核');
  await logIn(administrator, 'administrator');
  const { page } = administrator;
  await page.fill('[name=reason]', 'half-yearly');
  await page.click('button:has-text("Begin a review")');
  await shot(page, 'access-review-en');

  // Whoever is decided and whoever is not: everybody but oneself, ten at a time.
  for (const one of [administrator, quality])
    for (;;) {
      await one.page.goto(at);
      const rows = await one.page.locator('fieldset').all();
      if (rows.length === 0) break;
      for (const row of rows) {
        const leaves = ((await row.locator('legend').textContent()) ?? '').includes('review.gone');
        await row.locator('select').selectOption(leaves ? 'reduce' : 'keep');
        if (leaves) await row.locator('[value=receiver]').uncheck();
        await row.locator('[name$=reason]').fill(leaves ? 'left the dock' : 'still here');
      }
      await one.page.locator('form:has(fieldset) button').click();
    }
  await shot(quality.page, 'access-review-sign-zh');
  await quality.page.fill('[name=password]', 'a wrong password of somebody');
  await quality.page.fill('[name=reason]', '半年度复核');
  await quality.page.click('form:has([name=password]) button');
  expect(await quality.page.textContent('[role=alert]')).toContain('账户或密码');
  await quality.page.fill('[name=password]', PASSWORD);
  await quality.page.fill('[name=reason]', '半年度复核');
  await quality.page.click('form:has([name=password]) button');
  expect(await quality.page.textContent('[role=status]')).toBe('复核已签署。');
  expect(await quality.page.textContent('main')).toContain('Name of review.li (review.li), 已复核访问权限');
  await shot(quality.page, 'access-review-signed-zh');
  const { body } = await identity.ask('GET', '/accounts/review.gone', identity.administrator);
  expect(body).toMatchObject({ roles: ['viewer'] });
  expect(quality.elsewhere).toEqual([]);
  const forms = () =>
    identity.ask('GET', '/security-events?kind=form-refused&subject=administrator', identity.administrator);
  const forged = await administrator.context.request.post(at, {
    form: { do: 'begin', reason: 'CSRF', csrf: 'forged' },
  });
  expect(forged.status()).toBe(403);
  expect((await forms()).body.items).toMatchObject([{ reason: 'form-of-another-page' }]);
  const reviews = await identity.ask('GET', '/access-reviews', identity.administrator);
  expect(reviews.body.items).toHaveLength(1);
  await quality.context.close();
  await administrator.context.close();
});

test('the review is not for those who may not review', async () => {
  await identity.person('review.none', ['viewer']);
  const { page, context } = await openPage();
  await page.goto(`${identity.issuer}/access-review`);
  await page.fill('[name=account]', 'review.none');
  await page.fill('[name=password]', PASSWORD);
  await page.click('button');
  expect(await page.textContent('[role=alert]')).toContain('do not include the review of access');
  await context.close();
});
