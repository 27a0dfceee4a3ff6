import { CERTAINTIES, type Certainty, type EdgeKind } from './model.ts';

/** Kind and certainty of an input as one number below 32. */
export const markOf = (edge: EdgeKind, certainty: Certainty): number =>
  8 * EDGES.indexOf(edge) + CERTAINTIES.indexOf(certainty);
/** As a place in CERTAINTIES; the higher the less sure. */
export const sureness = (mark: number): number => mark & 7;
export const edgeOf = (mark: number): EdgeKind => EDGES[mark >> 3] ?? 'material';
export const certaintyAt = (sure: number): Certainty => CERTAINTIES[sure] ?? 'gap-assumed';

const EDGES: readonly EdgeKind[] = ['material', 'exposure', 'containment', 'installed'];
