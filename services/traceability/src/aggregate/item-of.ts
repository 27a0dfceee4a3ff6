import type { Genealogy } from '../genealogy/genealogy.ts';
import type { Declaration } from '../genealogy/model.ts';
import { lotAt, members } from '../genealogy/nodes.ts';

/** What a lot was declared as; under a placeholder of its, where nobody has declared the lot itself yet. */
export function declarationOf(graph: Genealogy, lot: number): Declaration | null {
  const { declaration, placeholders } = lotAt(graph, lot);
  if (declaration !== null || placeholders.length === 0) return declaration;
  return members(graph, lot).find((node) => node.declaration !== null)?.declaration ?? null;
}

export const itemOf = (graph: Genealogy, lot: number): string | null => declarationOf(graph, lot)?.item ?? null;
