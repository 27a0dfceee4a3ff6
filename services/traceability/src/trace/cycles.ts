import type { Genealogy } from '../genealogy/genealogy.ts';
import { PLAIN, VOIDED } from '../genealogy/operation-form.ts';
import { readConsumers, readOperation, type OperationRow } from './edges.ts';
import { addPlace, createNumbers, createPlaces, placeOf, push, type Numbers } from './numbers.ts';
import type { Traced } from './trace.ts';
import { SLICE, type Pausing } from './walk.ts';

/**
 * Lots in scope that are their own ancestors: groups of places of which each is made of every other. What an operation
 * gives back to a lot that it took from was not made by it; boxes and loads are no ancestors. Tarjan's strongly connected
 * components over lots and operations, without recursion: chains may be longer than any stack.
 */
export function* cyclesIn(graph: Genealogy, traced: Traced): Pausing<readonly (readonly number[])[]> {
  const { starts, targets } = yield* edgesAmong(graph, traced);
  const lots = traced.reached.places.size;
  const size = starts.length - 1;
  const seen = createNumbers();
  let left = SLICE;
  const index = new Int32Array(size);
  const low = new Int32Array(size);
  const onStack = new Uint8Array(size);
  const edge = starts.slice(0, size);
  const open = createNumbers();
  const found: number[][] = [];
  let next = 1;
  const enter = (place: number): void => {
    index[place] = next;
    low[place] = next++;
    onStack[place] = 1;
    push(open, place);
    push(seen, place);
  };
  for (let root = 0; root < size; root++) {
    if (index[root] !== 0) continue;
    enter(root);
    while (open.size > 0) {
      if (left-- <= 0) {
        yield;
        left = SLICE;
      }
      const place = open.values[open.size - 1] ?? 0;
      const at = edge[place] ?? 0;
      if (at < (starts[place + 1] ?? 0)) {
        edge[place] = at + 1;
        const target = targets.values[at] ?? 0;
        if (index[target] === 0) enter(target);
        else if (onStack[target] === 1) low[place] = Math.min(low[place] ?? 0, index[target] ?? 0);
        continue;
      }
      open.size -= 1;
      const above = open.values[open.size - 1];
      if (open.size > 0 && above !== undefined) low[above] = Math.min(low[above] ?? 0, low[place] ?? 0);
      if (low[place] === index[place]) keep(place, lots, seen, onStack, found);
    }
  }
  return found;
}

/** Takes the component of this node off the stack; one lot alone is none. */
function keep(node: number, lots: number, seen: Numbers, onStack: Uint8Array, found: number[][]): void {
  if (seen.values[seen.size - 1] === node) {
    // Nearly always: nothing leads back to it.
    seen.size -= 1;
    onStack[node] = 0;
    return;
  }
  const first = seen.values.lastIndexOf(node, seen.size - 1);
  for (let at = first; at < seen.size; at++) onStack[seen.values[at] ?? 0] = 0;
  const cycle = [...seen.values.subarray(first, seen.size)].filter((one) => one < lots);
  if (cycle.length > 1) found.push(cycle);
  seen.size = first;
}

/** Rows: lot → operations that used it up, operation → lots that it made; lots first, then operations. */
function* edgesAmong(graph: Genealogy, { reached: { places }, stepper }: Traced) {
  const operations = createPlaces();
  const isPlain = createNumbers();
  const consumers = createNumbers();
  const row: OperationRow = { inputs: createNumbers(), marks: createNumbers(), outputs: createNumbers() };
  const [starts, targets] = [createNumbers(places.size + 1), createNumbers()];
  const [madeStarts, made] = [createNumbers(), createNumbers()];
  const meet = (operation: number): number => {
    const kind = readOperation(graph, operation, row);
    push(isPlain, kind === PLAIN ? 1 : 0);
    push(madeStarts, made.size);
    const take = (lot: number): void => {
      const place = placeOf(places, lot);
      if (place >= 0) push(made, place);
    };
    if (kind === PLAIN) for (let line = 0; line < row.outputs.size; line++) take(row.outputs.values[line] ?? 0);
    else if (kind !== VOIDED) for (const lot of stepper.madeBy(operation)) take(lot);
    return addPlace(operations, operation);
  };
  let left = SLICE;
  for (let place = 0; place < places.size; place++) {
    push(starts, targets.size);
    const lot = places.keys[place] ?? 0;
    readConsumers(graph, lot, consumers);
    for (let each = 0; each < consumers.size; each++) {
      const operation = consumers.values[each] ?? 0;
      const known = placeOf(operations, operation);
      const node = known < 0 ? meet(operation) : known;
      if (isPlain.values[node] === 1 || stepper.usesUp(operation, lot)) push(targets, places.size + node);
    }
    left -= 1 + 5 * consumers.size;
    if (left > 0) continue;
    yield;
    left = SLICE;
  }
  const offset = targets.size;
  for (let node = 0; node < operations.size; node++) push(starts, offset + (madeStarts.values[node] ?? 0));
  for (let at = 0; at < made.size; at++) push(targets, made.values[at] ?? 0);
  push(starts, targets.size);
  return { starts: starts.values.subarray(0, starts.size), targets };
}
