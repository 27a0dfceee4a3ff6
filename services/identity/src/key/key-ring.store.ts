import { createHash, createPrivateKey, generateKeyPairSync, type JsonWebKey, type KeyObject } from 'node:crypto';
import { Rejected } from '@lotwarden/platform/errors';
import type { Deps } from '@lotwarden/platform/service';
import { secretBox, type SecretBox } from '@lotwarden/platform/secret-box';

/** `token`: access and id tokens, ES256. `record`: signatures on records, Ed25519; these keys are published for ever. */
export type Purpose = 'token' | 'record';

const ALGORITHM = { token: 'ES256', record: 'EdDSA' } as const satisfies Record<Purpose, string>;

/** A key and its life; times are ISO 8601. */
export interface SigningKey {
  /** RFC 7638 thumbprint. */
  readonly kid: string;
  readonly alg: string;
  readonly privateJwk: JsonWebKey;
  readonly publicJwk: JsonWebKey;
  readonly privateKey: KeyObject;
  readonly validFrom: string;
  /** Since then a newer one signs; null for the newest. */
  readonly retiredAt: string | null;
  /** Since then nothing that it signed proves anything by itself. */
  readonly revokedAt: string | null;
  readonly revokedReason: string | null;
}

/** Newest first: that one signs, the others are still good for what they signed. Never empty. */
export type Keys = readonly [SigningKey, ...SigningKey[]];

export interface KeyRing {
  /** As they are now: another replica may have made a new one. */
  keys(purpose: Purpose): Promise<Keys>;
  /** A new key signs from now on; the ones before stay good for what they signed. */
  rotate(purpose: Purpose): Promise<Keys>;
  /**
   * Somebody else may have this key. The newest is rotated first, so that there is always one to sign with. Throws
   * `signing-key-unknown`; a key that was revoked keeps its first time and reason.
   */
  revoke(purpose: Purpose, kid: string, reason: string): Promise<Keys>;
}

interface KeyDocument {
  readonly _id: string;
  readonly purpose: Purpose;
  readonly serial: number;
  readonly kid: string;
  /** base64 */
  readonly sealed: string;
  readonly createdAt: Date;
  readonly revokedAt?: Date;
  readonly revokedReason?: string;
}

export const keyCollection = ({ collection }: Pick<Deps, 'collection'>) => collection<KeyDocument>('keys');

interface Settings {
  readonly keys: ReturnType<typeof keyCollection>;
  readonly secret: string;
  readonly now: () => Date;
}

/** Opens the keys of this database, or makes the first ones. Throws if the secret is not the one they were sealed with. */
export async function openKeyRing({ keys, secret, now }: Settings): Promise<KeyRing> {
  const box = await secretBox(secret, 'identity.key');

  const read = async (purpose: Purpose): Promise<Keys> => {
    const found = await keys.find({ purpose }).sort({ serial: -1 }).toArray();
    // Retired by the one after it, so there is no moment in which two sign or none does.
    const [newest, ...older] = found.map((document, at) => opened(document, found[at - 1]?.createdAt, box));
    if (!newest) throw new Error(`there is no key for ${purpose}`);
    return [newest, ...older];
  };

  const make = async (purpose: Purpose, serial: number): Promise<void> => {
    const { privateKey } =
      purpose === 'token' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('ed25519');
    const jwk = privateKey.export({ format: 'jwk' });
    const kid = thumbprint(jwk);
    const made = { purpose, serial, kid, sealed: box.seal(JSON.stringify(jwk), kid), createdAt: now() };
    // A replica that does the same at the same time makes the same `_id`: the first one wins, and both read its key.
    await keys.updateOne({ _id: `${purpose}:${String(serial)}` }, { $setOnInsert: made }, { upsert: true });
  };

  const rotate = async (purpose: Purpose): Promise<Keys> => {
    const [newest] = await keys.find({ purpose }).sort({ serial: -1 }).limit(1).toArray();
    await make(purpose, (newest?.serial ?? 0) + 1);
    return read(purpose);
  };

  for (const purpose of ['token', 'record'] as const)
    if ((await keys.countDocuments({ purpose }, { limit: 1 })) === 0) await make(purpose, 1);
  await Promise.all([read('token'), read('record')]);

  return {
    keys: read,
    rotate,
    revoke: async (purpose, kid, reason) => {
      const [newest, ...older] = await read(purpose);
      if (![newest, ...older].some((key) => key.kid === kid)) throw new Rejected('signing-key-unknown', { key: kid });
      if (newest.kid === kid) await rotate(purpose);
      await keys.updateOne(
        { purpose, kid, revokedAt: { $exists: false } },
        { $set: { revokedAt: now(), revokedReason: reason } },
      );
      return read(purpose);
    },
  };
}

function opened(document: KeyDocument, retiredAt: Date | undefined, box: SecretBox): SigningKey {
  const { kid, purpose, sealed, createdAt, revokedAt, revokedReason } = document;
  const jwk = JSON.parse(unsealed(sealed, kid, box)) as JsonWebKey;
  const alg = ALGORITHM[purpose];
  const { d: _, ...open } = jwk;
  return {
    kid,
    alg,
    privateJwk: { ...jwk, kid, alg, use: 'sig' },
    publicJwk: { ...open, kid, alg, use: 'sig' },
    privateKey: createPrivateKey({ key: jwk, format: 'jwk' }),
    validFrom: createdAt.toISOString(),
    retiredAt: retiredAt?.toISOString() ?? null,
    revokedAt: revokedAt?.toISOString() ?? null,
    revokedReason: revokedReason ?? null,
  };
}

function unsealed(sealed: string, kid: string, box: SecretBox): string {
  try {
    return box.open(sealed, kid);
  } catch (cause) {
    throw new Error('KEY_SECRET does not open the keys in this database; it must be the one they were made with', {
      cause,
    });
  }
}

/** RFC 7638: the required members in alphabetical order. */
function thumbprint({ crv, kty, x, y }: JsonWebKey): string {
  const members = y === undefined ? { crv, kty, x } : { crv, kty, x, y };
  return createHash('sha256').update(JSON.stringify(members)).digest('base64url');
}
