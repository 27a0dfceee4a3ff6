import { withOne, withoutOne } from './few.ts';
import type { Genealogy } from './genealogy.ts';
import { editLot } from './nodes.ts';

/** By its containers a lot is found, and the other way round. */
export function enter(graph: Genealogy, index: number, container: string): void {
  const lot = editLot(graph, index);
  lot.containers = withOne(lot.containers, container);
}

export function leave(graph: Genealogy, index: number, container: string): void {
  const lot = editLot(graph, index);
  lot.containers = withoutOne(lot.containers, container);
}
