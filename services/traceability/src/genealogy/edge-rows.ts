import { createArena, dropRow, type Arena } from '../packed/arena.ts';
import type { Reader } from '../packed/bytes.ts';

/**
 * Edges of what was walked lately, as short rows of numbers, ready to be read: opening a packed node costs several times as
 * much. What changes is forgotten, and everything when there is too much of it.
 */
export interface EdgeRows {
  /** Lot → operations that took from it, and that gave to it. */
  readonly consumers: Arena;
  readonly producers: Arena;
  /** Operation → its input lots with their marks, then its output lots, if numbers suffice. */
  readonly operations: Arena;
  /** Lot → lots that were made of it, and of which it was made, if all operations between them are plain. */
  readonly children: Arena;
  readonly parents: Arena;
  readonly reader: Reader;
  /**
   * How often a placeholder turned out to be a lot, or an operation, a load or what follows from a mount was taken back:
   * whoever is walking must begin anew.
   */
  rewrites: number;
}

/** Numbers of 4 bytes each way: enough for 10^7 lots. */
const MOST_OF_LOTS = 1 << 26;

export const createEdgeRows = (): EdgeRows => ({
  consumers: createArena(),
  producers: createArena(),
  operations: createArena(),
  children: createArena(MOST_OF_LOTS),
  parents: createArena(MOST_OF_LOTS),
  reader: { bytes: new Uint8Array(0), at: 0, self: '' },
  rewrites: 0,
});

export function forgetLot(edges: EdgeRows, index: number): void {
  dropRow(edges.consumers, index);
  dropRow(edges.producers, index);
  forgetRelatives(edges, index);
}

/** Which lots it was made of, and were made of it. */
export function forgetRelatives({ children, parents }: EdgeRows, index: number): void {
  dropRow(children, index);
  dropRow(parents, index);
}

export const forgetOperation = ({ operations }: EdgeRows, index: number): void => dropRow(operations, index);
