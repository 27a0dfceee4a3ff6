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
  readonly reader: Reader;
  /** How often a placeholder turned out to be a lot, or an operation was taken back: whoever is walking must begin anew. */
  rewrites: number;
}

export const createEdgeRows = (): EdgeRows => ({
  consumers: createArena(),
  producers: createArena(),
  operations: createArena(),
  reader: { bytes: new Uint8Array(0), at: 0, self: '' },
  rewrites: 0,
});

export function forgetLot({ consumers, producers }: EdgeRows, index: number): void {
  dropRow(consumers, index);
  dropRow(producers, index);
}

export const forgetOperation = ({ operations }: EdgeRows, index: number): void => dropRow(operations, index);
