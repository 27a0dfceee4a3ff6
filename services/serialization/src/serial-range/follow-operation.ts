import type { OperationInput, OperationOutput, SerialRange } from '@lotwarden/contracts/events';
import { count, intersect, normalise, subtract } from '@lotwarden/platform/serial-range';

/** Serials that change their lot, or are scrapped, because of an operation. */
export interface SerialMove {
  readonly from: string;
  readonly to: string;
  readonly ranges: readonly SerialRange[];
}

interface OperationFlows {
  readonly inputs: readonly OperationInput[];
  readonly outputs: readonly OperationOutput[];
  readonly scrap: readonly OperationOutput[];
}

/** The serials of a lot as they are before the operation. */
export type SerialsOf = (lot: string) => readonly SerialRange[];

/**
 * Which serials follow the material. Named serials go where the output names them; where an output of a split or
 * rework names none, its share is carved from the end of what the input has, and says so by being returned like any
 * other move: serials must never stay behind in a lot that the goods have left.
 */
export function serialMoves({ inputs, outputs }: OperationFlows, serialsOf: SerialsOf): SerialMove[] {
  const moves: SerialMove[] = [];
  const left = new Map(inputs.map((input) => [input.lot, normalise(serialsOf(input.lot))]));
  for (const output of outputs) {
    for (const input of inputs.filter((i) => i.lot !== output.lot)) {
      const available = left.get(input.lot) ?? [];
      const wanted = output.serials.length > 0 ? intersect(available, output.serials) : carve(input, output, available);
      if (wanted.length === 0) continue;
      moves.push({ from: input.lot, to: output.lot, ranges: wanted });
      left.set(input.lot, subtract(available, wanted));
    }
  }
  return moves;
}

/** Serials scrapped in the operation, by the lot that has them. */
export const scrappedSerials = ({ scrap }: OperationFlows, serialsOf: SerialsOf): Omit<SerialMove, 'to'>[] =>
  scrap
    .map(({ lot, serials }) => ({ from: lot, ranges: intersect(serialsOf(lot), serials) }))
    .filter(({ ranges }) => ranges.length > 0);

/** Units that went in without being named, of which the last ones by number are taken. */
function carve(input: OperationInput, output: OperationOutput, available: readonly SerialRange[]): SerialRange[] {
  const from = input.serials.length > 0 ? intersect(available, input.serials) : available;
  return takeLast(from, Math.min(Number(output.quantity.value), Number(input.quantity.value), count(from)));
}

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
