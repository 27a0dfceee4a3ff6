import type { Deps } from '@lotwarden/platform/service';

const HOLDS = 'recall.hold.v1';
const TICKS = 'recall.tick.v1';

/** A hold that is written but not yet on its topic for this long, in milliseconds: the gates must not think they know all. */
const TOO_LONG = 5_000;

/**
 * Says that recall is alive and where the hold topic ends (correctness rule 15). Every replica ticks. While a hold waits
 * in the outbox for too long nobody does: then the gates close, which is the safe side.
 */
export function ticker({ kafka, codec, db, clock }: Pick<Deps, 'kafka' | 'codec' | 'db' | 'clock'>) {
  let sequence = 0;

  return async (): Promise<boolean> => {
    const late = new Date(clock.now().getTime() - TOO_LONG);
    const stuck = { published: false, topic: HOLDS, createdAt: { $lt: late } };
    if ((await db.collection('outbox').findOne(stuck, { projection: { _id: 1 } })) !== null)
      throw new Error('a hold waits in the outbox for too long: no tick, so that the gates close');
    const holdEnd = (await kafka.ends(HOLDS))[0]?.next ?? 0;
    sequence += 1;
    const value = codec.encode(TICKS, { type: 'RecallTick', at: clock.instant(), sequence, holdEnd });
    await kafka.send([{ topic: TICKS, key: 'recall', value }]);
    return false;
  };
}
