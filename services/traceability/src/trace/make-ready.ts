import type { Genealogy } from '../genealogy/genealogy.ts';
import { lotRow, operationRow } from '../genealogy/read-rows.ts';
import { relativesRow } from '../genealogy/relatives.ts';
import { placeIn, type Arena } from '../packed/arena.ts';
import { SLICE, type Pausing } from './walk.ts';

/** What it costs to look whether a row is there, and to make one, in edges walked. */
const LOOK = 0.02;
const MAKE = 10;
/** Beyond this share of an arena rows are made as they are asked for: it begins anew when it is full. */
const MOST_READY = 0.9;

/**
 * Makes the rows that walks and extents read, so that no question has to: to be done when nobody asks. Rows that are there
 * cost nearly nothing, so it may be begun anew whenever something has changed.
 */
export function* makeReady(graph: Genealogy): Pausing<void> {
  const { edges } = graph;
  yield* eachRow(edges.children, graph.lots, (lot) => relativesRow(graph, 'children', lot));
  yield* eachRow(edges.parents, graph.lots, (lot) => relativesRow(graph, 'parents', lot));
  yield* eachRow(edges.consumers, graph.lots, (lot) => lotRow(graph, 'consumers', lot));
  yield* eachRow(edges.producers, graph.lots, (lot) => lotRow(graph, 'producers', lot));
  yield* eachRow(edges.operations, graph.operations, (operation) => operationRow(graph, operation));
}

function* eachRow(arena: Arena, nodes: { readonly size: number }, make: (index: number) => void): Pausing<void> {
  let left = SLICE;
  for (let index = 0; index < nodes.size; index++) {
    if (placeIn(arena, index) > 0) left -= LOOK;
    else if (arena.filled > MOST_READY * arena.most) return;
    else {
      make(index);
      left -= MAKE;
    }
    if (left > 0) continue;
    yield;
    left = SLICE;
  }
}
