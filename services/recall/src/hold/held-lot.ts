import { ALL_SERIALS, normalise, unionScopes, type SerialScope } from '@lotwarden/platform/serial-range';

/** One lot under one hold. Serials only grow; what ends is told by `state`. */
export interface HeldLot {
  readonly hold: string;
  readonly lot: string;
  readonly serials: SerialScope;
  readonly state: 'held' | 'released';
  /** In which the gates were told last; 0 = not yet. */
  readonly epoch: number;
  /** The gates have not been told yet. */
  readonly pending: boolean;
  /** Traceparent of what made it grow last: the gates are told in that trace. */
  readonly trace?: string | null;
}

/** Why a lot is to be held. */
export interface Reach {
  readonly serials: SerialScope;
  /** By a way that was not known before, so that no release can have reviewed it. */
  readonly unreviewed?: boolean;
}

/** Beyond this a lot is held as a whole: a message stays far below 1 MB, and holding more is the safe side. */
const MOST_RANGES = 2_000;

/** One text for one meaning, so that two scopes compare and digest alike. */
export function canonical(scope: SerialScope): SerialScope {
  if (scope.mode === 'all') return ALL_SERIALS;
  const ranges = normalise(scope.ranges);
  if (ranges.length > MOST_RANGES || (scope.mode === 'all-except' && ranges.length === 0)) return ALL_SERIALS;
  return { mode: scope.mode, ranges };
}

export const sameScope = (a: SerialScope, b: SerialScope): boolean =>
  JSON.stringify(canonical(a)) === JSON.stringify(canonical(b));

const within = (part: SerialScope, whole: SerialScope): boolean => sameScope(unionScopes(part, whole), whole);

/**
 * The lot after something reached it; undefined if that changes nothing. Set union only: whichever order and however
 * often reaches come, the same is held. A released lot is held again by a way nobody can have reviewed, or by serials that
 * were not released (correctness rule 21).
 */
export function widen(
  held: HeldLot | undefined,
  { hold, lot }: Pick<HeldLot, 'hold' | 'lot'>,
  reach: Reach,
): HeldLot | undefined {
  const serials = canonical(reach.serials);
  if (!held) return { hold, lot, serials, state: 'held', epoch: 0, pending: true };
  const both = canonical(unionScopes(held.serials, serials));
  if (held.state === 'held')
    return sameScope(both, held.serials) ? undefined : { ...held, serials: both, pending: true };
  if (!reach.unreviewed && within(serials, held.serials)) return undefined;
  return { ...held, state: 'held', serials: both, pending: true };
}

export const told = (held: HeldLot, epoch: number): HeldLot => ({ ...held, epoch, pending: false });

export const heldLotId = (hold: string, lot: string): string => `${hold}|${lot}`;
