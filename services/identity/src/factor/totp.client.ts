import type { SecretBox } from '@lotwarden/platform/secret-box';
import { Secret, TOTP } from 'otpauth';

/** What authenticator apps understand without asking: SHA-1, six digits, half a minute (RFC 6238, RFC 4226). */
const FORM = { issuer: 'Lotwarden', algorithm: 'SHA1', digits: 6, period: 30 } as const;
const SECRET_BYTES = 20;
/** Steps that a clock may be off, before and after. */
const WINDOW = 1;

export interface Authenticators {
  /** A new secret for somebody: as the app takes it, and sealed. */
  make(account: string): { readonly secret: string; readonly uri: string; readonly sealed: string };
  /** The step that a code is of; undefined if it is wrong. */
  stepOf(account: string, sealed: string, code: string, now: number): number | undefined;
}

export function authenticators(box: SecretBox): Authenticators {
  const of = (account: string, secret: Secret): TOTP => new TOTP({ ...FORM, label: account, secret });
  return {
    make: (account) => {
      const secret = new Secret({ size: SECRET_BYTES });
      return { secret: secret.base32, uri: of(account, secret).toString(), sealed: box.seal(secret.base32, account) };
    },
    stepOf: (account, sealed, code, now) => {
      const secret = Secret.fromBase32(box.open(sealed, account));
      const delta = of(account, secret).validate({ token: code, timestamp: now, window: WINDOW });
      return delta === null ? undefined : Math.floor(now / 1000 / FORM.period) + delta;
    },
  };
}
