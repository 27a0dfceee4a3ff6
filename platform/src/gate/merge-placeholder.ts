import { isPlaceholder } from '../ids.ts';
import type { AnyEvent, Context, PlainDocument, Store, Work } from '../store/store.ts';
import type { AggregateRef } from '../store/aggregate.ts';

interface Merge extends PlainDocument {
  readonly lot: string;
}

const MERGES = 'gate_merges';

/**
 * The unknown lot turned out to be this one: its holds go along, in the same transaction as the rest of the merge
 * (correctness rule 2). A hold that meets the placeholder later follows by `remerge`.
 */
export async function mergePlaceholder<S, E extends AnyEvent>(
  work: Work,
  lots: AggregateRef<S, E>,
  placeholder: string,
  lot: string,
): Promise<void> {
  const [unknown] = await work.load(lots, [placeholder]);
  // A hold written meanwhile must not slip between reading and copying.
  await work.touch(lots, placeholder);
  if (unknown) await work.addHolds(lots, lot, unknown.holds);
  work.replace(MERGES, { _id: placeholder, lot });
}

/**
 * By placeholder: the lot it turned out to be, as far as this gate merged them. Others are left out: whoever then writes
 * to the document of one in `gated`, or touches it, runs again if it is merged meanwhile.
 */
export async function mergedLots<S, E extends AnyEvent>(
  work: Work,
  gated: AggregateRef<S, E>,
  lots: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const placeholders = [...new Set(lots.filter(isPlaceholder))];
  // In this order: a merge that is not seen by the second read changes what the first one read.
  await work.load(gated, placeholders);
  const merges = await work.read<Merge>(MERGES, placeholders);
  return new Map([...merges.values()].map(({ _id, lot }) => [_id, lot]));
}

/** Copies holds that were just written to placeholders to the lots these became. */
export async function remerge<S, E extends AnyEvent>(
  store: Pick<Store, 'db' | 'work'>,
  lots: AggregateRef<S, E>,
  context: Context,
  held: readonly string[],
): Promise<void> {
  const placeholders = held.filter(isPlaceholder);
  if (placeholders.length === 0) return;
  const merges = await store.db
    .collection<Merge>(MERGES)
    .find({ _id: { $in: placeholders } })
    .toArray();
  for (const { _id, lot } of merges) await store.work(context, (work) => mergePlaceholder(work, lots, _id, lot));
}
