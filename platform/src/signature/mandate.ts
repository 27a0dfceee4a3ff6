import { z } from 'zod';
import { Rejected } from '../errors.ts';
import { compare, isZero } from '../quantity.ts';
import { recordHash, type SignedRecord } from './signed-record.ts';

/** Whether whoever signed `signed` has thereby said yes to `now`; both are the records themselves. */
type Rule = (signed: unknown, now: unknown) => boolean;

/**
 * The only cases in which a signature is good for another version than the one that was signed (21 CFR 11.70). What is not
 * here is void for every other version; a rule may only ever let less happen than was signed.
 */
const RULES: Readonly<Record<string, Rule>> = {
  'movement-order': shrinks,
};

/** Meanings that have such a rule, for the page that tells them. */
export const mandatedMeanings = (): string[] => Object.keys(RULES);

/** An earlier version that was signed, and the one that is acted on. */
export interface Mandate {
  readonly signed: unknown;
  readonly now: unknown;
}

/**
 * What a signature must speak of where an earlier version of `record` was signed. Throws `signature-for-another-record`
 * where no rule of the meaning says that the one covers the other.
 */
export function underMandate(record: SignedRecord, meaning: string, { signed, now }: Mandate): SignedRecord {
  const isOfRecord = recordHash(now) === record.recordHash;
  const covers = Object.hasOwn(RULES, meaning) && RULES[meaning]?.(signed, now) === true;
  if (!isOfRecord || !covers)
    throw new Rejected('signature-for-another-record', { signed: record.recordId, wanted: record.recordId });
  return { ...record, recordHash: recordHash(signed) };
}

const Goods = z.looseObject({ quantity: z.object({ value: z.string().regex(/^\d+(\.\d+)?$/), unit: z.string() }) });

/** Less of the same goods, the same way, for the same reason: everything but the quantity is as it was signed. */
function shrinks(signed: unknown, now: unknown): boolean {
  const [before, after] = [Goods.safeParse(signed), Goods.safeParse(now)];
  if (!before.success || !after.success) return false;
  const { quantity: most, ...same } = before.data;
  const { quantity: less, ...rest } = after.data;
  return recordHash(same) === recordHash(rest) && most.unit === less.unit && !isZero(less) && compare(less, most) <= 0;
}
