import type { Rows } from '../packed/rows.ts';
import { forgetLot, type EdgeRows } from './edge-rows.ts';

/** What of the graph tells which operation had to do with which lot. */
interface Linking {
  readonly links: Rows;
  readonly edges: EdgeRows;
}

/** What an operation did with a lot. */
export const CONSUMED = 0;
export const PRODUCED = 1;
export const SCRAPPED = 2;
export type Side = typeof CONSUMED | typeof PRODUCED | typeof SCRAPPED;

/** Operation and side are one number, so that a lot needs one row only: there may be 2^30 operations. */
const SIDES = 4;

/** The operation has to do with the lot from now on; once is enough. */
export function link(graph: Linking, lot: number, operation: number, side: Side): void {
  if (graph.links.add(lot, operation * SIDES + side)) forgetLot(graph.edges, lot);
}

/** Whoever is walking has seen what is not there any more, and may have gone past what takes its place. */
export function unlink(graph: Linking, lot: number, operation: number, side: Side): void {
  graph.edges.rewrites += 1;
  graph.links.remove(lot, operation * SIDES + side);
  forgetLot(graph.edges, lot);
}

/** Calls back with each operation that had to do with the lot, once for each side. */
export const eachLink = (links: Rows, lot: number, visit: (operation: number, side: Side) => void): void =>
  links.each(lot, (value) => visit(Math.floor(value / SIDES), (value % SIDES) as Side));

/** Calls back with the number of each operation on that side, voided ones too, each once. */
export const eachLinked = (links: Rows, lot: number, side: Side, visit: (operation: number) => void): void =>
  links.each(lot, (value) => {
    if (value % SIDES === side) visit(Math.floor(value / SIDES));
  });

/** The same as a list, in one order whenever it is asked. */
export function linked(links: Rows, lot: number, side: Side): number[] {
  const found: number[] = [];
  eachLinked(links, lot, side, (operation) => found.push(operation));
  return found.sort((a, b) => a - b);
}
