import { union, type SerialRange } from '@lotwarden/platform/serial-range';
import type { Certainty, EdgeKind, Genealogy, Operation } from '../genealogy/genealogy.ts';
import { lotAt, meant, members, operationAt } from '../genealogy/nodes.ts';

/** A lot on one side of an operation, after placeholders are resolved and movements of serials are taken in. */
export interface Link {
  readonly lot: number;
  readonly edge: EdgeKind;
  readonly certainty: Certainty;
  readonly serials: readonly SerialRange[];
}

/** What stands that went into an operation; a movement of serials counts as a scanned input. */
export function inputsOf(graph: Genealogy, operation: Operation): Link[] {
  const moved = operation.moves.map(({ from, ranges }) => ({ lot: from, serials: ranges, ...SCANNED }));
  const stated = operation.inputs.map(({ lot, edge, certainty, serials }) => ({ lot, edge, certainty, serials }));
  const named = new Set(stated.flatMap(({ lot }) => meant(graph, lot)));
  const extra = (lot: number): SerialRange[] =>
    moved.filter((move) => meant(graph, move.lot).includes(lot)).flatMap(({ serials }) => [...serials]);
  return [
    ...stated.flatMap((link) =>
      meant(graph, link.lot).map((lot) => ({ ...link, lot, serials: union(link.serials, extra(lot)) })),
    ),
    ...moved
      .flatMap((link) => meant(graph, link.lot).map((lot) => ({ ...link, lot })))
      .filter((l) => !named.has(l.lot)),
  ];
}

/** What came out of an operation; where it named no serials, those that serialization moved because of it. */
export function outputsOf(graph: Genealogy, operation: Operation): Omit<Link, 'edge' | 'certainty'>[] {
  const found = new Map<number, SerialRange[]>();
  const lines = [...operation.outputs, ...operation.moves.map(({ to, ranges }) => ({ lot: to, serials: ranges }))];
  for (const line of lines)
    for (const lot of meant(graph, line.lot)) found.set(lot, union(found.get(lot) ?? [], line.serials));
  return [...found].map(([lot, serials]) => ({ lot, serials }));
}

const SCANNED = { edge: 'material', certainty: 'scanned' } as const;

/** Operations that stand and took from the lot, in the order of their ids. */
export const consumersOf = (graph: Genealogy, lot: number): Operation[] =>
  operationsOf(
    graph,
    members(graph, lot).flatMap(({ consumedBy }) => consumedBy),
  );

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

export const idOf = (graph: Genealogy, lot: number): string => lotAt(graph, lot).id;
