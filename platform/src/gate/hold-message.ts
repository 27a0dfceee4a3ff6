import type { RecordOf } from '@lotwarden/contracts/events';
import type { SerialScope } from '../serial-range.ts';
import type { HoldEntry } from '../store/hold.ts';

export type HoldPlaced = RecordOf<'recall.hold.v1', 'HoldPlaced'>;
export type HoldReleased = RecordOf<'recall.hold.v1', 'HoldReleased'>;
export type HoldManifest = RecordOf<'recall.hold.v1', 'HoldManifest'>;
export type HoldMessage = HoldPlaced | HoldReleased | HoldManifest;

/** What hold messages say last about one lot. */
export interface HoldWrite {
  readonly lot: string;
  readonly hold: string;
  readonly epoch: number;
  readonly state: 'held' | 'released';
  readonly provisional: boolean;
  /** Null for a release. */
  readonly serials: SerialScope | null;
}

/**
 * One write per lot and hold: of several epochs the newest, for a chunk says all of a lot's serials that are held. In
 * one epoch a hold wins over a release.
 */
export function coalesce(messages: readonly HoldMessage[]): HoldWrite[] {
  const writes = new Map<string, HoldWrite>();
  for (const write of messages.flatMap(writesOf)) {
    const key = `${write.hold}|${write.lot}`;
    const before = writes.get(key);
    if (!before || isNewer(markOf(write), markOf(before))) writes.set(key, write);
  }
  return [...writes.values()];
}

function writesOf(message: HoldMessage): HoldWrite[] {
  const { hold, epoch } = message;
  switch (message.type) {
    case 'HoldPlaced': {
      const { provisional } = message;
      return message.lots.map(({ lot, serials }) => ({ lot, hold, epoch, state: 'held', provisional, serials }));
    }
    case 'HoldReleased':
      return message.lots.map((lot) => ({ lot, hold, epoch, state: 'released', provisional: false, serials: null }));
    case 'HoldManifest':
      return [];
  }
}

interface Mark {
  readonly epoch: number;
  /** Does a hold message hold the lot? */
  readonly placed: boolean;
}

const isNewer = (write: Mark, before: Mark): boolean =>
  write.epoch > before.epoch || (write.epoch === before.epoch && write.placed && !before.placed);

const markOf = (write: HoldWrite): Mark => ({ epoch: write.epoch, placed: write.state === 'held' });

/** What a gate's entry is after a write: the model of the pipeline update in hold-write.ts. */
export function applyWrite(entry: HoldEntry | undefined, write: HoldWrite): HoldEntry {
  const before = entry && { epoch: entry.epoch, placed: entry.state === 'held' && entry.placed !== null };
  if (before && !isNewer(markOf(write), before)) return entry;
  const { epoch, state, provisional, serials } = write;
  if (state === 'held') return { epoch, state, provisional, placed: serials, inherited: entry?.inherited ?? null };
  // Whoever signed the release reviewed how the lot was made: what it had inherited ends too.
  return { epoch, state, provisional: entry?.provisional ?? false, placed: entry?.placed ?? null, inherited: null };
}
