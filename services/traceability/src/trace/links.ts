import { count, union, type SerialRange } from '@lotwarden/platform/serial-range';
import { toExact } from '../balance/exact.ts';
import type { Genealogy } from '../genealogy/genealogy.ts';
import type { Certainty, EdgeKind, InputLine, Operation, OperationLine } from '../genealogy/model.ts';
import { meant, members, operationAt } from '../genealogy/nodes.ts';

/** What of a lot came out of an operation, after placeholders are resolved and movements of serials are taken in. */
export interface Output {
  readonly lot: number;
  readonly serials: readonly SerialRange[];
  /** false: nobody said of some units which they are. */
  readonly allKnown: boolean;
}

/** What of a lot went into an operation. */
export interface Link extends Output {
  readonly edge: EdgeKind;
  readonly certainty: Certainty;
}

/** What stands that went into an operation; a movement of serials counts as a scanned input. */
export function inputsOf(graph: Genealogy, operation: Operation): Link[] {
  const moved = operation.moves.flatMap(({ from, ranges }) =>
    meant(graph, from).map((lot) => ({ lot, serials: ranges, ...SCANNED })),
  );
  const stated = operation.inputs.flatMap((line) => meant(graph, line.lot).map((lot) => ({ line, lot })));
  return [
    ...stated.map(({ line, lot }) => {
      const { edge, certainty } = line;
      const extra = moved.filter((move) => move.lot === lot).flatMap(({ serials }) => [...serials]);
      const serials = union(line.serials, extra);
      return {
        lot,
        edge,
        certainty,
        serials,
        allKnown: areAllKnown(serials, () => goneInto(graph, operation, line, lot)),
      };
    }),
    ...moved.filter(({ lot }) => !stated.some((one) => one.lot === lot)),
  ];
}

/** What came out of an operation, with those units that serialization moved because of it. */
export function outputsOf(graph: Genealogy, operation: Operation): Output[] {
  const found = new Map<number, SerialRange[]>();
  const lines = [...operation.outputs, ...operation.moves.map(({ to, ranges }) => ({ lot: to, serials: ranges }))];
  for (const line of lines)
    for (const lot of meant(graph, line.lot)) found.set(lot, union(found.get(lot) ?? [], line.serials));
  return [...found].map(([lot, serials]) => {
    const cameOut = () => [...byUnit(linesOf(graph, operation.outputs, lot)).values()].reduce((sum, n) => sum + n, 0n);
    return { lot, serials, allKnown: areAllKnown(serials, cameOut) };
  });
}

const areAllKnown = (serials: readonly SerialRange[], amount: () => bigint): boolean =>
  serials.length > 0 && BigInt(count(serials)) * ONE >= amount();

const ONE = toExact('1');

/** How much of an input did not come back to its own lot. */
function goneInto(graph: Genealogy, { outputs }: Operation, { quantity, edge }: InputLine, lot: number): bigint {
  const back = isUsedUp({ edge }) ? byUnit(linesOf(graph, outputs, lot)).get(quantity.unit) : 0n;
  return toExact(quantity.value) - (back ?? 0n);
}

/** Does the operation put more into the lot than it took from it? Otherwise nothing came into the lot by it. */
export function bringsInto(graph: Genealogy, { inputs, outputs, moves }: Operation, lot: number): boolean {
  const taken = byUnit(linesOf(graph, inputs.filter(isUsedUp), lot));
  const given = [...byUnit(linesOf(graph, outputs, lot))];
  return (
    given.some(([unit, amount]) => amount > (taken.get(unit) ?? 0n)) ||
    moves.some(({ to }) => meant(graph, to).includes(lot))
  );
}

/** A load that exposes, or a box, is not used up by what it held. */
export const isUsedUp = ({ edge }: Pick<InputLine, 'edge'>): boolean => edge === 'material' || edge === 'installed';

const linesOf = (graph: Genealogy, lines: readonly OperationLine[], lot: number): OperationLine[] =>
  lines.filter((line) => meant(graph, line.lot).includes(lot));

function byUnit(lines: readonly OperationLine[]): Map<string, bigint> {
  const amounts = new Map<string, bigint>();
  for (const { quantity } of lines)
    amounts.set(quantity.unit, (amounts.get(quantity.unit) ?? 0n) + toExact(quantity.value));
  return amounts;
}

const SCANNED = { edge: 'material', certainty: 'scanned', allKnown: true } as const;

/** Operations that stand and gave to the lot, in the order of their ids. */
export const producersOf = (graph: Genealogy, lot: number): Operation[] =>
  operationsOf(
    graph,
    members(graph, lot).flatMap(({ producedBy }) => producedBy),
  );

function operationsOf(graph: Genealogy, indexes: readonly number[]): Operation[] {
  return [...new Set(indexes)]
    .map((index) => operationAt(graph, index))
    .filter(({ voided }) => !voided)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Every unit that was ever in the lot. */
export const everIn = (graph: Genealogy, lot: number): SerialRange[] =>
  union(
    members(graph, lot).flatMap(({ serials }) => [...serials.ever]),
    [],
  );
