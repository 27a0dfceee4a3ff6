import { candidatesOf, itemsOf } from '../genealogy/derive-inputs.ts';
import { TOLD_IN_EPCIS } from '../genealogy/told.ts';
import type { Genealogy } from '../genealogy/genealogy.ts';
import { CERTAINTIES, type Certainty, type Operation } from '../genealogy/model.ts';
import { meant, operationAt } from '../genealogy/nodes.ts';
import type { Reached } from '../trace/walk.ts';
import { placeOf } from '../trace/numbers.ts';

/**
 * What would decide links that are not known for sure.
 *
 * - `mount-log`: several lots may have been on the position: who was, and when
 * - `scan-list`: what was really scanned: on a position where one lot alone was mounted, or of a lot of which a source only
 *   says that it was used
 * - `operation-record`: a link was assumed because the record of the operation is missing
 * - `partner-record`: a partner says it in EPCIS
 */
export type EvidenceKind = 'mount-log' | 'scan-list' | 'operation-record' | 'partner-record';

/** What it would say of one operation. */
export interface Decision {
  readonly operation: number;
  /** Positions, and items, of which other lots were used. */
  readonly positions: Set<string>;
  readonly items: Set<string>;
  /** Lots that were not used. */
  readonly without: Set<number>;
}

/** One piece of evidence that somebody can look for. */
export interface Evidence {
  readonly kind: EvidenceKind;
  readonly equipment: string | null;
  readonly position: string | null;
  readonly lot: string | null;
  readonly operation: string | null;
  readonly party: string | null;
  /** Of the operations that it would decide, ISO 8601; empty where nobody told. */
  from: string;
  to: string;
  readonly decisions: Map<number, Decision>;
}

/** Nobody looks for the log of a day because of two operations of it: beyond this pause it is another piece of evidence. */
const PAUSE_MS = 3_600_000;

/** Which evidence would decide the unsure links that this walk went along; the same whatever the order of arrival. */
export function evidenceFor(graph: Genealogy, reached: Reached): Evidence[] {
  const found = new Map<string, Evidence[]>();
  const isIn = (lot: number): boolean => placeOf(reached.places, lot) >= 0;
  const operations = reached.through
    .flatMap(({ keys, size }) => [...keys.subarray(0, size)])
    .map((index) => operationAt(graph, index))
    .filter(({ voided }) => !voided)
    .sort((a, b) => (startOf(a) + a.id < startOf(b) + b.id ? -1 : 1));
  for (const operation of operations) {
    for (const [subject, apply] of [...unsureMounts(graph, operation, isIn), ...unsureLines(graph, operation, isIn)]) {
      const evidence = pieceFor(found, subject, operation);
      apply(decisionIn(evidence, operation.index));
    }
  }
  return [...found.values()].flat();
}

type Subject = Pick<Evidence, 'kind'> &
  Partial<Pick<Evidence, 'equipment' | 'position' | 'lot' | 'operation' | 'party'>>;
type Unsure = readonly [subject: Subject, apply: (decision: Decision) => void];

const startOf = ({ head }: Operation): string => head?.startedAt ?? '';

/** Links that follow from mounts. Where all that can have been there is affected, no log clears anything. */
function unsureMounts(graph: Genealogy, operation: Operation, isIn: (lot: number) => boolean): Unsure[] {
  const equipment = operation.head?.equipment ?? null;
  return candidatesOf(graph, operation).flatMap(({ mount, certainty, rivals, covered }): Unsure[] => {
    const lotsOf = (mounts: readonly { lots: readonly number[] }[]) =>
      mounts.flatMap(({ lots }) => lots).flatMap((lot) => meant(graph, lot));
    if (!lotsOf([mount]).some(isIn)) return [];
    if (certainty === 'possible' && covered && lotsOf(rivals).every(isIn)) return [];
    const kind = certainty === 'possible' ? 'mount-log' : 'scan-list';
    const items = itemsOf(graph, lotsOf(rivals.filter(({ position }) => position === mount.position)));
    const apply = (decision: Decision): void => {
      decision.positions.add(mount.position);
      for (const item of items) decision.items.add(item);
    };
    return [[{ kind, equipment, position: mount.position }, apply]];
  });
}

const UNSURE: ReadonlySet<Certainty> = new Set(CERTAINTIES.slice(CERTAINTIES.indexOf('backflushed')));

/** Links that somebody told, without being sure of them. */
function unsureLines(graph: Genealogy, operation: Operation, isIn: (lot: number) => boolean): Unsure[] {
  const lines = operation.inputs.filter(({ told, certainty }) => told && UNSURE.has(certainty));
  return lines.flatMap(({ lot, certainty }): Unsure[] => {
    const lots = meant(graph, lot).filter(isIn);
    if (lots.length === 0) return [];
    const apply = (decision: Decision): void => lots.forEach((one) => decision.without.add(one));
    return [[subjectOf(graph, operation, lot, certainty), apply]];
  });
}

function subjectOf(graph: Genealogy, { id, head }: Operation, lot: number, certainty: Certainty): Subject {
  if (head?.kind === TOLD_IN_EPCIS) return { kind: 'partner-record', party: head.operator };
  if (certainty === 'gap-assumed') return { kind: 'operation-record', operation: id };
  return { kind: 'scan-list', lot: graph.lotIds.text(meant(graph, lot)[0] ?? lot) };
}

/** The piece of evidence about this subject at this time: operations come in the order in which they began. */
function pieceFor(found: Map<string, Evidence[]>, subject: Subject, { head }: Operation): Evidence {
  const whole = { equipment: null, position: null, lot: null, operation: null, party: null, ...subject };
  const key = JSON.stringify(whole);
  const pieces = found.get(key) ?? [];
  found.set(key, pieces);
  const last = pieces.at(-1);
  const [from, to] = [head?.startedAt ?? '', head?.endedAt ?? ''];
  const apart = last !== undefined && whole.position !== null && Date.parse(from) > Date.parse(last.to) + PAUSE_MS;
  if (last && !apart) {
    if (to > last.to) last.to = to;
    return last;
  }
  const piece: Evidence = { ...whole, from, to, decisions: new Map() };
  pieces.push(piece);
  return piece;
}

function decisionIn({ decisions }: Evidence, operation: number): Decision {
  const known = decisions.get(operation);
  if (known) return known;
  const decision: Decision = { operation, positions: new Set(), items: new Set(), without: new Set() };
  decisions.set(operation, decision);
  return decision;
}
