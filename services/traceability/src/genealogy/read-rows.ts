import { offsetOf, pieceOf, placeIn, placeRow, type Arena } from '../packed/arena.ts';
import type { Genealogy } from './genealogy.ts';
import { CONSUMED, eachLinked, PRODUCED } from './links.ts';
import { HAS_PLACEHOLDERS, STANDS } from './node-stores.ts';
import { PLAIN, VOIDED } from './operation-form.ts';
import { lotFlags, readLots } from './structure.ts';

/** Bits of an operation's header: VOIDED and PLAIN, then the numbers of its lines. */
const MOST_LINES = 0x3fff;
export const inputsIn = (header: number): number => (header >>> 3) & MOST_LINES;
export const outputsIn = (header: number): number => (header >>> 17) & MOST_LINES;

/** A lot and, of an input, its mark in one number. */
const LOT_BITS = 27;
const LOTS = 1 << LOT_BITS;
export const lotIn = (line: number): number => line & (LOTS - 1);
export const markIn = (line: number): number => line >>> LOT_BITS;

/** In a lot's header: placeholders turned out to be it, so that its operations are theirs too. */
export const HAS_MEMBERS = 0x80000000;
export const countIn = (header: number): number => header & 0x7fffffff;

/** Where an operation's row is. */
export const operationRow = (graph: Genealogy, index: number): number =>
  placeIn(graph.edges.operations, index) || writeOperation(graph, index);

/** Where a lot's row is. */
export const lotRow = (graph: Genealogy, side: 'consumers' | 'producers', index: number): number =>
  placeIn(graph.edges[side], index) || writeLot(graph, side, index);

function writeLot(graph: Genealogy, side: 'consumers' | 'producers', index: number): number {
  const operations: number[] = [];
  eachLinked(graph.links, index, side === 'consumers' ? CONSUMED : PRODUCED, (one) => operations.push(one));
  const hasMembers = (lotFlags(graph, index) & HAS_PLACEHOLDERS) > 0;
  return write(graph.edges[side], index, operations.length | (hasMembers ? HAS_MEMBERS : 0), operations);
}

function writeOperation(graph: Genealogy, index: number): number {
  const { operations, reader } = graph.edges;
  const inputs: number[] = [];
  const outputs: number[] = [];
  const met = { standsForAnother: false };
  const look = (lot: number): void => {
    if (lot >= LOTS || (lotFlags(graph, lot) & STANDS) > 0) met.standsForAnother = true;
  };
  const take = {
    input: (lot: number, mark: number) => {
      look(lot);
      inputs.push(lot + (mark & 31) * LOTS);
    },
    output: (lot: number) => {
      look(lot);
      outputs.push(lot);
    },
  };
  const flags = readLots(graph, index, take, reader);
  const isPlain =
    (flags & PLAIN) > 0 && !met.standsForAnother && inputs.length <= MOST_LINES && outputs.length <= MOST_LINES;
  if (!isPlain || (flags & VOIDED) > 0) return write(operations, index, flags & VOIDED, []);
  return write(operations, index, PLAIN | (inputs.length << 3) | (outputs.length << 17), [...inputs, ...outputs]);
}

function write(arena: Arena, index: number, header: number, numbers: readonly number[]): number {
  const place = placeRow(arena, index, numbers.length);
  const [piece, offset] = [pieceOf(arena, place), offsetOf(place)];
  piece[offset] = header;
  for (let at = 0; at < numbers.length; at++) piece[offset + 1 + at] = numbers[at] ?? 0;
  return place;
}
