import { offsetOf, pieceOf, placeIn, placeRow, type Arena } from '../packed/arena.ts';
import { forgetOperation, forgetRelatives } from './edge-rows.ts';
import type { Genealogy } from './genealogy.ts';
import { CONSUMED, eachLinked, PRODUCED } from './links.ts';
import { HAS_PLACEHOLDERS, STANDS } from './node-stores.ts';
import { PLAIN, VOIDED } from './operation-form.ts';
import { lotFlags, readLots, unitsEver } from './structure.ts';

/**
 * Lot → lots made of it (`children`), and those it was made of (`parents`), without the operations between them: what only
 * asks how far a lot reaches need not step over them. Kept until one of these operations or the lot changes.
 */
export type Side = 'children' | 'parents';

/** In place of a row's header: not all operations between are plain, or there are too many lots; ask the operations. */
export const ASK_OPERATIONS = 0x80000000;

/** A row is how many relatives, how many units were ever in the lot, then the relatives. */
export const UNITS = 1;
export const FIRST = 2;

/** Above so many each lot would be named again and again: a hundred inputs times a hundred outputs. */
const MOST_RELATIVES = 256;
const MOST_UNITS = 2 ** 32;

/** Where a lot's row is. */
export const relativesRow = (graph: Genealogy, side: Side, lot: number): number =>
  placeIn(graph.edges[side], lot) || writeRelatives(graph, side, lot);

function writeRelatives(graph: Genealogy, side: Side, lot: number): number {
  const { [side]: arena, reader } = graph.edges;
  const lots: number[] = [];
  const found = { isPlain: (lotFlags(graph, lot) & (STANDS | HAS_PLACEHOLDERS)) === 0, named: 0 };
  const look = (one: number, isOnward: boolean): void => {
    if ((lotFlags(graph, one) & STANDS) > 0) found.isPlain = false;
    else if (!isOnward) found.named += one === lot ? 1 : 0;
    else if (lots.length <= MOST_RELATIVES && !lots.includes(one)) lots.push(one);
  };
  const take = {
    input: (one: number) => look(one, side === 'parents'),
    output: (one: number) => look(one, side === 'children'),
  };
  eachLinked(graph.links, lot, side === 'children' ? CONSUMED : PRODUCED, (operation) => {
    if (!found.isPlain || lots.length > MOST_RELATIVES) return;
    found.named = 0;
    const flags = readLots(graph, operation, take, reader);
    // A row must be forgotten when its operation changes: that is found by the lots which the operation names.
    if ((flags & PLAIN) === 0 || (flags & VOIDED) > 0 || found.named === 0) found.isPlain = false;
  });
  const units = unitsEver(graph, lot);
  return found.isPlain && lots.length <= MOST_RELATIVES && units < MOST_UNITS
    ? write(arena, lot, [lots.length, units, ...lots])
    : write(arena, lot, [ASK_OPERATIONS]);
}

/** A row begins with its header, for which the arena has room beside what is asked for. */
function write(arena: Arena, lot: number, [header = 0, ...rest]: readonly number[]): number {
  const place = placeRow(arena, lot, rest.length);
  const [piece, offset] = [pieceOf(arena, place), offsetOf(place)];
  piece[offset] = header;
  piece.set(rest, offset + 1);
  return place;
}

/** Before an operation changes: neither it nor what its lots say of each other counts any more. */
export function forgetBetween(graph: Genealogy, operation: number): void {
  const { edges } = graph;
  forgetOperation(edges, operation);
  // Nobody has asked yet, or it is new.
  if (edges.children.filled + edges.parents.filled === 0 || operation >= graph.operations.size) return;
  const forget = (lot: number): void => forgetRelatives(edges, lot);
  readLots(graph, operation, { input: forget, output: forget }, edges.reader);
}
