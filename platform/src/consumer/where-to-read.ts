import type { Batch, PartitionEnd } from '../kafka/kafka.ts';

/** What to do with a batch, given how far its readers are. */
export type Verdict =
  | { readonly do: 'read' }
  /** Kafka began somewhere else: its own note of our place is only a hint. */
  | { readonly do: 'seek'; readonly to: number }
  /** Messages that some reader has not seen are no longer there; the rest begins at `to`. */
  | { readonly do: 'admit-loss'; readonly from: number; readonly to: number }
  /** Going on would be silent: the topic is not the one these places belong to, or has lost what it keeps for ever. */
  | { readonly do: 'stop'; readonly why: string };

interface Situation {
  /** The stored places of all that read this partition; null for a reader that has not begun. */
  readonly places: readonly (number | null)[];
  readonly batch: Pick<Batch, 'from' | 'next' | 'end'>;
  readonly keptForEver: boolean;
  /** What the broker says is there; asked only where Kafka and our places do not agree. */
  readonly there: () => Promise<Pick<PartitionEnd, 'low' | 'next'>>;
}

/**
 * Compares where Kafka began to read with our own places (correctness rules 4 and 8). Compared is the fetch position, as
 * offsets have gaps.
 */
export async function whereToRead({ places, batch, keptForEver, there }: Situation): Promise<Verdict> {
  const begun = places.filter((place) => place !== null);
  const furthest = Math.max(0, ...begun);
  const wanted = Math.min(...places.map((place) => place ?? 0));
  if (batch.end < furthest) {
    // A broker that has just taken over may not know its own end yet: only what it answers now counts.
    const { next } = await there();
    if (next < furthest) return { do: 'stop', why: `it ends at ${String(next)}, but was read to ${String(furthest)}` };
  }
  if (wanted >= batch.next) return { do: 'seek', to: wanted };
  if (wanted >= batch.from) return { do: 'read' };
  const { low } = await there();
  if (low <= wanted) return { do: 'seek', to: wanted };
  if (keptForEver) return { do: 'stop', why: `it begins at ${String(low)}, but is wanted from ${String(wanted)}` };
  if (batch.from > low) return { do: 'seek', to: low };
  // A reader that has not begun takes what there is.
  const lost = Math.min(...begun, low);
  return lost < low ? { do: 'admit-loss', from: lost, to: low } : { do: 'read' };
}
