import type { OperationInput, OperationOutput, SerialRange } from '@lotwarden/contracts/events';
import { intersect } from '@lotwarden/platform/serial-range';

/** Kind of an operation by which units that a custodian has get another label: the n-th that goes in is the n-th that comes out. */
export const FIELD_RELABEL = 'field-relabel';

/** As many units under another name, and in another lot, the first as the first and so on. */
export interface Renamed {
  readonly lot: string;
  readonly from: SerialRange;
  readonly toLot: string;
  readonly to: SerialRange;
}

/** What an operation renamed; nothing where it does not say so unit by unit. */
export function renamedBy(inputs: readonly OperationInput[], outputs: readonly OperationOutput[]): Renamed[] {
  const [from, to] = [named(inputs), named(outputs)];
  const size = (units: readonly Named[]): number => units.reduce((sum, { range }) => sum + lengthOf(range), 0);
  if (size(from) !== size(to)) return [];
  const found: Renamed[] = [];
  for (let [old, renewed] = [from.shift(), to.shift()]; old && renewed;) {
    const length = Math.min(lengthOf(old.range), lengthOf(renewed.range));
    found.push({
      lot: old.lot,
      from: part(old.range, 0, length),
      toLot: renewed.lot,
      to: part(renewed.range, 0, length),
    });
    [old, renewed] = [rest(old, length) ?? from.shift(), rest(renewed, length) ?? to.shift()];
  }
  return found;
}

/** Those of the units that were renamed, each stretch with its new name. */
export const renamedAmong = (known: readonly Renamed[], units: readonly SerialRange[]): Renamed[] =>
  known.flatMap((one) =>
    intersect([one.from], units).map((from) => ({
      ...one,
      from,
      to: part(one.to, from.first - one.from.first, lengthOf(from)),
    })),
  );

/** Under the old name again. */
export const takenBack = ({ lot, from, toLot, to }: Renamed): Renamed => ({
  lot: toLot,
  from: to,
  toLot: lot,
  to: from,
});

interface Named {
  readonly lot: string;
  readonly range: SerialRange;
}

const named = (flows: readonly OperationOutput[]): Named[] =>
  flows.flatMap(({ lot, serials }) => serials.map((range) => ({ lot, range })));

const lengthOf = ({ first, last }: SerialRange): number => last - first + 1;

const part = (range: SerialRange, skip: number, length: number): SerialRange => ({
  ...range,
  first: range.first + skip,
  last: range.first + skip + length - 1,
});

const rest = ({ lot, range }: Named, taken: number): Named | undefined =>
  taken < lengthOf(range) ? { lot, range: part(range, taken, lengthOf(range) - taken) } : undefined;

/** What is known of one operation: a unit of which nobody knew yet that a custodian has it is renamed when that is heard. */
export interface Relabelling {
  readonly voided: boolean;
  readonly renamed: readonly Renamed[];
}

export type RelabellingEvent =
  { readonly type: 'UnitsRenamed'; readonly renamed: readonly Renamed[] } | { readonly type: 'RelabellingVoided' };

export const NOT_RELABELLED: Relabelling = { voided: false, renamed: [] };

export const evolveRelabelling = (known: Relabelling, event: RelabellingEvent): Relabelling =>
  event.type === 'UnitsRenamed' ? { ...known, renamed: event.renamed } : { ...known, voided: true };

/** Everything of one lot that was renamed; what a shipment that is heard of late is held against. */
export interface RenamedLot {
  readonly renamed: readonly (Renamed & { readonly operation: string })[];
}

export type RenamedLotEvent =
  | { readonly type: 'UnitsRenamed'; readonly operation: string; readonly renamed: readonly Renamed[] }
  | { readonly type: 'RelabellingVoided'; readonly operation: string };

export const NOTHING_RENAMED: RenamedLot = { renamed: [] };

export function evolveRenamedLot({ renamed }: RenamedLot, event: RenamedLotEvent): RenamedLot {
  const { operation } = event;
  const others = renamed.filter((one) => one.operation !== operation);
  return {
    renamed:
      event.type === 'UnitsRenamed' ? [...others, ...event.renamed.map((one) => ({ ...one, operation }))] : others,
  };
}
