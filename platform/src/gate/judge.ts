import type { Violation } from '@lotwarden/contracts/events';
import { Rejected } from '../errors.ts';
import {
  ALL_SERIALS,
  contains,
  intersect,
  scopeTouches,
  unionScopes,
  type SerialRange,
  type SerialScope,
} from '../serial-range.ts';
import { heldSerials, type HoldEntry, type Holds } from '../store/hold.ts';
import { mayMoveHeld, type Direction, type Purpose } from './purpose.ts';

/** A lot as a gate has it. */
export interface GatedLot {
  readonly id: string;
  readonly holds: Holds;
}

/** Ids of the holds that stop these serials of a lot; no serials = the whole lot, or goods that carry none. */
export const holdsOn = (holds: Holds, serials: readonly SerialRange[]): string[] =>
  Object.entries(holds).flatMap(([hold, entry]) => {
    const scope = heldSerials(entry);
    return scope && scopeTouches(scope, serials) ? [hold] : [];
  });

/**
 * Throws `lot-on-hold` if a hold touches these goods and the purpose (with its signed direction) does not allow for it.
 * Call it inside a decision, on the very document that the decision changes.
 */
export function assertFree(
  { id, holds }: GatedLot,
  serials: readonly SerialRange[],
  purpose: Purpose,
  direction?: Direction,
): void {
  const [hold] = holdsOn(holds, serials);
  if (hold !== undefined && !mayMoveHeld(purpose, direction))
    throw new Rejected('lot-on-hold', { lot: id, hold, purpose });
}

/** What a *fact* broke: it is stored all the same, and published with these (correctness rule 1). */
export const holdViolations = (
  { id, holds }: GatedLot,
  serials: readonly SerialRange[],
  purpose: Purpose,
  direction?: Direction,
): Violation[] =>
  mayMoveHeld(purpose, direction)
    ? []
    : holdsOn(holds, serials).map((hold) => ({ code: 'lot-on-hold', lot: id, detail: hold }));

/** What went into an operation: the lot's holds, the serials used (empty if it has none or nobody said), the edge. */
export interface HeldInput {
  readonly holds: Holds;
  readonly serials?: readonly SerialRange[];
  /** material | exposure | containment | installed; material if absent. */
  readonly edge?: string;
}

/**
 * The holds that what an operation makes is born with; give them to `work.addHolds` in the operation's own transaction
 * (correctness rules 18, 20).
 *
 * - An input whose used serials lie outside a hold passes nothing on.
 * - Where the output's serials are the input's own (split, merge, rework), each unit takes along just its own hold.
 * - Otherwise the whole output inherits: nobody can show which unit got what.
 * - Along an *exposure* edge only what a hold message placed flows: a bad component of a load-mate does not (domain §6).
 */
export function inheritedHolds(inputs: readonly HeldInput[], output: readonly SerialRange[] = []): Holds {
  const result: Record<string, HoldEntry> = {};
  for (const { holds, serials = [], edge = 'material' } of inputs) {
    for (const [hold, entry] of Object.entries(holds)) {
      const held = edge === 'exposure' ? placedOnly(entry) : heldSerials(entry);
      const scope = held && flowing(held, serials, output);
      if (!scope) continue;
      const inherited = result[hold]?.inherited;
      const both = inherited ? unionScopes(inherited, scope) : scope;
      const provisional = entry.provisional && (result[hold]?.provisional ?? true);
      result[hold] = { epoch: 0, state: 'held', provisional, placed: null, inherited: both };
    }
  }
  return result;
}

const placedOnly = (entry: HoldEntry): SerialScope | null => (entry.state === 'held' ? entry.placed : null);

function flowing(held: SerialScope, used: readonly SerialRange[], output: readonly SerialRange[]): SerialScope | null {
  if (!scopeTouches(held, used)) return null;
  const sameUnits = output.length > 0 && used.length > 0 && contains(used, output);
  if (!sameUnits || held.mode === 'all') return ALL_SERIALS;
  if (!scopeTouches(held, output)) return null;
  return held.mode === 'only' ? { mode: 'only', ranges: intersect(output, held.ranges) } : held;
}
