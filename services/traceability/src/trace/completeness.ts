import type { Genealogy } from '../genealogy/genealogy.ts';
import { lotAt, operationAt } from '../genealogy/nodes.ts';

/** What stands between this answer and completeness, each by name (correctness rule 25); empty = complete. */
export function gapsOf(graph: Genealogy, unread: readonly string[]): string[] {
  return [
    ...[...graph.gapped].map((name) => missingVersions(graph, name)),
    ...[...graph.wanting].map((index) => wantingOperation(graph, index)),
    ...[...graph.undeclared].map((index) => `lot-undeclared ${lotAt(graph, index).id}`),
    ...graph.lots
      .filter(({ standsFor }) => standsFor.length > 1)
      .map(({ id, standsFor }) => `alias-ambiguous ${id}: ${standsFor.map((lot) => lotAt(graph, lot).id).join(', ')}`),
    ...unread,
  ].sort();
}

function missingVersions(graph: Genealogy, name: string): string {
  const [topic = '', ...key] = name.split('|');
  const version = (graph.keys.get(name)?.version ?? 0) + 1;
  return `version-missing ${topic} ${key.join('|')} version ${version}`;
}

function wantingOperation(graph: Genealogy, index: number): string {
  const { id, head, missingInputs } = operationAt(graph, index);
  if (head === null) return `operation-undeclared ${id}`;
  return missingInputs.length > 0
    ? `operation-input-missing ${id}: ${missingInputs.join('; ')}`
    : `operation-without-inputs ${id}`;
}
