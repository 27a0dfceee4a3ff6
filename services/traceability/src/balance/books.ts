import type { Quantity } from '@lotwarden/platform/quantity';
import { intersect, union } from '@lotwarden/platform/serial-range';
import type { Genealogy } from '../genealogy/genealogy.ts';
import type { Lot, Operation, OperationLine } from '../genealogy/model.ts';
import { TOLD_IN_EPCIS } from '../genealogy/told.ts';
import { meant, members, operationAt } from '../genealogy/nodes.ts';
import type { OperationFlow } from './accounts.ts';
import type { Books } from './balance.ts';
import type { GoodsBook, GoodsEntry } from './goods-entry.ts';

/** How much of a line counts. */
export type Counted = (line: Pick<GoodsEntry, 'quantity' | 'serials'> & { readonly book?: GoodsBook }) => Quantity;

/** Everything that was written about a lot and about the placeholders that turned out to be it. */
export function booksOf(graph: Genealogy, lot: Lot, counted?: Counted): Books {
  const nodes = members(graph, lot.index);
  const operations = new Set(
    nodes.flatMap(({ consumedBy, producedBy, scrappedBy }) => [...consumedBy, ...producedBy, ...scrappedBy]),
  );
  return {
    lot: lot.id,
    entries: nodes.flatMap(({ goods }) => (counted ? goods.map((entry) => ({ ...entry, quantity: counted(entry) })) : goods)), // prettier-ignore
    flows: [...operations]
      .map((index) => operationAt(graph, index))
      // What a partner makes of our goods is in his hands: his custody counts it, not our books.
      .filter(({ voided, head }) => !voided && head?.kind !== TOLD_IN_EPCIS)
      .map((operation) => flowOf(graph, operation, lot.index, counted)),
    statusAt: (site, location) =>
      graph.places.get(`${site}|${location}`) === 'quarantine' ? 'quarantine' : statusOf(lot),
  };
}

/** Supplier lots: pending, accepted, rejected. Ours: released, unreleased. */
export const statusOf = ({ acceptance, markets }: Lot): string =>
  acceptance ?? (markets.size > 0 ? 'released' : 'unreleased');

function flowOf(graph: Genealogy, operation: Operation, lot: number, counted?: Counted): OperationFlow {
  const own = (lines: readonly OperationLine[], end?: 'from' | 'to') => {
    const lots = lines.filter((line) => meant(graph, line.lot).includes(lot));
    if (!counted) return lots.map(({ quantity }) => quantity);
    // Units that serialization moved because of it belong to the one line of the lot, if it is the only one.
    const moved = end && lots.length === 1 ? operation.moves.filter((move) => meant(graph, move[end]).includes(lot)) : []; // prettier-ignore
    const more = moved.flatMap(({ ranges }) => [...ranges]);
    return lots.map(({ quantity, serials }) => counted({ quantity, serials: union(serials, more) }));
  };
  // An exposing load or a box is not used up by what it held; what was mounted is counted when it is told.
  const taken = own(
    operation.inputs.filter(({ edge, told }) => told && (edge === 'material' || edge === 'installed')),
    'from',
  );
  return {
    operation: operation.id,
    kind: operation.head?.kind ?? 'unknown',
    source: operation.source,
    taken,
    given: own(operation.outputs, 'to'),
    scrapped: own(operation.scrap),
    comesBack: taken.length === 0 && takesOut(graph, operation, lot) && wasPartOf(graph, operation, lot),
  };
}

/** May what the operation gives to the lot be a part of what went in? Rework gives units too: of it only what has a serial that did not come in. */
export function takesOut(graph: Genealogy, { head, inputs, outputs, moves }: Operation, lot: number): boolean {
  if (head?.kind === 'unbuild' || head?.kind === 'repair') return true;
  if (head?.kind !== 'rework') return false;
  const given = outputs.filter((line) => meant(graph, line.lot).includes(lot)).flatMap(({ serials }) => [...serials]);
  const came = [...inputs.flatMap(({ serials }) => [...serials]), ...moves.flatMap(({ ranges }) => [...ranges])];
  return given.length > 0 && intersect(given, came).length === 0;
}

/** Did the lot go into what the operation takes apart? What a mounted reel gave to it is none of that. */
function wasPartOf(graph: Genealogy, { inputs }: Operation, lot: number): boolean {
  const apart = inputs
    .filter(({ told }) => told)
    .flatMap((line) => meant(graph, line.lot))
    .flatMap((index) => members(graph, index));
  return apart
    .flatMap(({ producedBy }) => [...producedBy])
    .map((index) => operationAt(graph, index))
    .some((made) => !made.voided && made.inputs.some((line) => meant(graph, line.lot).includes(lot)));
}
