import type { ServingLoad } from './floor.ts';
import type { Genealogy } from './genealogy.ts';
import { lotNode } from './nodes.ts';

/** The load of this id, known by name from now on. */
export function loadNamed(graph: Genealogy, id: string): ServingLoad {
  const known = graph.floor.loads.get(id);
  if (known) return known;
  const load: ServingLoad = {
    lot: lotNode(graph, id).index,
    startedAt: '',
    endedAt: null,
    serves: [],
    operations: [],
    members: [],
    document: null,
    voided: false,
  };
  graph.floor.loads.set(id, load);
  return load;
}

/** The operation, or the load, says that they belong together. */
export function joinLoad(graph: Genealogy, id: string, operation: number): void {
  const load = loadNamed(graph, id);
  const known = graph.floor.loadsOf.get(operation) ?? [];
  if (known.includes(id)) return;
  graph.floor.loadsOf.set(operation, [...known, id]);
  load.operations.push(operation);
}
