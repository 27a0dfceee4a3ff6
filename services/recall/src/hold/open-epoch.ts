import type { HeldLot as HeldLotLine } from '@lotwarden/contracts/events';
import { holdDigest, type HeldEntry } from '@lotwarden/platform/hold-digest';
import type { HoldEvent } from './hold.ts';

export interface NewEpoch {
  readonly hold: string;
  readonly case: string;
  readonly epoch: number;
  readonly provisional: boolean;
  /** What the gates are told in this epoch: all that is held of each lot. */
  readonly place: readonly HeldEntry[];
  /** Everything this hold holds with this epoch. */
  readonly held: readonly HeldEntry[];
}

/** Lots in one message, and ranges in one message: about 400 kB at the most. */
const CHUNK = 500;
const CHUNK_RANGES = 5_000;

/** Holds in chunks, then the manifest over all that is held (correctness rule 14). */
export function openEpoch({ hold, case: recall, epoch, provisional, place, held }: NewEpoch): HoldEvent[] {
  const parts = chunked([...place].sort((a, b) => (a.lot < b.lot ? -1 : 1)));
  const placed = parts.map((lots, index): HoldEvent => ({
    type: 'HoldPlaced',
    hold,
    case: recall,
    epoch,
    chunk: index + 1,
    chunks: parts.length,
    provisional,
    lots,
  }));
  return [...placed, { type: 'HoldManifest', hold, case: recall, epoch, ...holdDigest(held) }];
}

function chunked(lots: readonly HeldEntry[]): HeldLotLine[][] {
  const chunks: HeldLotLine[][] = [];
  let room = 0;
  for (const { lot, serials } of lots) {
    const last = chunks.at(-1);
    const line = { lot, serials: { mode: serials.mode, ranges: serials.ranges } };
    if (last && last.length < CHUNK && serials.ranges.length <= room) last.push(line);
    else {
      chunks.push([line]);
      room = CHUNK_RANGES;
    }
    room -= serials.ranges.length;
  }
  return chunks;
}
