import { subtract } from '@lotwarden/platform/serial-range';
import type { Genealogy } from './genealogy.ts';
import type { Operation } from './model.ts';
import { pushOnce } from './nodes.ts';

/** Kinds of operations on units that go on as themselves, and that parts may be taken out of. */
export const TAKES_OUT: ReadonlySet<string> = new Set(['repair', 'rework']);

/**
 * Notes of which lots the operation may have taken parts out again, named by serial; whether it did is seen when asked. Units
 * that only go on are no parts, and there are many: they are not noted. Nothing is a part before it is known which units went in.
 */
export function noteTakenOut({ takenOut }: Genealogy, { index, head, inputs, moves, scrap, outputs }: Operation): void {
  if (head === null || !TAKES_OUT.has(head.kind)) return;
  const came = [...inputs.flatMap(({ serials }) => [...serials]), ...moves.flatMap(({ ranges }) => [...ranges])];
  for (const { lot, serials } of came.length === 0 ? [] : [...scrap, ...outputs]) {
    if (subtract(serials, came).length === 0) continue;
    const known = takenOut.get(lot) ?? [];
    pushOnce(known, index);
    takenOut.set(lot, known);
  }
}
