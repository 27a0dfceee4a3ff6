import type { SerialRange } from '@lotwarden/platform/serial-range';
import { detailFor } from './touched-lots.ts';

/** One unit, in every way its text may be read: its trailing digits may all be its number, or begin with its prefix. */
export interface Unit {
  readonly gtin: string;
  readonly readings: readonly { readonly prefix: string; readonly width: number; readonly number: number }[];
}

/** How an event speaks of a unit: by its serial, only by its lot, or of others. */
export type Mention = 'serial' | 'lot' | 'none';

/** When a unit was in a lot. */
export interface Window {
  readonly lot: string;
  /** Null: from the lot's beginning, for it was made there. */
  readonly from: string | null;
  /** Null: it is there still. */
  readonly to: string | null;
  /** What brought it there; null where it was made. */
  readonly broughtBy: string | null;
  /** What took it away; null while it is there. */
  readonly takenBy: string | null;
}

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

const isUnit = ({ gtin, readings }: Unit, range: SerialRange): boolean =>
  range.gtin === gtin &&
  readings.some(
    ({ prefix, width, number }) =>
      range.prefix === prefix && range.width === width && range.first <= number && number <= range.last,
  );

/** How the part of the event that is about this lot speaks of the unit. */
export function mentionOf(unit: Unit, event: object, lot: string): Mention {
  const ranges = rangesIn(detailFor(event, lot) as Json);
  if (ranges.length === 0) return 'lot';
  return ranges.some((range) => isUnit(unit, range)) ? 'serial' : 'none';
}

function rangesIn(value: Json): SerialRange[] {
  if (typeof value !== 'object' || value === null) return [];
  if (!Array.isArray(value) && 'gtin' in value && 'width' in value) return [value as unknown as SerialRange];
  return (Array.isArray(value) ? (value as Json[]) : Object.values(value as Record<string, Json>)).flatMap(rangesIn);
}

export interface ToldOfSerials {
  readonly occurredAt: string;
  readonly event: object;
}

interface SerialEvent {
  readonly type: string;
  readonly lot?: string;
  readonly operation?: string;
  readonly ranges?: readonly SerialRange[];
}

/** The lots that a unit was in, in the order in which it came there. */
export function windowsOf(unit: Unit, told: readonly ToldOfSerials[]): Window[] {
  const open = new Map<string, Window>();
  const closed: Window[] = [];
  const inOrder = [...told].sort((a, b) => (a.occurredAt < b.occurredAt ? -1 : a.occurredAt > b.occurredAt ? 1 : 0));
  for (const { occurredAt, event } of inOrder) {
    const { type, lot = '', operation = null, ranges = [] } = event as SerialEvent;
    if (!ranges.some((range) => isUnit(unit, range))) continue;
    const known = open.get(lot);
    const began: Window = known ?? { lot, from: null, to: null, broughtBy: null, takenBy: null };
    if (type === 'SerialsCommissioned') open.set(lot, began);
    else if (type === 'SerialsMovedIn') open.set(lot, known ?? { ...began, from: occurredAt, broughtBy: operation });
    else if (type === 'SerialsMovedOut' || type === 'SerialsScrapped') {
      closed.push({ ...began, to: occurredAt, takenBy: operation });
      open.delete(lot);
    }
  }
  return [...closed, ...open.values()].sort((a, b) => ((a.from ?? '') < (b.from ?? '') ? -1 : 1));
}

/** Was the unit in the lot then? What happened at the very moment of its leaving is its, too. */
export const wasIn = (windows: readonly Window[], lot: string, at: string): boolean =>
  windows.some(({ lot: in_, from, to }) => in_ === lot && (from ?? '') <= at && (to === null || at <= to));
