import { isPlaceholder } from '@lotwarden/platform/ids';
import { mergePlaceholder } from '@lotwarden/platform/gate';
import type { Deps } from '@lotwarden/platform/service';
import type { PlainDocument, Work } from '@lotwarden/platform/store';
import type { PlacesOf } from '../site/places.store.ts';
import { mergeStock } from '../stock/merge-stock.ts';
import type { Stocks } from '../stock/stock.store.ts';

interface Merged extends PlainDocument {
  readonly lot: string;
}

const COLLECTION = 'merged_lots';

/** Which placeholders turned out to be which lots, and how their books follow. */
export function openMergedLots({ collection }: Pick<Deps, 'collection'>, stocks: Stocks, places: PlacesOf) {
  collection<Merged>(COLLECTION);

  /**
   * The lots as they are called now: a fact may come under a placeholder's name after it was merged. Whoever then writes to
   * a book of a placeholder runs again if it is merged meanwhile.
   */
  async function actual(work: Work, lots: readonly string[]): Promise<(lot: string) => string> {
    const merged = new Map<string, string>();
    let open = [...new Set(lots.filter(isPlaceholder))];
    while (open.length > 0) {
      // In this order: a merge that is not seen by the second read changes what the first one read.
      await work.load(stocks, open);
      const found = await work.read<Merged>(COLLECTION, open);
      for (const { _id, lot } of found.values()) merged.set(_id, lot);
      open = [...found.values()].map(({ lot }) => lot).filter((lot) => isPlaceholder(lot) && !merged.has(lot));
    }
    const now = (lot: string): string => {
      const next = merged.get(lot);
      return next === undefined ? lot : now(next);
    };
    return now;
  }

  /** Books and holds of a placeholder go to its lot, in one transaction (correctness rule 2). */
  async function merge(work: Work, placeholder: string, lot: string): Promise<void> {
    await mergePlaceholder(work, stocks, placeholder, lot);
    const [unknown] = await work.load(stocks, [placeholder]);
    if (unknown && unknown.version > 0) {
      const quarantines = new Set<string>();
      for (const { site, location } of unknown.state.buckets)
        if ((await places.of(work, site)).kind(location) === 'quarantine') quarantines.add(`${site}|${location}`);
      const inQuarantine = (b: { site: string; location: string }) => quarantines.has(`${b.site}|${b.location}`);
      const { out, into } = mergeStock(unknown.state, { placeholder, lot }, inQuarantine);
      await work.append(stocks, placeholder, out);
      await work.append(stocks, lot, into);
    }
    work.replace(COLLECTION, { _id: placeholder, lot });
  }

  return { actual, merge };
}

export type MergedLots = ReturnType<typeof openMergedLots>;
