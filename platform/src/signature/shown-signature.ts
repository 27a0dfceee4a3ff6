import { z } from 'zod';
import { meaningWords } from './meaning-words.ts';
import type { ToShow } from './signed-record.ts';

/**
 * A signature as it is shown wherever its record is: who, when and what it means (21 CFR 11.50(a) and (b)), and whether
 * the record is still what was signed (11.70). The same in every reply, list, table and document of every service.
 */
export const ShownSignature = z
  .object({
    name: z.string().meta({ description: 'of the signer, printed as it was when he signed' }),
    account: z.string(),
    meaning: z.object({ code: z.string(), en: z.string(), zh: z.string() }),
    reason: z.string(),
    at: z.string().meta({ format: 'date-time' }),
    signatureId: z.string().nullable().meta({ description: 'under which identity keeps it, with all that vouches for it' }), // prettier-ignore
    algorithm: z.string().nullable(),
    keyId: z.string().nullable(),
    version: z.number().int().nullable().meta({ description: 'of the record that was signed' }),
    recordHash: z.string().nullable().meta({ description: 'of the record that was signed; SHA-256 of its RFC 8785 form' }), // prettier-ignore
    ofCurrentVersion: z.boolean().meta({ description: 'false: the record changed since; this was an earlier version' }),
    holds: z.boolean().nullable().meta({
      description: 'what its key says today; null: not to be told here, ask identity for the signature',
    }),
  })
  .meta({ id: 'ShownSignature', description: 'A signature as shown (21 CFR 11.50)' });

export type Shown = z.output<typeof ShownSignature>;

const Header = z.object({ alg: z.string(), kid: z.string().optional() });
const Payload = z.object({
  recordType: z.string(),
  recordId: z.string(),
  recordVersion: z.number().int(),
  recordHash: z.string(),
  signatureId: z.string().optional(),
});

/** What a signature says of itself; nothing of it is proved by reading. undefined: it cannot be read. */
export function readSignature(jws: string) {
  const [head = '', body = ''] = jws.split('.');
  const [header, payload] = [Header.safeParse(json(head)), Payload.safeParse(json(body))];
  if (!header.success || !payload.success) return undefined;
  const { signatureId, ...record } = payload.data;
  return { algorithm: header.data.alg, keyId: header.data.kid ?? null, signatureId: signatureId ?? null, record };
}

function json(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString());
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The version counts up with every event; what a signature is bound to is the content, and so its hash is compared. */
export function shownSignature({ signature, now }: ToShow, holds: boolean | null): Shown {
  const { jws, signer, signerName, meaning, reason, signedAt } = signature;
  const read = readSignature(jws);
  const { recordType, recordId, recordHash, recordVersion } = read?.record ?? {};
  const isCurrent =
    now !== undefined && recordType === now.recordType && recordId === now.recordId && recordHash === now.recordHash;
  return {
    name: signerName,
    account: signer,
    meaning: meaningWords(meaning),
    reason,
    at: signedAt,
    signatureId: read?.signatureId ?? null,
    algorithm: read?.algorithm ?? null,
    keyId: read?.keyId ?? null,
    version: recordVersion ?? null,
    recordHash: recordHash ?? null,
    ofCurrentVersion: isCurrent,
    holds,
  };
}

export const isShown = (value: unknown): value is Shown =>
  typeof value === 'object' && value !== null && 'ofCurrentVersion' in value && 'meaning' in value;

/** In one cell of a table: what 21 CFR 11.50 asks for, and whether it is of what stands beside it. */
export const shownText = ({ name, account, meaning, at, reason, ofCurrentVersion, holds }: Shown): string => {
  const notes = [
    ...(ofCurrentVersion ? [] : ['of an earlier version']),
    ...(holds === false ? ['does not hold'] : []),
  ].map((note) => ` [${note}]`);
  return `${name} (${account}), ${meaning.en} (${meaning.code}), ${at}: ${reason}${notes.join('')}`;
};
