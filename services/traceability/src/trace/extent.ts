import type { Genealogy } from '../genealogy/genealogy.ts';
import { PLAIN, VOIDED } from '../genealogy/operation-form.ts';
import { countIn, HAS_MEMBERS, inputsIn, lotIn, lotRow, operationRow, outputsIn } from '../genealogy/read-rows.ts';
import { STANDS } from '../genealogy/node-stores.ts';
import { ASK_OPERATIONS, FIRST, relativesRow, UNITS, type Side } from '../genealogy/relatives.ts';
import { lotFlags } from '../genealogy/structure.ts';
import { offsetOf, pieceOf, placeIn } from '../packed/arena.ts';
import type { Direction } from './propagation.ts';
import { totalsOf, unitsEverIn } from './totals.ts';
import { tracing } from './trace.ts';
import { SLICE, type Pausing, type Start } from './walk.ts';

/** How large a scope is. */
export interface Extent {
  readonly lots: number;
  /** Operations from the nearest root to the lot that is farthest from them. */
  readonly hops: number;
  /** Units that were ever in these lots, or of those affected in part. */
  readonly units: number;
}

/** Which numbers were met, as bits, and the lots in the order in which they were; kept from question to question. */
export interface ExtentRoom {
  lots: Uint32Array;
  operations: Uint32Array;
  queue: Int32Array;
  passed: Int32Array;
}

export const createExtentRoom = (): ExtentRoom => ({
  lots: new Uint32Array(0),
  operations: new Uint32Array(0),
  queue: new Int32Array(1024),
  passed: new Int32Array(1024),
});

/**
 * How many lots these affect (forward), or may have affected them (back): the same lots as a trace finds, but not by which
 * path, how surely, or with which units. Where all that is met is plain (whole lots, material, nothing that depends on
 * single units) their numbers are all it takes; else it is counted by tracing.
 *
 * @param rooms those that no other question works in at the moment; taken from, and given back
 */
export function* extentOf(
  graph: Genealogy,
  starts: readonly Start[],
  direction: Direction,
  rooms: ExtentRoom[],
): Pausing<Extent> {
  if (starts.every(({ lot, units }) => units === 'all' && (lotFlags(graph, lot) & STANDS) === 0)) {
    const room = rooms.pop() ?? createExtentRoom();
    const found = yield* plainExtent(graph, starts, direction, room);
    rooms.push(room);
    if (found) return found;
  }
  const traced = yield* tracing(graph, starts, { direction });
  const { hops, units } = yield* totalsOf(graph, traced);
  return { lots: traced.reached.places.size, hops, units };
}

/** How far the counting has come. */
interface Progress {
  /** Place in the queue of who comes next, where his level ends, and how many were met. */
  next: number;
  end: number;
  size: number;
  hops: number;
  units: number;
  /** So many lines more before others have their turn. */
  left: number;
}

/** undefined: something on the way is not plain. The room is clean again afterwards, also when nobody waits any more. */
function* plainExtent(
  graph: Genealogy,
  starts: readonly Start[],
  direction: Direction,
  room: ExtentRoom,
): Pausing<Extent | undefined> {
  const side = direction === 'forward' ? 'children' : 'parents';
  const progress: Progress = { next: 0, end: 0, size: 0, hops: 0, units: 0, left: SLICE };
  let passed = 0;
  const meet = (lot: number): void => {
    if (!addBit(room.lots, lot)) return;
    if (progress.size === room.queue.length) room.queue = twice(room.queue);
    room.queue[progress.size++] = lot;
  };
  const pass = (operation: number): boolean => {
    room.operations = roomFor(room.operations, operation);
    if (!addBit(room.operations, operation)) return false;
    if (passed === room.passed.length) room.passed = twice(room.passed);
    room.passed[passed++] = operation;
    return true;
  };
  try {
    room.lots = roomFor(room.lots, graph.lotIds.size);
    for (const { lot } of starts) meet(lot);
    progress.end = progress.size;
    while (countOn(graph, side, room, progress)) {
      if (progress.left > 0) {
        const lot = room.queue[progress.next++] ?? 0;
        const lines = meetOverOperations(graph, direction, lot, { meet, pass });
        if (lines < 0) return undefined;
        progress.left -= lines;
        progress.units += unitsEverIn(graph, lot) ?? 0;
        continue;
      }
      yield;
      // The graph may have grown meanwhile.
      room.lots = roomFor(room.lots, graph.lotIds.size);
      progress.left = SLICE;
    }
    return { lots: progress.size, hops: progress.hops, units: progress.units };
  } finally {
    clear(room.lots, room.queue, progress.size);
    clear(room.operations, room.passed, passed);
  }
}

