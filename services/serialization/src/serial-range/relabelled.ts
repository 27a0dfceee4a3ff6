import type { OperationOutput, SerialRange } from '@lotwarden/contracts/events';
import { carriesUnits } from './move-units.ts';
import type { Followed } from './followed-operation.ts';

/** One unit under a name, and the lot that the operation names it in. */
export interface NamedUnit {
  readonly lot: string;
  readonly unit: SerialRange;
}

/**
 * Kinds of operations that give units another identifier, on our shelves or at a custodian: the n-th serial that goes in is
 * the n-th that comes out.
 */
export const RELABELLING: ReadonlySet<string> = new Set(['relabel', 'field-relabel']);

/** What a unit is called since it was relabelled; undefined where the operation does not say so one by one. */
export const nextName = ({ inputs, outputs, ...rest }: Followed, unit: SerialRange): NamedUnit | undefined =>
  counterpart(rest, inputs.filter(carriesUnits), outputs, unit);

/** What a unit was called before it was relabelled. */
export const formerName = ({ inputs, outputs, ...rest }: Followed, unit: SerialRange): NamedUnit | undefined =>
  counterpart(rest, outputs, inputs.filter(carriesUnits), unit);

function counterpart(
  { kind, voided }: Pick<Followed, 'kind' | 'voided'>,
  from: readonly OperationOutput[],
  to: readonly OperationOutput[],
  { gtin, prefix, width, first: number }: SerialRange,
): NamedUnit | undefined {
  if (!RELABELLING.has(kind ?? '') || voided || size(from) !== size(to)) return undefined;
  let before = 0;
  for (const range of from.flatMap(({ serials }) => serials)) {
    const isOf = range.gtin === gtin && range.prefix === prefix && range.width === width;
    if (isOf && number >= range.first && number <= range.last) return nth(to, before + number - range.first);
    before += range.last - range.first + 1;
  }
  return undefined;
}

function nth(flows: readonly OperationOutput[], position: number): NamedUnit | undefined {
  let left = position;
  for (const { lot, serials } of flows)
    for (const range of serials) {
      const length = range.last - range.first + 1;
      if (left < length) return { lot, unit: { ...range, first: range.first + left, last: range.first + left } };
      left -= length;
    }
  return undefined;
}

/** In the order in which they are told: ranges are not joined, since their order says which unit is which. */
const size = (flows: readonly OperationOutput[]): number =>
  flows.flatMap(({ serials }) => serials).reduce((sum, { first, last }) => sum + last - first + 1, 0);
