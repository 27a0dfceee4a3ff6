import { request, type Dispatcher } from 'undici';
import { z } from 'zod';
import { Transient } from './errors.ts';

/** Where a service gets the token that it shows to others. */
export interface TokenSource {
  /** A token that is good for at least half a minute more. Throws Transient while the issuer does not answer. */
  token(): Promise<string>;
  /** The token was refused: the next call fetches another. */
  refused(token: string): void;
}

export interface ClientCredentials {
  readonly tokenUrl: URL;
  readonly clientId: string;
  readonly clientSecret: string;
  /** RFC 8707, where the issuer needs it to choose the audience. */
  readonly resource?: string;
  readonly now: () => Date;
  readonly dispatcher?: Dispatcher;
  /** Milliseconds; 5 s if absent. */
  readonly timeout?: number;
}

const EARLY_MS = 30_000;
const Granted = z.object({ access_token: z.string().min(1), expires_in: z.number().positive().default(60) });

/** OAuth 2.0 client credentials (RFC 6749 §4.4); one token at a time, fetched once however many ask for it. */
export function clientCredentials(settings: ClientCredentials): TokenSource {
  let held: { readonly token: string; readonly until: number } | undefined;
  let fetching: Promise<string> | undefined;

  async function fetchToken(): Promise<string> {
    const asked = settings.now().getTime();
    const granted = await ask(settings);
    held = { token: granted.access_token, until: asked + granted.expires_in * 1000 - EARLY_MS };
    return granted.access_token;
  }

  return {
    token: async () => {
      if (held && held.until > settings.now().getTime()) return held.token;
      fetching ??= fetchToken().finally(() => (fetching = undefined));
      return fetching;
    },
    refused: (token) => {
      if (held?.token === token) held = undefined;
    },
  };
}

async function ask(settings: ClientCredentials): Promise<z.output<typeof Granted>> {
  const { tokenUrl, clientId, clientSecret, resource, dispatcher, timeout = 5000 } = settings;
  const credentials = [clientId, clientSecret].map((part) => encodeURIComponent(part)).join(':');
  const form = new URLSearchParams({ grant_type: 'client_credentials', ...(resource !== undefined && { resource }) });
  const unavailable = (cause: unknown) => new Transient('upstream-unavailable', { upstream: 'identity' }, { cause });
  const { statusCode, body } = await request(tokenUrl, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: form.toString(),
    signal: AbortSignal.timeout(timeout),
    ...(dispatcher && { dispatcher }),
  }).catch((cause: unknown) => {
    throw unavailable(cause);
  });
  const text = await body.text().catch((cause: unknown) => {
    throw unavailable(cause);
  });
  if (statusCode >= 500 || statusCode === 429) throw unavailable(new Error(`status ${String(statusCode)}`));
  // Wrong credentials do not become right by waiting: whoever set this up has to know.
  if (statusCode !== 200)
    throw new Error(`${tokenUrl.href} gives ${clientId} no token: ${String(statusCode)} ${text.slice(0, 200)}`);
  return Granted.parse(JSON.parse(text));
}
