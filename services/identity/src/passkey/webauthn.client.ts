import { createHash, createHmac, hkdfSync } from 'node:crypto';
import { isIP } from 'node:net';
import { Rejected } from '@lotwarden/platform/errors';
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type AuthenticationResponseJSON,
  type RegistrationResponseJSON,
} from '@simplewebauthn/server';
import { z } from 'zod';
import type { Passkey } from '../account/account.ts';

/**
 * Asks for passkeys and checks them (W3C WebAuthn Level 3). A challenge belongs to one log-in or one session and is worked
 * out from it anew, so that nothing has to be kept of log-ins that nobody finishes.
 */
export interface WebAuthn {
  /** For the browser, to make one for this account. */
  toAdd(of: string, account: Account): Promise<string>;
  /** Throws `passkey-wrong`. */
  added(of: string, response: string): Promise<Omit<Passkey, 'name' | 'addedAt'>>;
  /** For the browser, to show any of its own. */
  toUse(of: string): Promise<string>;
  /** The id of the passkey that a response speaks of; nothing of it is proved. Throws `passkey-wrong`. */
  named(response: string): string;
  /** What it counts now. Throws `passkey-wrong`. */
  used(of: string, response: string, passkey: Passkey): Promise<number>;
}

interface Account {
  readonly account: string;
  readonly name: string;
  readonly passkeys?: readonly Passkey[];
}

const Response = z.looseObject({ id: z.string().min(1).max(1_400) });

/** Undefined where the issuer has no name: a passkey belongs to a domain, and an address is none. */
export function webAuthn(issuer: string, secret: string): WebAuthn | undefined {
  const { hostname: rpID, origin } = new URL(issuer);
  if (isIP(rpID.replaceAll(/[[\]]/g, ''))) return undefined;
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'lotwarden-passkey-challenges', 32));
  const challengeOf = (kind: 'add' | 'use', of: string): string => createHmac('sha256', key).update(`${kind} ${of}`).digest('base64url'); // prettier-ignore

  return {
    async toAdd(of, { account, name, passkeys = [] }) {
      const options = await generateRegistrationOptions({
        rpName: 'Lotwarden',
        rpID,
        userName: account,
        userDisplayName: name,
        userID: createHash('sha256').update(account).digest(),
        challenge: Buffer.from(challengeOf('add', of), 'base64url'),
        attestationType: 'none',
        excludeCredentials: passkeys.map(({ id }) => ({ id })),
        // On the device, and opened by a PIN or a finger: it is two factors by itself.
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      });
      return JSON.stringify(options);
    },
    added: (of, response) =>
      wrongUnless(async () => {
        const { verified, registrationInfo } = await verifyRegistrationResponse({
          response: parsed(response) as unknown as RegistrationResponseJSON,
          expectedChallenge: challengeOf('add', of),
          expectedOrigin: origin,
          expectedRPID: rpID,
          requireUserVerification: true,
        });
        if (!verified) throw new Rejected('passkey-wrong');
        const { id, publicKey, counter } = registrationInfo.credential;
        return { id, publicKey: Buffer.from(publicKey).toString('base64url'), counter };
      }),
    async toUse(of) {
      const challenge = Buffer.from(challengeOf('use', of), 'base64url');
      return JSON.stringify(await generateAuthenticationOptions({ rpID, challenge, userVerification: 'required' }));
    },
    named: (response) => parsed(response).id,
    used: (of, response, { id, publicKey, counter }) =>
      wrongUnless(async () => {
        const { verified, authenticationInfo } = await verifyAuthenticationResponse({
          response: parsed(response) as unknown as AuthenticationResponseJSON,
          expectedChallenge: challengeOf('use', of),
          expectedOrigin: origin,
          expectedRPID: rpID,
          credential: { id, publicKey: Buffer.from(publicKey, 'base64url'), counter },
          requireUserVerification: true,
        });
        if (!verified) throw new Rejected('passkey-wrong');
        return authenticationInfo.newCounter;
      }),
  };
}

function parsed(response: string): z.output<typeof Response> {
  try {
    return Response.parse(JSON.parse(response));
  } catch (cause) {
    throw new Rejected('passkey-wrong', {}, undefined, { cause });
  }
}

/** The library tells by errors of many kinds what was wrong; to whoever tries it is one. */
async function wrongUnless<R>(check: () => Promise<R>): Promise<R> {
  try {
    return await check();
  } catch (cause) {
    throw cause instanceof Rejected ? cause : new Rejected('passkey-wrong', {}, undefined, { cause });
  }
}
