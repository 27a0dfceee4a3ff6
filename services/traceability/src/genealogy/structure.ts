import type { Reader } from '../packed/bytes.ts';
import type { Genealogy } from './genealogy.ts';
import { markOf } from './marks.ts';
import { flagsOf, MANY_UNITS, unitsIn } from './node-stores.ts';
import { flagsOf as flagsOfOperation, readHead, type OperationLots } from './operation-form.ts';

/** What a walk reads: numbers only, straight from the packed nodes; objects are asked only where there is one anyway. */

/** STANDS, HAS_PLACEHOLDERS, HAS_CUSTODY of node-stores.ts. */
export function lotFlags({ lots, lotColumns }: Genealogy, lot: number): number {
  const hot = lots.hot(lot);
  return hot ? flagsOf(hot) : lotColumns.flags.get(lot);
}

/** How many units were ever in this node of a lot. */
export function unitsEver(graph: Genealogy, lot: number): number {
  const { lots, lotColumns } = graph;
  const hot = lots.hot(lot);
  if (hot) return unitsIn(hot);
  const units = lotColumns.units.get(lot);
  const whole = units < MANY_UNITS ? undefined : lots.at(lot);
  return whole ? unitsIn(whole) : units;
}

/** Hands over the lots of an operation's lines, as they were mentioned; returns its flags: VOIDED, PLAIN. */
export function readLots({ operations }: Genealogy, operation: number, lots: OperationLots, reader: Reader): number {
  const hot = operations.hot(operation);
  if (!hot) {
    if (!operations.locate(operation, reader)) throw new RangeError(`no operation has the number ${operation}`);
    return readHead(reader, lots);
  }
  for (const { lot, edge, certainty } of hot.inputs) lots.input(lot, markOf(edge, certainty));
  for (const { lot } of hot.outputs) lots.output(lot);
  return flagsOfOperation(hot);
}

/** Bytes of a packed operation that a walk reads; 0 for one that is an object. */
export function headBytes({ operations }: Genealogy, operation: number): number {
  const reader: Reader = { bytes: new Uint8Array(0), at: 0, self: '' };
  if (operations.hot(operation) || !operations.locate(operation, reader)) return 0;
  const start = reader.at;
  readHead(reader, NOTHING);
  return reader.at - start;
}

const NOTHING: OperationLots = { input: () => undefined, output: () => undefined };
