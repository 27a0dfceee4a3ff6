import { randomBytes } from 'node:crypto';
import { LotwardenError, Rejected } from '@lotwarden/platform/errors';
import type { Deps } from '@lotwarden/platform/service';
import type { SecretBox } from '@lotwarden/platform/secret-box';
import type { SecurityLog } from '../security/security-log.store.ts';
import type { Admit } from './admit.store.ts';
import { oidcLogIn } from './oidc.client.ts';
import type { OutsideLogIn } from './outside-log-in.ts';
import { active, type KnownProvider } from './outside-provider.ts';
import type { BegunLogIns, Providers } from './provider.store.ts';
import { weComLogIn } from './wecom.client.ts';

/** Logging in at providers outside, from the button to the account. */
export interface OutsideLogIns {
  /** Those that can be chosen, by name. */
  offered(): Promise<readonly { readonly id: string; readonly name: string }[]>;
  /** Where the browser is sent. `state` begins with `uid`, and comes back with it. */
  begin(provider: string, uid: string, fresh: boolean): Promise<URL>;
  /** Whose account it is that came back. Throws `outside-log-in-over` for a state that nobody began here, or that came back before. */
  finish(back: URL, uid: string, address: string): Promise<string>;
}

interface Needs extends Pick<Deps, 'log'> {
  readonly providers: Providers;
  readonly begun: BegunLogIns;
  readonly admit: Admit;
  readonly box: () => SecretBox;
  readonly security: Pick<SecurityLog, 'report'>;
  /** Where providers send people back to. */
  readonly redirectUri: string;
  readonly allowLoopback: boolean;
}

export function outsideLogIns({
  providers,
  begun,
  admit,
  box,
  security,
  redirectUri,
  allowLoopback,
  log,
}: Needs): OutsideLogIns {
  /** By provider; what is known of its addresses and keys is kept until its settings change. */
  const open = new Map<string, { readonly rev: number; readonly logIn: OutsideLogIn }>();

  async function reach(id: string): Promise<{ readonly provider: KnownProvider; readonly logIn: OutsideLogIn }> {
    const found = await providers.get(id);
    const provider = active(found?.state ?? { status: 'unknown' }, id);
    const { rev = 0 } = found ?? {};
    const known = open.get(id);
    if (known?.rev === rev) return { provider, logIn: known.logIn };
    const secret = box().open(provider.secret, id);
    const { reached } = provider;
    const logIn =
      reached.kind === 'oidc' ? oidcLogIn({ reached, secret, allowLoopback }) : weComLogIn({ reached, secret });
    open.set(id, { rev, logIn });
    return { provider, logIn };
  }

  return {
    async offered() {
      const { items } = await providers.find({ 'state.status': 'active' }, { limit: 20 });
      return items.flatMap(({ id, state }) => (state.status === 'active' ? [{ id, name: state.name }] : []));
    },
    async begin(id, uid, fresh) {
      const { logIn } = await reach(id);
      const [state, nonce, verifier] = [`${uid}.${secret()}`, secret(), secret()];
      const one = { state, nonce, verifier, redirectUri, fresh };
      const url = await logIn.begin(one);
      await begun.keep(id, one);
      return url;
    },
    async finish(back, uid, address) {
      const state = back.searchParams.get('state') ?? '';
      // In the browser that began it: its cookie is of that uid. A code of somebody else's log-in opens nothing here.
      const kept = state.startsWith(`${uid}.`) ? await begun.take(state) : undefined;
      const refuse = async (subject: string, error: unknown): Promise<never> => {
        if (!(error instanceof LotwardenError)) throw error;
        const of = error.detail['subject'];
        log.warn({ provider: subject, reason: error.code, detail: error.detail['reason'] }, 'a log-in at an outside provider was refused'); // prettier-ignore
        const about = typeof of === 'string' ? `${subject}/${of}` : subject;
        await security.report({ kind: 'provider-refused', subject: about, reason: error.code, address });
        throw error;
      };
      if (!kept) return refuse('unknown', new Rejected('outside-log-in-over'));
      try {
        const { provider, logIn } = await reach(kept.provider);
        return await admit(kept.provider, provider, await logIn.finish(back, kept.begun));
      } catch (error) {
        return refuse(kept.provider, error);
      }
    },
  };
}

const secret = (): string => randomBytes(32).toString('base64url');
