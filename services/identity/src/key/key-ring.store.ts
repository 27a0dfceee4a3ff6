import { createHash, createPrivateKey, generateKeyPairSync, type JsonWebKey, type KeyObject } from 'node:crypto';
import type { Deps } from '@lotwarden/platform/service';
import { secretBox, type SecretBox } from '@lotwarden/platform/secret-box';

/** `token`: access and id tokens, ES256. `record`: signatures on records, Ed25519; these keys are published for ever. */
export type Purpose = 'token' | 'record';

const ALGORITHM = { token: 'ES256', record: 'EdDSA' } as const satisfies Record<Purpose, string>;

export interface SigningKey {
  /** RFC 7638 thumbprint. */
  readonly kid: string;
  readonly alg: string;
  readonly privateJwk: JsonWebKey;
  readonly publicJwk: JsonWebKey;
  readonly privateKey: KeyObject;
}

/** Newest first: that one signs, the others are still good for what they signed. Never empty. */
export type KeyRing = Readonly<Record<Purpose, readonly [SigningKey, ...SigningKey[]]>>;

interface KeyDocument {
  readonly _id: string;
  readonly purpose: Purpose;
  readonly serial: number;
  readonly kid: string;
  /** base64 */
  readonly sealed: string;
  readonly createdAt: Date;
}

export const keyCollection = ({ collection }: Pick<Deps, 'collection'>) => collection<KeyDocument>('keys');

interface Settings {
  readonly keys: ReturnType<typeof keyCollection>;
  readonly secret: string;
  readonly now: Date;
}

interface Opening extends Omit<Settings, 'secret'> {
  readonly box: SecretBox;
}

/** Opens the keys of this database, or makes the first ones. Throws if the secret is not the one they were sealed with. */
export async function openKeyRing({ secret, ...settings }: Settings): Promise<KeyRing> {
  const opening = { ...settings, box: await secretBox(secret, 'identity.key') };
  const [token, record] = await Promise.all([keysFor('token', opening), keysFor('record', opening)]);
  return { token, record };
}

async function keysFor(purpose: Purpose, opening: Opening): Promise<[SigningKey, ...SigningKey[]]> {
  const { keys, box } = opening;
  if ((await keys.countDocuments({ purpose }, { limit: 1 })) === 0) await makeFirst(purpose, opening);
  const found = await keys.find({ purpose }).sort({ serial: -1 }).toArray();
  const [newest, ...older] = found.map((document) => opened(document, box));
  if (!newest) throw new Error(`there is no key for ${purpose}`);
  return [newest, ...older];
}

async function makeFirst(purpose: Purpose, { keys, box, now }: Opening): Promise<void> {
  const { privateKey } =
    purpose === 'token' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('ed25519');
  const jwk = privateKey.export({ format: 'jwk' });
  const kid = thumbprint(jwk);
  const sealed = box.seal(JSON.stringify(jwk), kid);
  // A replica that starts at the same time makes the same `_id`: the first one wins, and both read its key.
  const first = { purpose, serial: 1, kid, sealed, createdAt: now };
  await keys.updateOne({ _id: `${purpose}:1` }, { $setOnInsert: first }, { upsert: true });
}

function opened({ kid, purpose, sealed }: KeyDocument, box: SecretBox): SigningKey {
  const jwk = JSON.parse(unsealed(sealed, kid, box)) as JsonWebKey;
  const alg = ALGORITHM[purpose];
  const { d: _, ...open } = jwk;
  return {
    kid,
    alg,
    privateJwk: { ...jwk, kid, alg, use: 'sig' },
    publicJwk: { ...open, kid, alg, use: 'sig' },
    privateKey: createPrivateKey({ key: jwk, format: 'jwk' }),
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
