import { isPlaceholder, placeholderLotId, type LotId } from '../ids.ts';
import { lotRefKey, OWN_SYSTEM, type LotRef } from '../lot-ref.ts';
import { namingOf, type LotEvent, type Naming } from './naming.ts';
import type { PlainDocument, Store, Work } from '../store/store.ts';

const COLLECTION = 'lot_directory';

/** `_id` is the key of a name, or a placeholder, under which facts of a lot may come also once it is known. */
interface DirectoryEntry extends PlainDocument {
  readonly lot: string;
  /** How often it was used while nobody knew the lot: whoever uses a placeholder and whoever merges it meet here. */
  readonly uses?: number;
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
   * placeholders came into use, so that a later declaration merges them. Without one it only looks. An id of a placeholder
   * is a name too: facts come under it also after it was merged, from whoever had not heard of that.
   */
  resolve(refs: readonly LotRef[], work?: Work): Promise<readonly Resolved[]>;
  /** The lots as they are called now, of facts that others tell under our own ids. */
  current(lots: readonly string[], work: Work): Promise<(lot: string) => string>;
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

  async function lookUp(keys: readonly string[], work?: Work): Promise<Map<string, DirectoryEntry>> {
    if (keys.length === 0) return new Map();
    if (work) return work.read<DirectoryEntry>(COLLECTION, keys);
    const found = await entries.find({ _id: { $in: [...keys] } }).toArray();
    return new Map(found.map((entry) => [entry._id, entry]));
  }

  /** Who uses a placeholder writes to its entry, and so does who merges it: of two at the same moment one runs again. */
  function use(work: Work, known: DirectoryEntry | undefined, entry: DirectoryEntry): void {
    if (known) work.replace(COLLECTION, { ...entry, uses: (known.uses ?? 1) + 1 });
    else work.insert(COLLECTION, entry);
  }

  async function resolve(refs: readonly LotRef[], work?: Work): Promise<readonly Resolved[]> {
    const known = new Map(await lookUp([...new Set(refs.flatMap((ref) => keyOf(ref) ?? []))], work));
    const used = new Set<string>();
    return refs.map((ref) => {
      const key = keyOf(ref);
      if (key === undefined) return { ref, lot: ref.code as LotId, known: true };
      const lot = known.get(key)?.lot ?? standIn(ref);
      if (work && isPlaceholder(lot) && !used.has(key)) {
        use(work, known.get(key), { _id: key, lot });
        used.add(key);
      }
      return { ref, lot: lot as LotId, known: !isPlaceholder(lot) };
    });
  }

  async function current(lots: readonly string[], work: Work): Promise<(lot: string) => string> {
    const resolved = await resolve(lots.map((code) => ({ system: OWN_SYSTEM, code })), work); // prettier-ignore
    const names = new Map(resolved.map(({ ref, lot }) => [ref.code, lot]));
    return (lot) => names.get(lot) ?? lot;
  }

  async function learn(work: Work, { lot, aliases, placeholder }: Naming, merge?: Merge): Promise<void> {
    const foreign = aliases.filter(({ system }) => system !== OWN_SYSTEM);
    const before = placeholder ? [placeholder] : [];
    const keys = new Set([...foreign.flatMap((ref) => [lotRefKey(ref), placeholderLotId(ref)]), ...before]);
    // Itself it need not name.
    keys.delete(lot);
    const known = await lookUp([...keys], work);
    const outdated = new Set(before);
    for (const _id of keys) {
      const meant = known.get(_id)?.lot;
      // A name never goes back to standing for nobody knows what.
      if (meant === lot || (meant !== undefined && isPlaceholder(lot))) continue;
      if (meant === undefined) work.insert(COLLECTION, { _id, lot });
      else work.replace(COLLECTION, { _id, lot });
      if (meant !== undefined && isPlaceholder(meant)) outdated.add(meant);
    }
    if (merge) for (const stale of outdated) if (stale !== lot) await merge(work, stale, lot);
  }

  const hear = async (work: Work, event: LotEvent, merge?: Merge): Promise<void> => {
    const naming = namingOf(event);
    if (naming) await learn(work, naming, merge);
  };

  return { resolve, current, learn, hear };
}

/** Undefined for an id of a lot: that needs no looking up. */
const keyOf = (ref: LotRef): string | undefined => {
  if (ref.system !== OWN_SYSTEM) return lotRefKey(ref);
  return isPlaceholder(ref.code) ? ref.code : undefined;
};

const standIn = (ref: LotRef): string => (ref.system === OWN_SYSTEM ? ref.code : placeholderLotId(ref));
