import { Rejected } from '@lotwarden/platform/errors';
import type { Deps } from '@lotwarden/platform/service';
import type { KnownAccount } from '../account/account.ts';
import type { Accounts, Credentials } from '../account/account.store.ts';
import type { SecurityLog } from '../security/security-log.store.ts';
import { addPasskey, removePasskey, usePasskey } from './passkey.ts';
import type { WebAuthn } from './webauthn.client.ts';

interface Needs extends Pick<Deps, 'clock'> {
  readonly accounts: Accounts;
  readonly credentials: Pick<Credentials, 'prove'>;
  readonly security: Pick<SecurityLog, 'report'>;
  readonly webAuthn: WebAuthn;
}

interface Shown {
  readonly password: string;
  /** Of the authenticator, where the person has one: whoever has only the password adds no way round it. */
  readonly code: string;
  readonly address: string;
}

/** Passkeys: keys on a device that its holder opens with a PIN or a finger. They let in, and sign no record. */
export interface Passkeys {
  /** What the browser is asked for, to make one in this session. */
  toAdd(session: string, known: KnownAccount): Promise<string>;
  /** Throws like `prove`, and `passkey-wrong`, `passkey-there` or `passkeys-many`. */
  add(session: string, account: string, response: string, name: string, shown: Shown): Promise<void>;
  /** Throws like `prove`. */
  remove(account: string, passkey: string, shown: Shown): Promise<void>;
  /** What the browser is asked for in this log-in. */
  toUse(logIn: string): Promise<string>;
  /** Who came. Throws `passkey-wrong` or `account-locked`. */
  use(logIn: string, response: string, address: string): Promise<string>;
}

export function passkeys({ accounts, credentials, security, webAuthn, clock }: Needs): Passkeys {
  async function use(logIn: string, response: string, seen: (account: string) => void): Promise<string> {
    const named = webAuthn.named(response);
    const [found, another] = (await accounts.find({ 'state.passkeys.id': named }, { limit: 2 })).items;
    const state = found?.state;
    const passkey = state?.status === 'open' ? state.passkeys?.find(({ id }) => id === named) : undefined;
    if (!found || another || !passkey) throw new Rejected('passkey-wrong');
    seen(found.id);
    const counter = await webAuthn.used(logIn, response, passkey);
    const context = { actor: found.id };
    await accounts.change(found.id, context, (now) => usePasskey(now, found.id, { passkey: named, counter }, clock.instant())); // prettier-ignore
    return found.id;
  }

  return {
    toAdd: (session, known) => webAuthn.toAdd(session, known),
    async add(session, account, response, name, { password, code, address }) {
      await credentials.prove(account, password, { code, address });
      const made = await webAuthn.added(session, response);
      const passkey = { ...made, name, addedAt: clock.instant() };
      await accounts.change(account, { actor: account }, (now) => addPasskey(now, account, passkey));
      await security.report({ kind: 'factor-changed', subject: account, reason: 'passkey-added', address });
    },
    async remove(account, passkey, { password, code, address }) {
      await credentials.prove(account, password, { code, address });
      await accounts.change(account, { actor: account }, (now) => removePasskey(now, account, passkey));
      await security.report({ kind: 'factor-changed', subject: account, reason: 'passkey-removed', address });
    },
    toUse: (logIn) => webAuthn.toUse(logIn),
    async use(logIn, response, address) {
      let account: string | undefined;
      try {
        return await use(logIn, response, (known) => (account = known));
      } catch (error) {
        if (error instanceof Rejected)
          await security.report({ kind: 'sign-in-refused', subject: account ?? address, reason: error.code, address });
        throw error;
      }
    },
  };
}
