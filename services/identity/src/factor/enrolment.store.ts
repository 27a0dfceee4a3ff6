import { Rejected } from '@lotwarden/platform/errors';
import type { Deps } from '@lotwarden/platform/service';
import type { Context } from '@lotwarden/platform/store';
import type { Accounts, Credentials } from '../account/account.store.ts';
import { open } from '../account/manage-account.ts';
import type { SecurityLog } from '../security/security-log.store.ts';
import { makeRecoveryCodes } from './recovery-codes.client.ts';
import { recoveryHash } from './recovery.ts';
import { confirmTotp, offerTotp } from './totp.ts';
import type { Authenticators } from './totp.client.ts';

/** How whoever acts adds an authenticator, by route or on the own page. */
export interface Enrolment {
  /** A secret that counts once it is confirmed. Throws like `prove`, and `second-factor-there`. */
  offer(password: string, context: Context): Promise<{ readonly secret: string; readonly uri: string }>;
  /**
   * From now on its codes are asked for. Gives the recovery codes, which are kept nowhere. Throws `second-factor-none` or
   * `second-factor-wrong`.
   */
  confirm(code: string, context: Context): Promise<readonly string[]>;
}

interface Needs extends Pick<Deps, 'clock'> {
  readonly accounts: Accounts;
  readonly credentials: Credentials;
  readonly apps: () => Authenticators;
  readonly security: Pick<SecurityLog, 'report'>;
}

export const enrolment = ({ accounts, credentials, apps, security, clock }: Needs): Enrolment => ({
  async offer(password, context) {
    const { actor, trace } = context;
    await credentials.prove(actor, password, { trace });
    const { secret, uri, sealed } = apps().make(actor);
    await accounts.change(actor, context, (state) => offerTotp(state, actor, sealed));
    return { secret, uri };
  },

  async confirm(code, context) {
    const { actor } = context;
    const found = await accounts.get(actor);
    if (!found) throw new Rejected('account-unknown', { account: actor });
    const { totp } = open(found.state, actor);
    if (totp?.status !== 'offered') throw new Rejected('second-factor-none', { account: actor });
    const step = apps().stepOf(actor, totp.sealed, code, clock.now().getTime());
    if (step === undefined) throw new Rejected('second-factor-wrong');
    const codes = makeRecoveryCodes();
    const hashes = codes.map((each) => recoveryHash(actor, each)).filter((hash) => hash !== undefined);
    await accounts.change(actor, context, (state) => confirmTotp(state, actor, step, hashes));
    await security.report({ kind: 'factor-changed', subject: actor, reason: 'authenticator-added' });
    return codes;
  },
});
