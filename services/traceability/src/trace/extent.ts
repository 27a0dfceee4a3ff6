import type { Genealogy } from '../genealogy/genealogy.ts';
import { PLAIN, VOIDED } from '../genealogy/operation-form.ts';
import { countIn, HAS_MEMBERS, inputsIn, lotIn, lotRow, operationRow, outputsIn } from '../genealogy/read-rows.ts';
import { STANDS } from '../genealogy/node-stores.ts';
import { lotFlags } from '../genealogy/structure.ts';
import { offsetOf, pieceOf } from '../packed/arena.ts';
import type { Direction } from './propagation.ts';
import { tracing } from './trace.ts';
import { SLICE, type Pausing, type Start } from './walk.ts';

/** How large a scope is. */
export interface Extent {
  readonly lots: number;
  /** Operations from the nearest root to the lot that is farthest from them. */
  readonly hops: number;
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
  const { reached, paths } = yield* tracing(graph, starts, { direction });
  let hops = 0;
  for (let place = 0; place < reached.places.size; place++) hops = Math.max(hops, paths.shortest.hops[place] ?? 0);
  return { lots: reached.places.size, hops };
}

/** undefined: something on the way is not plain. The room is clean again afterwards, also when nobody waits any more. */
function* plainExtent(
  graph: Genealogy,
  starts: readonly Start[],
  direction: Direction,
  room: ExtentRoom,
): Pausing<Extent | undefined> {
  room.lots = roomFor(room.lots, graph.lotIds.size);
  room.operations = roomFor(room.operations, graph.operationIds.size);
  const side = direction === 'forward' ? 'consumers' : 'producers';
  let [size, passedSize] = [0, 0];
  const meet = (lot: number): void => {
    const word = lot >>> 5;
    // The graph may have grown while this paused.
    if (word >= room.lots.length) room.lots = roomFor(room.lots, lot + 1);
    const before = room.lots[word] ?? 0;
    const after = before | (1 << (lot & 31));
    if (before === after >>> 0) return;
    room.lots[word] = after;
    if (size === room.queue.length) room.queue = twice(room.queue);
    room.queue[size++] = lot;
  };
  const pass = (operation: number): boolean => {
    const word = operation >>> 5;
    if (word >= room.operations.length) room.operations = roomFor(room.operations, operation + 1);
    const before = room.operations[word] ?? 0;
    const after = before | (1 << (operation & 31));
    if (before === after >>> 0) return false;
    room.operations[word] = after;
    if (passedSize === room.passed.length) room.passed = twice(room.passed);
    room.passed[passedSize++] = operation;
    return true;
  };
  try {
    for (const { lot } of starts) meet(lot);
    let hops = 0;
    let left = SLICE;
    for (let [at, end] = [0, size]; at < size; at++) {
      if (at === end) {
        hops += 1;
        end = size;
      }
      const lot = room.queue[at] ?? 0;
      const place = lotRow(graph, side, lot);
      const [row, begin] = [pieceOf(graph.edges[side], place), offsetOf(place)];
      const header = row[begin] ?? 0;
      if ((header & HAS_MEMBERS) !== 0) return undefined;
      const last = begin + countIn(header);
      for (let each = begin + 1; each <= last; each++) {
        const operation = row[each] ?? 0;
        if (!pass(operation)) continue;
        const there = operationRow(graph, operation);
        const [lines, from] = [pieceOf(graph.edges.operations, there), offsetOf(there)];
        const form = lines[from] ?? 0;
        if ((form & VOIDED) !== 0) continue;
        if ((form & PLAIN) === 0) return undefined;
        const [inputs, outputs] = [inputsIn(form), outputsIn(form)];
        if (direction === 'forward')
          for (let line = from + 1 + inputs, to = line + outputs; line < to; line++) meet(lines[line] ?? 0);
        else for (let line = from + 1, to = line + inputs; line < to; line++) meet(lotIn(lines[line] ?? 0));
        left -= 1 + inputs + outputs;
      }
      if (--left > 0) continue;
      yield;
      left = SLICE;
    }
    return { lots: size, hops };
  } finally {
    for (let at = 0; at < size; at++) room.lots[(room.queue[at] ?? 0) >>> 5] = 0;
    for (let at = 0; at < passedSize; at++) room.operations[(room.passed[at] ?? 0) >>> 5] = 0;
  }
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
