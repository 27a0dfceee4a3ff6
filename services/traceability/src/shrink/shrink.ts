import { count } from '@lotwarden/platform/serial-range';
import type { Genealogy } from '../genealogy/genealogy.ts';
import { meant } from '../genealogy/nodes.ts';
import { findRoots } from '../roots/find-roots.ts';
import type { Root, RootFound } from '../roots/roots.ts';
import { quantityOf } from '../trace/answer.ts';
import { placeOf } from '../trace/numbers.ts';
import { createStepper } from '../trace/steps.ts';
import { unitsEverIn } from '../trace/totals.ts';
import { startsOf } from '../trace/trace.ts';
import { SLICE, unitsAt, walk, type Pausing, type Reached, type Start } from '../trace/walk.ts';
import { evidenceFor, type Evidence, type EvidenceKind } from './evidence.ts';
import { whatIf } from './what-if.ts';

export interface ShrinkAsk {
  readonly roots: readonly Root[];
  /** So many pieces of evidence are weighed; those that decide the most links first. */
  readonly most: number;
}

/** What would leave the scope. Units are counted by serial, or in pieces where there are no serials. */
export interface Cleared {
  readonly lots: number;
  readonly units: number;
}

export interface Weighed {
  readonly kind: EvidenceKind;
  readonly equipment: string | null;
  readonly position: string | null;
  readonly lot: string | null;
  readonly operation: string | null;
  readonly party: string | null;
  readonly from: string | null;
  readonly to: string | null;
  /** How many operations it would decide. */
  readonly decides: number;
  readonly operations: readonly string[];
  /** At most, if it shows that nothing affected was used. */
  readonly clears: Cleared;
}

export interface Shrink {
  /** What each root is; where one is unknown or ambiguous nothing else is looked for. */
  readonly found: readonly RootFound[];
  readonly scope: Cleared;
  /** By how much each would clear at most, the most first. */
  readonly evidence: readonly Weighed[];
  /** All of it together. */
  readonly together: Cleared;
  /** Pieces that were not weighed: ask for more. */
  readonly notWeighed: number;
}

/** Of the operations that a piece of evidence would decide so many are named. */
const NAMED = 20;

/**
 * Which missing evidence would clear how much of what these roots affect. Each piece is weighed by walking once more
 * through the graph as it would be with it; so bringing exactly that evidence clears exactly that much.
 */
export function* shrinking(graph: Genealogy, { roots, most }: ShrinkAsk): Pausing<Shrink> {
  const { found: named, lots, operations } = yield* findRoots(graph, roots);
  if (named.some(({ is }) => is === 'unknown' || is === 'ambiguous')) return { ...NOTHING, found: named };
  const starts: Start[] = [
    ...[...lots].flatMap(([lot, units]) => meant(graph, lot).map((one) => ({ lot: one, units }))),
    ...[...operations].flatMap((operation) => startsOf(graph, operation, 'forward')),
  ];
  const now = yield* walk(graph, starts, createStepper(graph, 'forward'), { direction: 'forward' });
  const found = evidenceFor(graph, now).sort((a, b) => b.decisions.size - a.decisions.size || keyOrder(a, b));
  const evidence: Weighed[] = [];
  for (const piece of found.slice(0, most)) {
    evidence.push(weighed(graph, piece, yield* clearedBy(graph, starts, now, [piece])));
    yield;
  }
  evidence.sort((a, b) => b.clears.units - a.clears.units || b.clears.lots - a.clears.lots);
  const together = yield* clearedBy(graph, starts, now, found);
  const scope = yield* differenceOf(graph, now, null);
  return { found: named, scope, evidence, together, notWeighed: Math.max(0, found.length - most) };
}

const NONE: Cleared = { lots: 0, units: 0 };
const NOTHING = { scope: NONE, evidence: [], together: NONE, notWeighed: 0 };

function* clearedBy(
  graph: Genealogy,
  starts: readonly Start[],
  now: Reached,
  evidence: readonly Evidence[],
): Pausing<Cleared> {
  if (evidence.length === 0) return NONE;
  const { look, changed } = whatIf(graph, evidence);
  const then = yield* walk(graph, starts, createStepper(graph, 'forward', look), { direction: 'forward', changed });
  return yield* differenceOf(graph, now, then);
}

/** What is in scope now and would not be in it any more; without a later state all of it. */
function* differenceOf(graph: Genealogy, now: Reached, then: Reached | null): Pausing<Cleared> {
  let lots = 0;
  let units = 0;
  for (let place = 0; place < now.places.size; place++) {
    if (place % SLICE === SLICE - 1) yield;
    const left = then === null ? -1 : placeOf(then.places, now.places.keys[place] ?? 0);
    if (left < 0) lots += 1;
    else if (then !== null && unitsAt(now, place) === 'all' && unitsAt(then, left) === 'all') continue;
    units += amountAt(graph, now, place) - (then === null || left < 0 ? 0 : amountAt(graph, then, left));
  }
  return { lots, units };
}

/** Codes of UN/ECE Recommendation 20 for single pieces. */
const PIECES: ReadonlySet<string> = new Set(['EA', 'C62', 'H87']);

function amountAt(graph: Genealogy, reached: Reached, place: number): number {
  const lot = reached.places.keys[place] ?? 0;
  const units = unitsAt(reached, place);
  if (units !== 'all') return count(units);
  const known = unitsEverIn(graph, lot);
  if (known !== null) return known;
  const quantity = quantityOf(graph, lot, 'all');
  return quantity && PIECES.has(quantity.unit) ? Number(quantity.value) : 0;
}

function weighed(graph: Genealogy, piece: Evidence, clears: Cleared): Weighed {
  const { kind, equipment, position, lot, operation, party, from, to, decisions } = piece;
  const operations = [...decisions.keys()].map((index) => graph.operationIds.text(index)).sort();
  return {
    kind,
    equipment,
    position,
    lot,
    operation,
    party,
    from: from === '' ? null : from,
    to: to === '' ? null : to,
    decides: operations.length,
    operations: operations.slice(0, NAMED),
    clears,
  };
}

const keyOrder = (a: Evidence, b: Evidence): number => (keyOf(a) < keyOf(b) ? -1 : 1);
const keyOf = ({ kind, equipment, position, lot, operation, party, from }: Evidence): string =>
  [kind, equipment, position, lot, operation, party, from].join('|');
