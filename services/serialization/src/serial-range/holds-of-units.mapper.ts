import type { SerialRange } from '@lotwarden/contracts/events';
import { intersect, subtract } from '@lotwarden/platform/serial-range';
import { heldSerials, type HoldEntry, type Holds } from '@lotwarden/platform/store';

/**
 * The holds that units take along when a void puts them back: of what holds them where they are, just their part. A void
 * says that something was recorded wrongly; only a signed release says that goods are free.
 */
export function holdsOfUnits(holds: Holds, units: readonly SerialRange[]): Holds {
  const along: Record<string, HoldEntry> = {};
  for (const [hold, entry] of Object.entries(holds)) {
    const held = heldSerials(entry);
    if (!held) continue;
    const ranges =
      held.mode === 'all' ? units : held.mode === 'only' ? intersect(units, held.ranges) : subtract(units, held.ranges);
    if (ranges.length === 0) continue;
    const inherited = { mode: 'only', ranges };
    along[hold] = { epoch: 0, state: 'held', provisional: entry.provisional, placed: null, inherited };
  }
  return along;
}
