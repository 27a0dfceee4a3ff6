import { hash } from 'node:crypto';
import { lotRefKey, type LotRef } from './lot-ref.ts';
import { Rejected } from './errors.ts';

type Branded<Name extends string> = string & { readonly brand: Name };
export type LotId = Branded<'LotId'>;
export type OperationId = Branded<'OperationId'>;
export type PartyId = Branded<'PartyId'>;

/** Who mints it: M material (receiving), P production and F finished (mes-bridge). Opaque to everybody else. */
export type LotKind = 'M' | 'P' | 'F';

/** The coding rule of global lot ids: `<kind>-<site>-<yyMMdd>-<seq5>`, the date as on the wall of the site. */
export function lotId(kind: LotKind, site: string, localDate: string, sequence: number): LotId {
  if (!Number.isInteger(sequence) || sequence < 1 || sequence > 99_999)
    throw new Rejected('lot-sequence-exhausted', { site, date: localDate, sequence });
  return `${kind}-${site}-${localDate.slice(2).replaceAll('-', '')}-${String(sequence).padStart(5, '0')}` as LotId;
}

/** Fixed for ever: the same unknown alias must give the same placeholder in every service. */
const PLACEHOLDER_NAMESPACE = '6f1c9f5e1f0b5d0c9a577f3f8a1b2c4d';

/** Stands for a lot that somebody mentioned and nobody declared yet (correctness rule 2). */
export const placeholderLotId = (ref: LotRef): LotId => `X-${nameBased(lotRefKey(ref))}` as LotId;

const NAMESPACE_SIZE = 16;

/** UUID version 5 (RFC 9562, 5.5): a genealogy makes one for each name of each lot, ten times as fast as package uuid. */
function nameBased(name: string): string {
  const bytes = Buffer.allocUnsafe(NAMESPACE_SIZE + 3 * name.length);
  bytes.write(PLACEHOLDER_NAMESPACE, 'hex');
  const size = NAMESPACE_SIZE + bytes.write(name, NAMESPACE_SIZE, 'utf8');
  const digest = hash('sha1', bytes.subarray(0, size), 'hex');
  const variant = '89ab'.charAt(Number.parseInt(digest.charAt(16), 16) & 3);
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-5${digest.slice(13, 16)}-${variant}${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
}

export const isPlaceholder = (lot: string): boolean => lot.startsWith('X-');

/** GS1 modulo-10 check digit over the digits before it (GS1 General Specifications 7.9). */
export function gs1CheckDigit(body: string): string {
  if (!/^\d+$/.test(body)) throw new Rejected('gs1-key-invalid', { key: body });
  const sum = [...body].reverse().reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 3 : 1), 0);
  return String((10 - (sum % 10)) % 10);
}

const hasValidCheckDigit = (key: string): boolean => gs1CheckDigit(key.slice(0, -1)) === key.slice(-1);

export const isGtin14 = (text: string): boolean => /^\d{14}$/.test(text) && hasValidCheckDigit(text);

export const isSscc = (text: string): boolean => /^\d{18}$/.test(text) && hasValidCheckDigit(text);
