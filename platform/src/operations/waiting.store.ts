import { parkReasons, passing, type ParkedKey, type ParkReason } from '../consumer/parking.ts';
import type { Store } from '../store/store.ts';
import type { Invariant } from './invariants.ts';

/** Parked keys that something waits behind. */
export const WAITING = { 'state.count': { $gt: 0 } } as const;

/** What passes by itself does so within this time, in milliseconds; what does not is a person's business. */
const PASSES_WITHIN = 60_000;

type ParkedDocument = { readonly _id: string; readonly state: ParkedKey };

/** How many keys wait, by why. */
export async function waitingKeys({ db }: Store): Promise<Readonly<Record<ParkReason, number>>> {
  const groups = await db
    .collection<ParkedDocument>('parked_keys')
    .aggregate<{ _id: ParkReason; count: number }>([
      { $match: WAITING },
      { $group: { _id: '$state.reason', count: { $sum: 1 } } },
    ])
    .toArray();
  const counts = new Map(groups.map(({ _id, count }) => [_id, count]));
  return Object.fromEntries(parkReasons.map((reason) => [reason, counts.get(reason) ?? 0])) as Record<
    ParkReason,
    number
  >;
}

/** No fact is kept waiting: each is handled, or a person has said why it is passed over. */
export async function factsKeptWaiting({ db, clock }: Store): Promise<Invariant> {
  const lately = new Date(clock().getTime() - PASSES_WITHIN).toISOString();
  const found = await db
    .collection<ParkedDocument>('parked_keys')
    .find({ ...WAITING, $or: [{ 'state.reason': { $nin: [...passing] } }, { 'state.since': { $lt: lately } }] })
    .sort({ _id: 1 })
    .limit(1_000)
    .toArray();
  return {
    invariant: 'no-fact-is-kept-waiting',
    violators: found.map(({ state: { group, topic, key, reason, detail, count } }) => ({
      subject: `${topic} ${key}`,
      detail: `${group}: ${String(count)} parked, ${reason ?? ''}: ${detail}`,
    })),
  };
}
