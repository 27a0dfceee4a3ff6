import { unionScopes, type SerialScope } from '../serial-range.ts';

/**
 * One hold on one lot. What the hold topic says and what came from held inputs are kept apart: only the first is
 * compared with a manifest, both stop the goods.
 */
export interface HoldEntry {
  /** Of the last hold message applied; 0 if it was only inherited. */
  readonly epoch: number;
  readonly state: 'held' | 'released';
  readonly provisional: boolean;
  /** By hold messages. */
  readonly placed: SerialScope | null;
  /** From the inputs of the operation that made it, or from a placeholder merged into it. */
  readonly inherited: SerialScope | null;
}

/** By hold id. Entries are kept for ever, also when released. */
export type Holds = Readonly<Record<string, HoldEntry>>;

const HOLD_ID = /^[A-Za-z0-9_-]{1,100}$/;

/** A hold id becomes a field name in MongoDB: no dots, no operators. */
export const isHoldId = (hold: string): boolean => HOLD_ID.test(hold);

/** The serials an entry stops now; null if it stops nothing. */
export function heldSerials(entry: HoldEntry): SerialScope | null {
  if (entry.state === 'released') return null;
  if (entry.placed && entry.inherited) return unionScopes(entry.placed, entry.inherited);
  return entry.placed ?? entry.inherited;
}

/** The holds that stop anything of a lot now, as people are shown them. */
export const heldBy = (holds: Holds): string[] =>
  Object.entries(holds).flatMap(([hold, entry]) => (heldSerials(entry) === null ? [] : [hold]));

/**
 * The entry after inheriting what `from` stops now; undefined if nothing changes. An end of the hold for this lot
 * said nothing about the goods that join it now: it is held again, for what it inherits.
 */
export function inherit(own: HoldEntry | undefined, from: HoldEntry): HoldEntry | undefined {
  const serials = heldSerials(from);
  if (!serials) return undefined;
  const { provisional } = from;
  if (!own) return { epoch: 0, state: 'held', provisional, placed: null, inherited: serials };
  if (own.state === 'released') return { ...own, state: 'held', provisional, placed: null, inherited: serials };
  const inherited = own.inherited ? unionScopes(own.inherited, serials) : serials;
  return { ...own, provisional: own.provisional && provisional, inherited };
}
