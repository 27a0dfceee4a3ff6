import { placeholderLotId, type LotId } from '../ids.ts';
import { lotRefKey, OWN_SYSTEM, type LotRef } from '../lot-ref.ts';
import type { PlainDocument, Store, Work } from '../store/store.ts';

const COLLECTION = 'lot_directory';

interface DirectoryEntry extends PlainDocument {
  readonly lot: string;
}

/** A lot as it was meant. `known` false: nobody has declared such a lot yet, and `lot` stands for it. */
export interface Resolved {
  readonly ref: LotRef;
  readonly lot: LotId;
  readonly known: boolean;
}

/** The names of a new lot, or one more name of a lot; and the placeholder that the name had until now, if any. */
export interface Naming {
  readonly lot: string;
  readonly aliases: readonly LotRef[];
  readonly placeholder?: string | null;
}

/** What this service did with the placeholder has to move to the lot; runs in the same unit of work. */
export type Merge = (work: Work, placeholder: string, lot: string) => Promise<void>;

/** Which lot other systems mean by their names for it, as far as this service has heard. */
export interface LotDirectory {
  /** In the order of `refs`; never refuses. Inside a unit of work give it, to see names learnt in the same unit. */
  resolve(refs: readonly LotRef[], work?: Work): Promise<readonly Resolved[]>;
  /** Feed it with what receiving and mes-bridge declare. `merge` runs for each placeholder that a name had had. */
  learn(work: Work, naming: Naming, merge?: Merge): Promise<void>;
}

export function lotDirectory(store: Pick<Store, 'collection'>): LotDirectory {
  const entries = store.collection<DirectoryEntry>(COLLECTION, [{ key: { lot: 1 }, name: 'names of a lot' }]);

  async function lookUp(keys: readonly string[], work?: Work): Promise<Map<string, string>> {
    if (work) {
      const found = await work.read<DirectoryEntry>(COLLECTION, keys);
      return new Map([...found].map(([key, { lot }]) => [key, lot]));
    }
    const found = await entries.find({ _id: { $in: [...keys] } }).toArray();
    return new Map(found.map(({ _id, lot }) => [_id, lot]));
  }

  return {
    resolve: async (refs, work) => {
      const foreign = [...new Set(refs.filter(({ system }) => system !== OWN_SYSTEM).map(lotRefKey))];
      const lots = foreign.length > 0 ? await lookUp(foreign, work) : new Map<string, string>();
      return refs.map((ref) => {
        if (ref.system === OWN_SYSTEM) return { ref, lot: ref.code as LotId, known: true };
        const lot = lots.get(lotRefKey(ref));
        return lot === undefined
          ? { ref, lot: placeholderLotId(ref), known: false }
          : { ref, lot: lot as LotId, known: true };
      });
    },

    learn: async (work, { lot, aliases, placeholder }, merge) => {
      const foreign = aliases.filter(({ system }) => system !== OWN_SYSTEM);
      const before = await lookUp(foreign.map(lotRefKey), work);
      const outdated = new Set<string>();
      for (const ref of foreign) {
        const known = before.get(lotRefKey(ref));
        if (known === lot) continue;
        // Until this moment whoever used the name meant the placeholder, or the lot it was thought to be.
        outdated.add(placeholderLotId(ref));
        work.replace(COLLECTION, { _id: lotRefKey(ref), lot });
      }
      if (placeholder) outdated.add(placeholder);
      if (!merge) return;
      for (const stale of outdated) if (stale !== lot) await merge(work, stale, lot);
    },
  };
}
