import type { Violation } from '@lotwarden/contracts/events';
import type { Operation } from './operation.ts';

export interface Violator {
  readonly subject: string;
  readonly detail: string;
}

/** Codes that say of a recorded operation that its quantities are not what they should be, or cannot be judged. */
const TOLD: ReadonlySet<string> = new Set([
  'operation-unbalanced',
  'operation-input-missing',
  'operation-recorded-twice',
  'unit-not-convertible',
  'product-unknown',
  'output-product-other',
  'lot-unknown',
]);

/** Quantity is conserved through the operation as it would be judged now, or a violation says so. */
export const unbalancedInSilence = (
  operation: string,
  { violations }: Operation,
  found: readonly Violation[],
): Violator[] =>
  violations.some(({ code }) => TOLD.has(code)) ? [] : found.map(({ detail }) => ({ subject: operation, detail }));

/** What an operation made bears every hold that it has to inherit, held or since ended by a signed release. */
export const bornWithoutHolds = (
  operation: string,
  outputs: readonly { readonly lot: string; readonly due: readonly string[]; readonly borne: readonly string[] }[],
): Violator[] =>
  outputs.flatMap(({ lot, due, borne }) =>
    due.filter((hold) => !borne.includes(hold)).map((hold) => ({ subject: lot, detail: `${hold}, by ${operation}` })),
  );
