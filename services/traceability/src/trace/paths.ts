import type { Genealogy } from '../genealogy/genealogy.ts';
import { PLAIN, VOIDED } from '../genealogy/operation-form.ts';
import { edgeOf, sureness } from '../genealogy/marks.ts';
import { readConsumers, readOperation, readProducers, type OperationRow } from './edges.ts';
import { createNumbers, placeOf, push } from './numbers.ts';
import type { Units } from './carry-serials.ts';
import type { Direction } from './propagation.ts';
import { lessSure, type From, type Stepper } from './steps.ts';
import { createPassed, pass, ROOT, SLICE, WALKED, type Pausing, type Reached } from './walk.ts';

/** Shortest paths from the roots, as one table: the last step to each place. */
export interface Tree {
  /** Operations from the nearest root; -1 where no such path leads. */
  readonly hops: Int32Array;
  /** How sure the path is: as its worst link. A place in CERTAINTIES. */
  readonly sure: Uint8Array;
  /** The place that the last step comes from; -1 for a root. */
  readonly via: Int32Array;
  readonly operation: Int32Array;
  /** Edge kind and certainty of the last step. */
  readonly mark: Uint8Array;
}

export interface Paths {
  readonly shortest: Tree;
  /** The shortest that go on from there: none leads on through what was only boxed. The same table where nothing is. */
  readonly onward: Tree;
}

/** Looks at every step of the walk again, with the units it was taken with in the end. */
export interface Steps {
  /**
   * Steps that lead from a place on, or from some of its units; through plain operations only where `enter` lets it, with
   * the mark of that input.
   */
  readonly from: (
    place: number,
    enter: (operation: number, mark: number) => boolean,
    take: (lot: number, mark: number, goesOn: boolean, units: Units, operation: number) => void,
    units?: Units,
  ) => void;
  /** Steps that lead to a place, from those that are wanted, or from some of their units. */
  readonly into: (
    place: number,
    wants: (from: number) => boolean,
    take: (from: number, operation: number, mark: number, goesOn: boolean, units: Units) => void,
    unitsOf?: (from: number) => Units | undefined,
  ) => void;
}

export function stepsOf(graph: Genealogy, reached: Reached, stepper: Stepper, direction: Direction): Steps {
  const { places, flags, walked } = reached;
  const [readOn, readBack] = direction === 'forward' ? [readConsumers, readProducers] : [readProducers, readConsumers];
  const row: OperationRow = { inputs: createNumbers(), marks: createNumbers(), outputs: createNumbers() };
  const operations = createNumbers();
  const isWalked = (place: number): boolean => place >= 0 && ((flags[place] ?? 0) & WALKED) > 0;
  const fromAt = (place: number, units: Units = walked.get(place) ?? 'all'): From => ({
    lot: places.keys[place] ?? 0,
    units,
    isRoot: ((flags[place] ?? 0) & ROOT) > 0,
  });
  return {
    from: (place, enter, take, some) => {
      if (!isWalked(place)) return;
      const from = fromAt(place, some);
      readOn(graph, from.lot, operations);
      for (let each = 0; each < operations.size; each++) {
        const operation = operations.values[each] ?? 0;
        const kind = readOperation(graph, operation, row);
        if (kind === VOIDED) continue;
        const { inputs, marks, outputs } = row;
        if (kind !== PLAIN)
          for (const { lot, mark, goesOn, units } of stepper.through(operation, from))
            take(lot, mark, goesOn, units, operation);
        else if (direction === 'backward') {
          // Each input has its own mark: the operation as such has none.
          if (enter(operation, 0))
            for (let line = 0; line < inputs.size; line++)
              take(inputs.values[line] ?? 0, marks.values[line] ?? 0, true, 'all', operation);
        } else
          for (let line = 0; line < inputs.size; line++)
            if (inputs.values[line] === from.lot && enter(operation, marks.values[line] ?? 0))
              for (let out = 0; out < outputs.size; out++)
                take(outputs.values[out] ?? 0, marks.values[line] ?? 0, true, 'all', operation);
      }
    },
    into: (place, wants, take, unitsOf) => {
      const lot = places.keys[place] ?? 0;
      readBack(graph, lot, operations);
      for (let each = 0; each < operations.size; each++) {
        const operation = operations.values[each] ?? 0;
        const kind = readOperation(graph, operation, row);
        if (kind === VOIDED) continue;
        if (kind !== PLAIN) {
          for (const side of stepper.sidesOf(operation)) {
            const from = placeOf(places, side);
            if (!isWalked(from) || !wants(from)) continue;
            for (const { mark, goesOn, units } of stepper.through(operation, fromAt(from, unitsOf?.(from)), lot))
              take(from, operation, mark, goesOn, units);
          }
          continue;
        }
        const { inputs, marks, outputs } = row;
        const froms = direction === 'forward' ? inputs : outputs;
        for (let line = 0; line < froms.size; line++) {
          const from = placeOf(places, froms.values[line] ?? 0);
          if (!isWalked(from) || !wants(from)) continue;
          if (direction === 'forward') take(from, operation, marks.values[line] ?? 0, true, 'all');
          else
            for (let input = 0; input < inputs.size; input++)
              if (inputs.values[input] === lot) take(from, operation, marks.values[input] ?? 0, true, 'all');
        }
      }
    },
  };
}

