import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startFakeWeCom, type FakeWeCom } from '../../test/fake-wecom.ts';
import { startOutsideOidc, type OutsideOidc } from '../../test/outside-oidc.ts';
import { walk } from '../../test/walk.ts';
import { oidcLogIn } from './oidc.client.ts';
import type { Begun, OutsideLogIn } from './outside-log-in.ts';
import { weComLogIn } from './wecom.client.ts';

const REDIRECT = 'http://127.0.0.1:9/openid/outside/callback';

let oidc: OutsideOidc;
let weCom: FakeWeCom;
beforeAll(async () => {
  [oidc, weCom] = await Promise.all([startOutsideOidc(REDIRECT), startFakeWeCom()]);
});
afterAll(() => Promise.all([oidc.stop(), weCom.stop()]));

interface Way {
  logIn(secret?: string): OutsideLogIn;
  /** Somebody of these groups sits at the browser. */
  sits(subject: string, name: string, group: string): void;
}

const ways: Record<string, () => Way> = {
  'OpenID Connect': () => ({
    logIn: (secret = oidc.secret) =>
      oidcLogIn({
        reached: {
          kind: 'oidc',
          issuer: oidc.issuer,
          clientId: oidc.clientId,
          scopes: ['profile'],
          rolesAt: ['groups'],
        },
        secret,
        allowLoopback: true,
      }),
    sits: (subject, name, group) => {
      oidc.people.set(subject, { name, groups: [group] });
      oidc.sits(subject);
    },
  }),
  WeCom: () => ({
    logIn: (secret = weCom.secret) =>
      weComLogIn({
        reached: {
          kind: 'wecom',
          api: weCom.address,
          page: weCom.address,
          corporation: weCom.corporation,
          agent: '1000002',
        },
        secret,
      }),
    sits: (subject, name, group) => {
      weCom.people.set(subject, { name, department: [Number(group)], status: 1 });
      weCom.sits(subject);
    },
  }),
};

const random = (): string => randomBytes(32).toString('base64url');
const begin = (): Begun => ({
  state: `uid.${random()}`,
  nonce: random(),
  verifier: random(),
  redirectUri: REDIRECT,
  fresh: false,
});
const through = async (logIn: OutsideLogIn, begun: Begun): Promise<URL> =>
  (await walk().go((await logIn.begin(begun)).href, REDIRECT)).url;

describe.each(Object.entries(ways))('%s', (_, way) => {
  test('whom the provider knows it names, with groups as it writes them', async () => {
    const { logIn, sits } = way();
    sits('zhou.yu', '周瑜', '17');
    const begun = begin();
    const back = await through(logIn(), begun);
    expect(back.searchParams.get('state')).toBe(begun.state);
    expect(await logIn().finish(back, begun)).toEqual({ subject: 'zhou.yu', name: '周瑜', values: ['17'] });
  });

  test('an answer is good once', async () => {
    const { logIn, sits } = way();
    sits('once', 'Once', '1');
    const [one, begun] = [logIn(), begin()];
    const back = await through(one, begun);
    await one.finish(back, begun);
    await expect(one.finish(back, begun)).rejects.toMatchObject({ code: 'provider-answer-wrong' });
  });

  test.each([
    ['another state', (back: URL) => back.searchParams.set('state', 'uid.other')],
    ['a code that nobody gave', (back: URL) => back.searchParams.set('code', 'made-up')],
    ['no code', (back: URL) => back.searchParams.delete('code')],
    ['an error', (back: URL) => (back.searchParams.delete('code'), back.searchParams.set('error', 'access_denied'))],
  ])('%s proves nobody', async (__, spoil) => {
    const { logIn, sits } = way();
    sits('spoilt', 'Spoilt', '1');
    const [one, begun] = [logIn(), begin()];
    const back = await through(one, begun);
    spoil(back);
    await expect(one.finish(back, begun)).rejects.toMatchObject({ code: 'provider-answer-wrong' });
  });

  test('with a wrong secret of ours nobody comes in', async () => {
    const { logIn, sits } = way();
    sits('any', 'Any', '1');
    const [one, begun] = [logIn('another secret'), begin()];
    await expect(one.finish(await through(one, begun), begun)).rejects.toMatchObject({ code: 'provider-answer-wrong' });
  });
});

test('WeCom: strangers, people who left, and answers that are none', async () => {
  const way = ways['WeCom']?.();
  if (!way) throw new Error('no way');
  const [one, begun] = [way.logIn(), begin()];
  weCom.sits('a stranger with an openid');
  await expect(one.finish(await through(one, begun), begun)).rejects.toMatchObject({ code: 'provider-answer-wrong' });
  way.sits('left', 'Left', '1');
  weCom.people.set('left', { name: 'Left', department: [1], status: 5 });
  await expect(one.finish(await through(one, begun), begun)).rejects.toMatchObject({ code: 'provider-answer-wrong' });
  for (const [instead, code] of [
    [{ status: 502, body: '' }, 'provider-unreachable'],
    [{ status: 200, body: '<html>' }, 'provider-unreachable'],
    [{ status: 200, body: '{"errcode":-1,"errmsg":"system busy"}' }, 'provider-unreachable'],
    [{ status: 200, body: '[]' }, 'provider-answer-wrong'],
  ] as const) {
    const back = await through(one, begun);
    weCom.answers(instead);
    await expect(one.finish(back, begun)).rejects.toMatchObject({ code });
    weCom.answers(null);
  }
});
