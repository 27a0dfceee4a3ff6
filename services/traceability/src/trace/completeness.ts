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

/** One thing that is missing. */
export interface Gap {
  readonly kind: string;
  /** What it is about: a lot, an operation, an aggregate, a stream, an owner. */
  readonly subject: string;
  /** How large it is, or what exactly is wrong. */
  readonly detail: string;
}

/** How a gap's name ends, where that is no part of what it is about: `: what`, ` (3)`, ` version 4`, ` up to 17`. */
const ENDING = /(: .*| \(\d+\)| version \d+| up to \d+| offset \d+.*| from \d+ to \d+)$/s;

/** A gap by its name; the same gap has the same kind and subject, however large it is. */
export function gapNamed(name: string): Gap {
  const [kind = '', ...rest] = name.split(' ');
  const told = rest.join(' ');
  // A message that cannot be read is one gap each.
  const ending = EACH.includes(kind) ? undefined : ENDING.exec(told)?.[0];
  return ending === undefined
    ? { kind, subject: told, detail: '' }
    : { kind, subject: told.slice(0, -ending.length), detail: ending.replace(/^:? /, '') };
}

const EACH: readonly string[] = ['undecodable', 'schema-unknown', 'skipped'];
