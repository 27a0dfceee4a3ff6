import type { OperationInput, OperationOutput, SerialRange } from '@lotwarden/contracts/events';
import { count, intersect, normalise, subtract, union } from '@lotwarden/platform/serial-range';
import type { Desk } from './desk.ts';
import type { Flows } from './followed-operation.ts';

/** The product of a lot; null where it is not known. */
export type ProductOf = (lot: string) => string | null;

/** Exposure and containment leave a unit what it is, where it is; what only may have been used took nothing along. */
export const carriesUnits = ({ edge, certainty }: OperationInput): boolean =>
  edge !== 'exposure' && edge !== 'containment' && certainty !== 'possible' && certainty !== 'gap-assumed';

const KEEPING_UNITS: ReadonlySet<string> = new Set(['rework', 'repair', 'split', 'merge']);

/** Taken apart, or known under another identifier from now on: the serials that went in and do not come out end here. */
export const ENDING_UNITS: ReadonlySet<string> = new Set(['unbuild', 'relabel', 'field-relabel']);

/** Units go on under their serials in a lot of the same product; where a lot is not described yet, the kind decides. */
export const goesOn = ({ kind }: Flows, input: string | null, output: string | null): boolean =>
  input === null || output === null ? KEEPING_UNITS.has(kind ?? '') : input === output;

/**
 * Of these units, those that may have left the lot by this operation. A unit that an input names comes from that lot and
 * no other, wherever it seems to be now: how it got there may not have been heard yet.
 */
export function leaves({ inputs }: Flows, lot: string, units: readonly SerialRange[]): SerialRange[] {
  const carrying = inputs.filter(carriesUnits);
  const own = carrying.filter((input) => input.lot === lot);
  const names = (flows: readonly OperationInput[]): SerialRange[] => flows.flatMap(({ serials }) => serials);
  if (own.length > 0 && own.every(({ serials }) => serials.length > 0)) return intersect(units, names(own));
  return subtract(units, names(carrying.filter((input) => input.lot !== lot)));
}

/**
 * Named serials go where the output names them; an output of a split or rework that names none gets its share from the
 * end of what the input has: serials must never stay behind in a lot that the goods have left. A share is only taken for
 * what was just reported: units that were without serials at the time may have got theirs since.
 */
export function moveUnits(desk: Desk, told: Flows, fresh: Flows, productOf: ProductOf): void {
  const inputs = byLot(told.inputs.filter(carriesUnits));
  const outputs = byLot(told.outputs);
  const named = outputs.flatMap(({ serials }) => serials);
  const isFresh = (input: string, output: string): boolean =>
    fresh.inputs.some(({ lot }) => lot === input) || fresh.outputs.some(({ lot }) => lot === output);
  const leaving = (lot: string): number =>
    (inputs.find((share) => share.lot === lot)?.units ?? 0) - staying(lot, inputs, outputs) - desk.movedFrom(lot);

  for (const output of outputs)
    for (const { lot } of inputs) {
      const units = lot === output.lot ? [] : leaves(told, lot, output.serials);
      const here = subtract(intersect(desk.of(lot), units), desk.accounted());
      if (here.length > 0) desk.move({ from: lot, to: output.lot, ranges: here });
    }
  for (const output of outputs.filter(({ serials }) => serials.length === 0))
    for (const { lot, serials } of inputs) {
      if (lot === output.lot || !isFresh(lot, output.lot) || !goesOn(told, productOf(lot), productOf(output.lot)))
        continue;
      const wanted = output.units - staying(output.lot, inputs, outputs) - desk.movedTo(output.lot);
      const pool = serials.length > 0 ? intersect(desk.of(lot), serials) : desk.of(lot);
      const share = takeLast(subtract(pool, [...named, ...desk.accounted()]), Math.min(wanted, leaving(lot)));
      if (share.length > 0) desk.move({ from: lot, to: output.lot, ranges: share });
    }
}

interface Share {
  readonly lot: string;
  readonly units: number;
  readonly serials: readonly SerialRange[];
}

function byLot(flows: readonly OperationOutput[]): Share[] {
  const shares = new Map<string, Share>();
  for (const { lot, quantity, serials } of flows) {
    const { units = 0, serials: before = [] } = shares.get(lot) ?? {};
    shares.set(lot, { lot, units: units + Math.floor(Number(quantity.value)), serials: union(before, serials) });
  }
  return [...shares.values()];
}

/** What of a lot goes in and comes out under the same name: the parent of a split keeps its identity. */
function staying(lot: string, inputs: readonly Share[], outputs: readonly Share[]): number {
  const [into, out] = [inputs, outputs].map((shares) => shares.find((share) => share.lot === lot)?.units ?? 0);
  return Math.min(into ?? 0, out ?? 0);
}

/** Units that went in without being named: the last ones by number are taken. */
function takeLast(ranges: readonly SerialRange[], n: number): SerialRange[] {
  const taken: SerialRange[] = [];
  let open = n;
  for (const range of normalise(ranges).reverse()) {
    if (open <= 0) break;
    const first = Math.max(range.first, range.last - open + 1);
    taken.push({ ...range, first });
    open -= range.last - first + 1;
  }
  return normalise(taken);
}

/** Units scrapped: named, or else all that went in by name and did not come out, if that is as many. */
export function unitsScrapped({ lot, quantity, serials }: OperationOutput, told: Flows): readonly SerialRange[] {
  if (serials.length > 0) return serials;
  const into = told.inputs.filter((input) => input.lot === lot).flatMap((input) => input.serials);
  const missing = subtract(
    into,
    told.outputs.flatMap((output) => output.serials),
  );
  return String(count(missing)) === quantity.value ? missing : [];
}
