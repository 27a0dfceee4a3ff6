import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';

export interface SignIn {
  /** Identity's issuer, `http://127.0.0.1:8080/openid`. */
  readonly issuer: string;
  /** Identity's public client for people if absent. */
  readonly clientId?: string;
  /** One that the client may use; `<origin of the issuer>/` if absent. It is not called. */
  readonly redirectUri?: string;
  readonly account: string;
  readonly password: string;
  /** Of the authenticator, if the account has one; asked for when identity asks for it. */
  readonly code?: () => string;
  /** Chosen if identity asks for it, as it does while somebody else knows the password. */
  readonly newPassword?: string;
}

const Granted = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() });

/**
 * A person's access token for a program without a browser (demo, operations, load): authorization code with PKCE
 * S256, filling in the log-in form by HTTP. Throws an Error that says where it was refused.
 */
export async function signIn(wanted: SignIn): Promise<string> {
  const { issuer, clientId = 'lotwarden-web', redirectUri = `${new URL(issuer).origin}/` } = wanted;
  const verifier = randomBytes(32).toString('base64url');
  const state = randomBytes(16).toString('base64url');
  const browser = cookieJar();
  const asked = new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    scope: 'openid',
    redirect_uri: redirectUri,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    state,
  });
  const begun = await browser(`${issuer}/auth?${asked.toString()}`);
  const form = new URL(await redirection(begun, 'the log-in could not begin'), issuer);
  const posted = await logIn(browser, form, wanted);
  let next = new URL(await redirection(posted, `${wanted.account} could not sign in`), issuer);
  // The provider sends the browser once more through itself before it hands the code to the program.
  if (next.href.startsWith(`${issuer}/`))
    next = new URL(await redirection(await browser(next.href), 'the log-in could not be finished'), issuer);
  const code = next.searchParams.get('code');
  if (code === null || next.searchParams.get('state') !== state)
    throw new Error(`${wanted.account} could not sign in: ${next.searchParams.get('error_description') ?? 'no code'}`);
  return redeem(issuer, { clientId, redirectUri, code, verifier });
}

async function logIn(browser: Browser, form: URL, wanted: SignIn): Promise<Response> {
  const { account, password, code, newPassword } = wanted;
  const first = await browser(form.href, new URLSearchParams({ account, password }));
  if (first.status !== 200) return first;
  if (code !== undefined) {
    await first.body?.cancel();
    return browser(form.href, new URLSearchParams({ account, password, code: code() }));
  }
  if (newPassword === undefined) return first;
  await first.body?.cancel();
  return browser(form.href, new URLSearchParams({ account, password, newPassword }));
}

async function redeem(
  issuer: string,
  { clientId, redirectUri, code, verifier }: Record<'clientId' | 'redirectUri' | 'code' | 'verifier', string>,
): Promise<string> {
  const reply = await fetch(`${issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: clientId,
      redirect_uri: redirectUri,
      code,
      code_verifier: verifier,
    }),
  });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`no token for the code: ${reply.status} ${text.slice(0, 200)}`);
  return Granted.parse(JSON.parse(text)).access_token;
}

async function redirection(reply: Response, otherwise: string): Promise<string> {
  const text = await reply.text();
  const location = reply.headers.get('location');
  if (location !== null) return location;
  const said = /role="alert">([^<]*)/.exec(text)?.[1] ?? /<h1>([^<]*)/.exec(text)?.[1] ?? text.slice(0, 200);
  throw new Error(`${otherwise}: ${reply.status} ${said}`);
}

type Browser = (url: string, form?: URLSearchParams) => Promise<Response>;

/** Enough of a browser for one log-in at one origin: cookies come back by name, whatever their path. */
function cookieJar(): Browser {
  const cookies = new Map<string, string>();
  return async (url, form) => {
    const reply = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form && { method: 'POST', body: form }),
      signal: AbortSignal.timeout(15_000),
    });
    for (const cookie of reply.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (name === undefined || value === undefined) continue;
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    return reply;
  };
}
