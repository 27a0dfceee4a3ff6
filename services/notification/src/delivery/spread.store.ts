import type { Work } from '@lotwarden/platform/store';
import { DUE, type DueDocument, type House } from '../house.ts';
import { reachOf, sendId } from './delivery.ts';

/** A party may get an endpoint, or one more, while a notice is open. Milliseconds. */
export const LOOK_AGAIN = 60_000;

interface Spreading {
  readonly delivery: string;
  readonly notice: string;
  readonly version: number;
  readonly party: string;
  readonly now: Date;
  /** When the delivery is looked at again if there is no endpoint. */
  readonly ifNone: Date;
}

/**
 * A task for each active endpoint of the party that has not taken this version and has none, and a look for more of them
 * in a while. Returns whether there is any endpoint, and what is to be sent now.
 */
export async function spreadOver(
  { endpoints, deliveries }: House,
  work: Work,
  { delivery, notice, version, party, now, ifNone }: Spreading,
): Promise<{ readonly reachable: boolean; readonly sends: readonly string[] }> {
  const active: string[] = [];
  for (let after: string | undefined; ;) {
    const { items, next } = await endpoints.find({ 'state.party': party, 'state.status': 'active' }, { after });
    active.push(...items.map(({ id }) => id));
    if (next === undefined) break;
    after = next;
  }
  const [known] = await work.load(deliveries, [delivery]);
  const there = await work.read<DueDocument>(
    DUE,
    active.map((endpoint) => sendId(delivery, endpoint)),
  );
  const sends = active.flatMap((endpoint): DueDocument[] => {
    const _id = sendId(delivery, endpoint);
    const told = known !== undefined && reachOf(known.state, endpoint).deliveredAt !== null;
    if (told || there.has(_id)) return [];
    return [{ _id, step: 'send', dueAt: now, leasedUntil: now, delivery, endpoint, notice, version }];
  });
  for (const send of sends) work.replace(DUE, send);
  const reachable = active.length > 0;
  const dueAt = reachable ? new Date(now.getTime() + LOOK_AGAIN) : ifNone;
  const look = { step: 'spread', dueAt, leasedUntil: dueAt, delivery, endpoint: null, notice, version } as const;
  work.replace(DUE, { _id: delivery, ...look });
  return { reachable, sends: sends.map(({ _id }) => _id) };
}
