import type { Genealogy } from '../genealogy/genealogy.ts';
import { linkOf } from '../genealogy/epcis-ids.ts';
import { stillMissing } from '../genealogy/review-inputs.ts';
import { lotAt, operationAt } from '../genealogy/nodes.ts';
import { unitAt } from '../genealogy/told-units.ts';
import { versionOf } from '../genealogy/streams.ts';

/** Gaps that one answer names: that there are more is said, and where all are named. */
const NAMED = 200;

/**
 * What stands between this answer and completeness, each by name (correctness rule 25); empty = complete. Of very many
 * the first are named, those that hide most before the others, and how many more there are.
 */
export function gapsOf(graph: Genealogy, unread: readonly string[]): string[] {
  const total = unread.length + [graph.gapped, graph.contradicted, graph.wanting, graph.undeclared, graph.unknownUnits, graph.awaited].reduce((sum, { size }) => sum + size, 0); // prettier-ignore
  const named = [...take(allGaps(graph, unread), NAMED)].sort();
  return total <= NAMED ? named : [...named, `and ${total - NAMED} more: GET /watermarks/gaps names all`];
}

/** Every gap there is now, in no order. */
export function* allGaps(graph: Genealogy, unread: readonly string[]): Generator<string, void, undefined> {
  yield* unread;
  for (const name of graph.gapped) yield missingVersions(graph, name);
  for (const index of graph.contradicted) yield ambiguousAlias(graph, index);
  for (const index of graph.wanting) yield wantingOperation(graph, index);
  for (const index of graph.awaited) yield `epcis-event-missing ${graph.toldIds.text(index)}`;
  for (const index of graph.unknownUnits) yield `unit-unknown ${unitLink(graph, index)}`;
  for (const index of graph.undeclared) yield `lot-undeclared ${lotAt(graph, index).id}`;
}

/** As it would be written on a label. */
function unitLink(graph: Genealogy, node: number): string {
  const unit = unitAt(graph, node);
  return unit ? linkOf(unit) : lotAt(graph, node).id;
}

function* take<T>(items: Iterable<T>, most: number): Generator<T, void, undefined> {
  let taken = 0;
  for (const item of items) {
    if (taken++ === most) return;
    yield item;
  }
}

function missingVersions(graph: Genealogy, name: string): string {
  const [topic = '', ...aggregate] = name.split('|');
  const version = versionOf(graph.streams, name) + 1;
  return `version-missing ${topic} ${aggregate.join('|')} version ${version}`;
}

function ambiguousAlias(graph: Genealogy, index: number): string {
  const { id, standsFor } = lotAt(graph, index);
  const claims = standsFor.map((lot) => lotAt(graph, lot).id).sort();
  return `alias-ambiguous ${id}: ${claims.join(', ')}`;
}

function wantingOperation(graph: Genealogy, index: number): string {
  const operation = operationAt(graph, index);
  const { id, head } = operation;
  const missingInputs = stillMissing(graph, operation);
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
const ENDING = /(: .*| \(\d+\)| version \d+| up to \d+)$/s;

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

const EACH: readonly string[] = ['undecodable', 'schema-unknown', 'skipped', 'epcis-event-missing', 'unit-unknown'];
