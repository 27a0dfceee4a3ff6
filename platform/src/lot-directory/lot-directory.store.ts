import { isPlaceholder, placeholderLotId, type LotId } from '../ids.ts';
import { lotRefKey, OWN_SYSTEM, type LotRef } from '../lot-ref.ts';
import { namingOf, type LotEvent, type Naming } from './naming.ts';
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

export type { LotEvent, Naming } from './naming.ts';

/** What this service did with the placeholder has to move to the lot; runs in the same unit of work. */
export type Merge = (work: Work, placeholder: string, lot: string) => Promise<void>;

/** Which lot other systems mean by their names for it, as far as this service has heard. */
export interface LotDirectory {
  /**
   * In the order of `refs`; never refuses. With a unit of work it sees what this unit learnt, and remembers which
   * placeholders came into use, so that a later declaration merges them. Without one it only looks.
   */
  resolve(refs: readonly LotRef[], work?: Work): Promise<readonly Resolved[]>;
  /**
   * Feed it with what receiving and mes-bridge declare. `merge` runs for the placeholder that `naming` tells of, and for
   * those this service had used. A name that moves from one declared lot to another merges nothing: both are real.
   */
  learn(work: Work, naming: Naming, merge?: Merge): Promise<void>;
  /** Learns from an event of receiving.material-lot.v1 or mes-bridge.production-lot.v1; others say nothing about names. */
  hear(work: Work, event: LotEvent, merge?: Merge): Promise<void>;
}

export function lotDirectory(store: Pick<Store, 'collection'>): LotDirectory {
  const entries = store.collection<DirectoryEntry>(COLLECTION, [{ key: { lot: 1 }, name: 'names of a lot' }]);

  async function lookUp(keys: readonly string[], work?: Work): Promise<Map<string, string>> {
    if (keys.length === 0) return new Map();
    const found = work
      ? [...(await work.read<DirectoryEntry>(COLLECTION, keys)).values()]
      : await entries.find({ _id: { $in: [...keys] } }).toArray();
    return new Map(found.map(({ _id, lot }) => [_id, lot]));
  }

  async function resolve(refs: readonly LotRef[], work?: Work): Promise<readonly Resolved[]> {
    const foreign = refs.filter(({ system }) => system !== OWN_SYSTEM);
    const lots = await lookUp([...new Set(foreign.map(lotRefKey))], work);
    return refs.map((ref) => {
      if (ref.system === OWN_SYSTEM) return { ref, lot: ref.code as LotId, known: !isPlaceholder(ref.code) };
      const key = lotRefKey(ref);
      const lot = lots.get(key) ?? placeholderLotId(ref);
      if (work && !lots.has(key)) {
        // An insert, not a replacement: a declaration that comes at the same moment must win.
        work.insert(COLLECTION, { _id: key, lot });
        lots.set(key, lot);
      }
      return { ref, lot: lot as LotId, known: !isPlaceholder(lot) };
    });
  }

  async function learn(work: Work, { lot, aliases, placeholder }: Naming, merge?: Merge): Promise<void> {
    const keys = aliases.filter(({ system }) => system !== OWN_SYSTEM).map(lotRefKey);
    const before = await lookUp(keys, work);
    const outdated = new Set(placeholder ? [placeholder] : []);
    for (const _id of new Set(keys)) {
      const known = before.get(_id);
      // A name never goes back to standing for nobody knows what.
      if (known === lot || (known !== undefined && isPlaceholder(lot))) continue;
      if (known === undefined) work.insert(COLLECTION, { _id, lot });
      else work.replace(COLLECTION, { _id, lot });
      if (known !== undefined && isPlaceholder(known)) outdated.add(known);
    }
    if (merge) for (const stale of outdated) if (stale !== lot) await merge(work, stale, lot);
  }

  const hear = async (work: Work, event: LotEvent, merge?: Merge): Promise<void> => {
    const naming = namingOf(event);
    if (naming) await learn(work, naming, merge);
  };

  return { resolve, learn, hear };
}
