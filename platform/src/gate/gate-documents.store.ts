import { MongoBulkWriteError, type Collection, type Filter } from 'mongodb';
import { DUPLICATE_KEY, isDuplicateKey } from '../store/failures.ts';
import { holdDigest, type HoldDigest } from './hold-digest.ts';
import { HoldFault } from './hold-fault.ts';
import type { HoldWrite } from './hold-message.ts';
import { heldFromBirth, holdUpdates, type GateDocument } from './hold-write.ts';

/**
 * What is on the shelf first, for it can leave; then what is only known; what nobody has seen yet cannot leave. Looks
 * which is which while `announced` is under way, and writes nothing before that is done.
 */
export async function writeHolds(
  documents: Collection<GateDocument>,
  writes: readonly HoldWrite[],
  now: Date,
  announced: Promise<void> = Promise.resolve(),
): Promise<void> {
  const lots = [...new Set(writes.map(({ lot }) => lot))];
  const looking = documents.find({ _id: { $in: lots } }, { projection: { version: 1 } }).toArray();
  const [known] = await Promise.all([looking, announced]);
  const born = new Map(known.map(({ _id, version }) => [_id, version > 0]));
  const missing = new Map<string, HoldWrite>();
  for (const write of writes) if (!born.has(write.lot) && !missing.has(write.lot)) missing.set(write.lot, write);

  const update = async (part: readonly HoldWrite[]): Promise<void> => {
    if (part.length > 0) await documents.bulkWrite(holdUpdates(part, now), { ordered: false });
  };
  await update(writes.filter(({ lot }) => born.get(lot) === true));
  await update(writes.filter(({ lot }) => born.get(lot) === false));
  if (missing.size === 0) return;
  const births = [...missing.values()];
  const bornMeanwhile = await insertMissing(
    documents,
    births.map((write) => heldFromBirth(write, now)),
  );
  const inserted = new Set(births.filter(({ lot }) => !bornMeanwhile.has(lot)));
  // Lots born meanwhile, and a lot's second hold.
  await update(writes.filter((write) => missing.has(write.lot) && !inserted.has(write)));
}

/** Returns the lots that somebody else inserted first. */
async function insertMissing(
  documents: Collection<GateDocument>,
  births: readonly GateDocument[],
): Promise<ReadonlySet<string>> {
  try {
    await documents.insertMany([...births], { ordered: false });
    return new Set();
  } catch (error) {
    if (!(error instanceof MongoBulkWriteError && isDuplicateKey(error))) throw error;
    const refused = [error.writeErrors].flat();
    if (refused.some(({ code }) => code !== DUPLICATE_KEY)) throw error;
    return new Set(refused.flatMap(({ index }) => births[index]?._id ?? []));
  }
}

/** What hold messages have put on hold and not ended, as it stands in the gate's own documents. */
export async function digestOf(documents: Collection<GateDocument>, hold: string): Promise<HoldDigest> {
  const projection = { [`holds.${hold}.placed`]: 1 };
  const held = await documents
    .find({ heldBy: hold, [`holds.${hold}.state`]: 'held' } as Filter<GateDocument>, { projection })
    .toArray();
  return holdDigest(
    held.map(({ _id, holds }) => {
      const serials = holds[hold]?.placed;
      if (!serials) throw new HoldFault('digest-mismatch', { hold, lot: _id });
      return { lot: _id, serials };
    }),
  );
}
