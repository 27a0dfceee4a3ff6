import { Rejected, Transient } from '@lotwarden/platform/errors';
import { z } from 'zod';
import type { Begun, OutsideLogIn, Shown } from './outside-log-in.ts';
import type { Reached } from './outside-provider.ts';

type WeCom = Extract<Reached, { kind: 'wecom' }>;

const MILLISECONDS = 10_000;

interface Settings {
  readonly reached: WeCom;
  readonly secret: string;
}

const Answer = z.object({ errcode: z.number().int(), errmsg: z.string().default('') });
const TokenAnswer = Answer.extend({ access_token: z.string().min(1) });
/** Whoever is no member of the corporation has an `openid` in its place. */
const WhoAnswer = Answer.extend({ userid: z.string().min(1) });
const PersonAnswer = Answer.extend({
  userid: z.string(),
  name: z.string().default(''),
  department: z.array(z.number().int()).default([]),
  /** 1 = active. */
  status: z.number().int(),
});

/**
 * WeCom's own log-in (its developer guide, "Web login", gettoken, getuserinfo, get user): a code that the server of the
 * program redeems with the secret of the corporation's application. No ID token, no nonce, no PKCE: what is trusted is
 * the answer over TLS, and `state`. Groups are the numbers of departments.
 */
export function weComLogIn({ reached: { api, page, corporation, agent }, secret }: Settings): OutsideLogIn {
  async function ask<T extends z.ZodType<z.output<typeof Answer>>>(
    path: string,
    query: Readonly<Record<string, string>>,
    form: T,
  ): Promise<z.output<T>> {
    const told = await answerOf(new URL(`${api}/cgi-bin/${path}?${new URLSearchParams(query).toString()}`));
    const answer = Answer.safeParse(told);
    // -1: "system busy, try again later".
    if (answer.data?.errcode === -1) throw new Transient('provider-unreachable');
    const whole = answer.data?.errcode === 0 ? form.safeParse(told) : undefined;
    if (whole?.success) return whole.data;
    const reason = answer.data ? `${answer.data.errcode} ${answer.data.errmsg}` : 'not an answer of WeCom';
    throw new Rejected('provider-answer-wrong', { reason: reason.slice(0, 200) });
  }

  return {
    begin: ({ state, redirectUri }: Begun): Promise<URL> => {
      const url = new URL(`${page}/wwlogin/sso/login`);
      url.search = new URLSearchParams({
        login_type: 'CorpApp',
        appid: corporation,
        agentid: agent,
        redirect_uri: redirectUri,
        state,
      }).toString();
      return Promise.resolve(url);
    },
    async finish(back: URL, { state }: Begun): Promise<Shown> {
      const code = back.searchParams.get('code');
      if (back.searchParams.get('state') !== state || code === null)
        throw new Rejected('provider-answer-wrong', { reason: 'another state, or no code' });
      const { access_token } = await ask('gettoken', { corpid: corporation, corpsecret: secret }, TokenAnswer);
      const { userid } = await ask('auth/getuserinfo', { access_token, code }, WhoAnswer);
      const person = await ask('user/get', { access_token, userid }, PersonAnswer);
      if (person.userid !== userid || person.status !== 1)
        throw new Rejected('provider-answer-wrong', { reason: 'not an active member' });
      return {
        subject: userid,
        name: person.name === '' ? null : person.name.slice(0, 200),
        values: person.department.map(String),
      };
    },
  };
}

const MOST_BYTES = 1_000_000;

async function answerOf(url: URL): Promise<unknown> {
  try {
    const reply = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(MILLISECONDS) });
    if (!reply.ok || Number(reply.headers.get('content-length') ?? 0) > MOST_BYTES)
      throw new Error(`HTTP ${reply.status}`);
    return await reply.json();
  } catch (cause) {
    throw new Transient('provider-unreachable', {}, { cause });
  }
}