/**
 * The shortest paths to everything reached. Ties go to the surer path, a path being as sure as its worst link, then to
 * the smaller ids.
 */
export function* findPaths(graph: Genealogy, reached: Reached, steps: Steps): Pausing<Paths> {
  const { size } = reached.places;
  const measured = reached.simple ? walkedLengths(reached) : yield* measure(reached, steps);
  const { shortest, onward } = measured;
  const isBefore = inOrder(graph, reached);
  let left = SLICE;
  for (let place = 0; place < size; place++) {
    left -= lastStep(place, shortest, onward, steps, isBefore);
    if (onward !== shortest) left -= lastStep(place, onward, onward, steps, isBefore);
    if (left > 0) continue;
    yield;
    left = SLICE;
  }
  return measured;
}

const createTree = (hops: Int32Array, sure: Uint8Array): Tree => ({
  hops,
  sure,
  via: new Int32Array(hops.length).fill(-1),
  operation: new Int32Array(hops.length).fill(-1),
  mark: new Uint8Array(hops.length),
});

function walkedLengths({ hops, sure, places: { size } }: Reached): Paths {
  const tree = createTree(hops.slice(0, size), sure.slice(0, size));
  return { shortest: tree, onward: tree };
}

/** Level by level, so that each path is there before it is gone on from. */
function* measure({ places, flags }: Reached, steps: Steps): Pausing<Paths> {
  const { size } = places;
  const empty = (): Tree => createTree(new Int32Array(size).fill(-1), new Uint8Array(size));
  const [shortest, onward] = [empty(), empty()];
  let frontier = createNumbers();
  let next = createNumbers();
  for (let place = 0; place < size; place++) {
    if (((flags[place] ?? 0) & ROOT) === 0) continue;
    shortest.hops[place] = 0;
    onward.hops[place] = 0;
    push(next, place);
  }
  const passed = createPassed();
  let left = SLICE;
  for (let level = 1; next.size > 0; level++) {
    [frontier, next] = [next, frontier];
    next.size = 0;
    for (let index = 0; index < frontier.size; index++) {
      const from = frontier.values[index] ?? 0;
      const sureUntil = onward.sure[from] ?? 0;
      steps.from(
        from,
        (operation, mark) => pass(passed, operation, level, lessSure(sureUntil, sureness(mark))),
        (lot, mark, goesOn) => {
          left -= 1;
          const place = placeOf(places, lot);
          if (place < 0) return;
          const sure = lessSure(sureUntil, sureness(mark));
          improve(shortest, place, level, sure);
          if (goesOn && improve(onward, place, level, sure)) push(next, place);
        },
      );
      left -= 1;
      if (left > 0) continue;
      yield;
      left = SLICE;
    }
  }
  return { shortest, onward };
}

/** Tells whether it was not reached at all before. */
function improve({ hops, sure }: Tree, place: number, level: number, now: number): boolean {
  const isNew = hops[place] === -1;
  if (isNew) hops[place] = level;
  if (isNew || (hops[place] === level && now < (sure[place] ?? 0))) sure[place] = now;
  return isNew;
}

/** Finds the last step of a path whose length and certainty are known; tells about how much work it was. */
function lastStep(place: number, tree: Tree, onward: Tree, steps: Steps, isBefore: IsBefore): number {
  const hops = tree.hops[place] ?? 0;
  if (hops <= 0) return 1;
  const sure = tree.sure[place] ?? 0;
  let work = 1;
  steps.into(
    place,
    (from) => {
      work += 1;
      return onward.hops[from] === hops - 1 && (onward.sure[from] ?? 0) <= sure;
    },
    (from, operation, mark, goesOn) => {
      if (tree === onward && !goesOn) return;
      if (lessSure(onward.sure[from] ?? 0, sureness(mark)) !== sure) return;
      if ((tree.via[place] ?? 0) >= 0 && !isBefore(tree, place, from, operation, mark)) return;
      tree.via[place] = from;
      tree.operation[place] = operation;
      tree.mark[place] = mark;
    },
  );
  return work;
}

type IsBefore = (tree: Tree, place: number, from: number, operation: number, mark: number) => boolean;

/** By ids, which are the same everywhere: numbers depend on the order in which facts arrived. */
const inOrder =
  ({ operationIds, lotIds }: Genealogy, { places: { keys } }: Reached): IsBefore =>
  (tree, place, from, operation, mark) => {
    const known = tree.operation[place] ?? 0;
    if (operation !== known) return operationIds.text(operation) < operationIds.text(known);
    const via = tree.via[place] ?? 0;
    if (from !== via) return lotIds.text(keys[from] ?? 0) < lotIds.text(keys[via] ?? 0);
    const [edge, before] = [edgeOf(mark), edgeOf(tree.mark[place] ?? 0)];
    return edge === before ? mark < (tree.mark[place] ?? 0) : edge < before;
  };
