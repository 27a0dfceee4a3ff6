import type { Collection, Db, Filter, IndexDescription } from 'mongodb';
import type { PlainDocument, Work } from '../store/work.ts';

/** When a gate first acknowledged an epoch of a hold, in places of the hold topic. */
export interface AcknowledgedAt {
  readonly hold: string;
  readonly epoch: number;
  /** Offset of the manifest. */
  readonly place: number;
}

/** How far a gate had acknowledged. Places of two lives of a database are not compared: what the first said is void. */
export interface Acknowledged {
  readonly incarnation: string;
  readonly place: number;
}

type Kept = PlainDocument & Acknowledged & Partial<AcknowledgedAt>;

export const ACKNOWLEDGED = 'gate_acknowledged';

export const ACKNOWLEDGED_INDEXES: readonly IndexDescription[] = [
  { key: { hold: 1, incarnation: 1 }, name: 'of a hold' },
];

/** Beside the epochs, in the same collection: one more write would cost the acknowledgement a round trip. */
const NEWEST = 'newest';

const kept = (db: Db): Collection<Kept> => db.collection<Kept>(ACKNOWLEDGED);

/** Once per epoch and life of the database; the newest place never goes back, also when all is read again. */
export function keepAcknowledged(work: Work, incarnation: string, { hold, epoch, place }: AcknowledgedAt): void {
  const _id = `${hold}|${String(epoch)}|${incarnation}`;
  work.reference(ACKNOWLEDGED, { _id, hold, epoch, incarnation, place });
  const sameLife = { $eq: ['$incarnation', incarnation] };
  const newest = { $cond: [sameLife, { $max: ['$place', place] }, place] };
  work.put(ACKNOWLEDGED, { _id: NEWEST }, [{ $set: { incarnation, place: newest } }]);
}

/**
 * The newest place this gate has acknowledged, as its database says: another replica may be the one that reads holds.
 * Null if it never acknowledged any. Read before a command decides, it covers what was acknowledged before, and only
 * that: epochs are acknowledged in the order of their manifests. One document, however many holds there are.
 */
export async function acknowledgedSoFar(db: Db): Promise<Acknowledged | null> {
  const newest = await kept(db).findOne({ _id: NEWEST });
  return newest && { incarnation: newest.incarnation, place: newest.place };
}

/** At which places these holds were acknowledged, in one life of the database. */
export async function acknowledgedAt(
  db: Db,
  incarnation: string,
  holds: readonly string[],
): Promise<readonly AcknowledgedAt[]> {
  if (holds.length === 0) return [];
  const found = await kept(db)
    .find({ hold: { $in: [...holds] }, incarnation } as Filter<Kept>)
    .toArray();
  return found.flatMap(({ hold, epoch, place }) =>
    hold === undefined || epoch === undefined ? [] : [{ hold, epoch, place }],
  );
}
