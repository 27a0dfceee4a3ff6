import type { Genealogy } from '../genealogy/genealogy.ts';
import { STANDS } from '../genealogy/node-stores.ts';
import { meant, operationAt } from '../genealogy/nodes.ts';
import { lotFlags } from '../genealogy/structure.ts';
import { outputsOf, inputsOf } from './links.ts';
import { findPaths, stepsOf, type Paths, type Steps } from './paths.ts';
import type { Direction } from './propagation.ts';
import { createStepper, type Stepper } from './steps.ts';
import { SLICE, walk, type Pausing, type Reached, type Start } from './walk.ts';

export interface TraceOptions {
  readonly direction: Direction;
  /** Operations from a root at most. */
  readonly hops?: number | undefined;
}

/** Lots that the roots affect (forward) or that may have affected them (back); everything by place. */
export interface Traced {
  readonly direction: Direction;
  /** Where it began, placeholders resolved. */
  readonly starts: readonly Start[];
  readonly reached: Reached;
  readonly paths: Paths;
  readonly steps: Steps;
  readonly stepper: Stepper;
}

export function* tracing(
  graph: Genealogy,
  roots: readonly Start[],
  { direction, hops }: TraceOptions,
): Pausing<Traced> {
  const stepper = createStepper(graph, direction);
  const starts: Start[] = [];
  for (const root of roots) {
    if ((lotFlags(graph, root.lot) & STANDS) === 0) starts.push(root);
    else for (const lot of meant(graph, root.lot)) starts.push({ lot, units: root.units });
    if (starts.length % SLICE === 0) yield;
  }
  const reached = yield* walk(graph, starts, stepper, { direction, hops });
  const steps = stepsOf(graph, reached, stepper, direction);
  const paths = yield* findPaths(graph, reached, steps);
  return { direction, starts, reached, paths, steps, stepper };
}

/** The same in one go. */
export const trace = (graph: Genealogy, roots: readonly Start[], options: TraceOptions): Traced =>
  atOnce(tracing(graph, roots, options));

export function atOnce<T>(work: Pausing<T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

/** An operation as a root: forward what came out of it, back what went in; none if it is void. */
export function startsOf(graph: Genealogy, index: number, direction: Direction): Start[] {
  const operation = operationAt(graph, index);
  if (operation.voided) return [];
  const sides = direction === 'forward' ? outputsOf(graph, operation) : inputsOf(graph, operation);
  return sides.map(({ lot, serials, allKnown }): Start => ({ lot, units: allKnown ? serials : 'all' }));
}

export const lotIdAt = (graph: Genealogy, { places }: Reached, place: number): string =>
  graph.lotIds.text(places.keys[place] ?? 0);
