import type { Genealogy } from '../genealogy/genealogy.ts';
import { lotAt, operationAt } from '../genealogy/nodes.ts';

/** What stands between this answer and completeness, each by name (correctness rule 25); empty = complete. */
export function gapsOf(graph: Genealogy, unread: readonly string[]): string[] {
  return [
    ...[...graph.gapped].map((name) => missingVersions(graph, name)),
    ...[...graph.wanting].map((index) => wantingOperation(graph, index)),
    ...[...graph.undeclared].map((index) => `lot-undeclared ${lotAt(graph, index).id}`),
    ...[...graph.contradicted].map((index) => ambiguousAlias(graph, index)),
    ...unread,
  ].sort();
}

function missingVersions(graph: Genealogy, name: string): string {
  const [topic = '', ...aggregate] = name.split('|');
  const version = (graph.streams.get(name)?.version ?? 0) + 1;
  return `version-missing ${topic} ${aggregate.join('|')} version ${version}`;
}

function ambiguousAlias(graph: Genealogy, index: number): string {
  const { id, standsFor } = lotAt(graph, index);
  const claims = standsFor.map((lot) => lotAt(graph, lot).id).sort();
  return `alias-ambiguous ${id}: ${claims.join(', ')}`;
}

function wantingOperation(graph: Genealogy, index: number): string {
  const { id, head, missingInputs } = operationAt(graph, index);
  if (head === null) return `operation-undeclared ${id}`;
  return missingInputs.length > 0
    ? `operation-input-missing ${id}: ${missingInputs.join('; ')}`
    : `operation-without-inputs ${id}`;
}
