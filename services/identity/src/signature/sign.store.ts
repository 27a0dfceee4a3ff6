import { Rejected } from '@lotwarden/platform/errors';
import type { Deps } from '@lotwarden/platform/service';
import type { Signature, SignedRecord } from '@lotwarden/platform/signature';
import type { Context } from '@lotwarden/platform/store';
import type { KnownAccount } from '../account/account.ts';
import type { Credentials } from '../account/account.store.ts';
import { standing } from '../account/standing.store.ts';
import type { KeyRing, SigningKey } from '../key/key-ring.store.ts';
import { jwsOf } from './jws.client.ts';
import { mayMean, MEANINGS } from './meanings.ts';
import type { Signatures } from './signature.store.ts';

/** Who signs, shown again at each signing: 21 CFR 11.200(a)(1). */
export interface Components {
  readonly account: string;
  readonly password: string;
  /** Of the authenticator, where the person has one. */
  readonly code?: string | undefined;
  readonly address?: string | undefined;
}

export interface Act {
  readonly record: SignedRecord;
  readonly meaning: string;
  readonly reason: string;
}

/**
 * Makes an act of signing, and keeps it. Throws what `Credentials.prove` throws, `password-temporary`, `password-expired`,
 * `signature-meaning-not-yours` or `second-factor-missing`.
 */
export type Sign = (
  by: Components,
  act: Act,
  context: Context,
) => Promise<Signature & { readonly signatureId: string }>;

interface Needs extends Pick<Deps, 'clock' | 'random'> {
  readonly signatures: Signatures;
  readonly credentials: Pick<Credentials, 'prove'>;
  readonly ring: () => KeyRing;
  /** Roles that sign only with an authenticator beside the password. */
  readonly strong: ReadonlySet<string>;
  /** An account that is open, by its id. */
  readonly person: (id: string) => Promise<KnownAccount | undefined>;
}

export function signing({ signatures, credentials, ring, strong, person, clock, random }: Needs): Sign {
  return async ({ account, password, code, address }, { record, meaning, reason }, context) => {
    const { trace } = context;
    const proved = await credentials.prove(account, password, { trace, code, address, kind: 'signature-refused' });
    // Somebody else has set it, or it is too old, so it proves nobody (21 CFR 11.200(a)(2), 11.300(b)).
    if (proved.mustChoose) throw new Rejected(proved.mustChoose);
    const { name, amr, sites, markets } = proved;
    const bounds = { ...(sites && { sites }), ...(markets && { markets }) };
    // What an emergency gives is access, not a say.
    const { roles, deputyFor } = await standing({ ...proved, breakGlass: null }, clock.instant(), person);
    if (!mayMean(meaning, roles))
      throw new Rejected('signature-meaning-not-yours', { meaning, roles: (MEANINGS[meaning] ?? []).join(', ') });
    // 21 CFR 11.200(a)(1): two components that are not both what the person knows, where the installation asks for it.
    if (!amr.includes('otp') && roles.some((role) => strong.has(role))) throw new Rejected('second-factor-missing');
    const { key, at } = await keyOfNow(ring(), clock.instant);
    const act = { signer: account, signerName: name, meaning, reason, signedAt: at };
    const signatureId = random.uuid();
    const jws = jwsOf({ ...record, ...act, roles, signatureId, amr, deputyFor, ...bounds }, key);
    await signatures.change(signatureId, { ...context, reason }, () => [
      { type: 'RecordSigned', signatureId, ...record, signature: { jws, ...act } },
    ]);
    return { signatureId, jws, ...act };
  };
}

/**
 * The key that signs, and a moment at which it was the one that did: a rotation meanwhile would make a time of one key
 * and a signature of another.
 */
async function keyOfNow(ring: KeyRing, now: () => string): Promise<{ readonly key: SigningKey; readonly at: string }> {
  for (let [key] = await ring.keys('record'); ;) {
    const at = now();
    const [newest] = await ring.keys('record');
    if (newest.kid === key.kid) return { key, at };
    key = newest;
  }
}