/**
 * From lot to lot as long as rows tell where: no calls, and everything in variables of its own, since this is all that a plain
 * extent costs. False when all were gone through; else the turn is over, or the next one has to be asked of its operations.
 */
function countOn(graph: Genealogy, side: Side, room: ExtentRoom, progress: Progress): boolean {
  const arena = graph.edges[side];
  const { lots } = room;
  let { queue } = room;
  let { next, end, size, hops, units, left } = progress;
  let isOver = true;
  for (; next < size; next++) {
    if (next === end) {
      hops += 1;
      end = size;
    }
    const from = queue[next] ?? 0;
    const place = placeIn(arena, from) || relativesRow(graph, side, from);
    const row = pieceOf(arena, place);
    const begin = offsetOf(place);
    const relatives = row[begin] ?? 0;
    if (relatives === ASK_OPERATIONS || left <= 0) {
      isOver = false;
      break;
    }
    units += row[begin + UNITS] ?? 0;
    left -= 1 + relatives;
    while (size + relatives > queue.length) room.queue = queue = twice(queue);
    for (let at = begin + FIRST, last = at + relatives; at < last; at++) {
      const lot = row[at] ?? 0;
      const word = lots[lot >>> 5] ?? 0;
      const bit = 1 << (lot & 31);
      if ((word & bit) !== 0) continue;
      lots[lot >>> 5] = word | bit;
      queue[size++] = lot;
    }
  }
  Object.assign(progress, { next, end, size, hops, units, left } satisfies Progress);
  return !isOver;
}

interface Meeting {
  readonly meet: (lot: number) => void;
  /** False if it was gone through before. */
  readonly pass: (operation: number) => boolean;
}

/** From a lot whose operations stand between too many others; how many lines that were, -1: something is not plain. */
function meetOverOperations(graph: Genealogy, direction: Direction, lot: number, { meet, pass }: Meeting): number {
  const side = direction === 'forward' ? 'consumers' : 'producers';
  const place = lotRow(graph, side, lot);
  const [row, begin] = [pieceOf(graph.edges[side], place), offsetOf(place)];
  const header = row[begin] ?? 0;
  if ((header & HAS_MEMBERS) !== 0) return -1;
  const last = begin + countIn(header);
  let read = 1;
  for (let each = begin + 1; each <= last; each++) {
    const operation = row[each] ?? 0;
    const there = operationRow(graph, operation);
    const [lines, from] = [pieceOf(graph.edges.operations, there), offsetOf(there)];
    const form = lines[from] ?? 0;
    if ((form & VOIDED) !== 0) continue;
    if ((form & PLAIN) === 0) return -1;
    const middle = from + 1 + inputsIn(form);
    const end = middle + outputsIn(form);
    const [own, ownEnd, line, lineEnd] = direction === 'forward' ? [from + 1, middle, middle, end] : [middle, end, from + 1, middle]; // prettier-ignore
    // A later record of the operation may no longer name the lot.
    if (!isAmong(lines, lot, own, ownEnd) || !pass(operation)) continue;
    for (let at = line; at < lineEnd; at++) meet(lotIn(lines[at] ?? 0));
    read += 1 + end - from;
  }
  return read;
}

function isAmong(lines: Uint32Array, lot: number, from: number, end: number): boolean {
  for (let at = from; at < end; at++) if (lotIn(lines[at] ?? 0) === lot) return true;
  return false;
}

/** False if it was there. */
function addBit(bits: Uint32Array, number: number): boolean {
  const word = bits[number >>> 5] ?? 0;
  const bit = 1 << (number & 31);
  bits[number >>> 5] = word | bit;
  return (word & bit) === 0;
}

function clear(bits: Uint32Array, numbers: Int32Array, size: number): void {
  for (let at = 0; at < size; at++) bits[(numbers[at] ?? 0) >>> 5] = 0;
}

function roomFor(bits: Uint32Array, numbers: number): Uint32Array {
  const words = (numbers >>> 5) + 1;
  if (words <= bits.length) return bits;
  const more = new Uint32Array(Math.max(words, 2 * bits.length));
  more.set(bits);
  return more;
}

function twice(numbers: Int32Array): Int32Array {
  const more = new Int32Array(2 * numbers.length);
  more.set(numbers);
  return more;
}
