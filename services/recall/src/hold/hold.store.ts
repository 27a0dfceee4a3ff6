import type { Deps } from '@lotwarden/platform/service';
import type { Aggregate, Work } from '@lotwarden/platform/store';
import type { Doc } from '../documents.ts';
import type { Epoch } from '../freeze/epoch.ts';
import type { Freezes } from '../freeze/freeze.store.ts';
import { heldLotId, told, widen, type HeldLot, type Reach } from './held-lot.ts';
import { evolve, NO_HOLD, type Hold, type HoldEvent, type HoldRelease } from './hold.ts';
import { openEpoch } from './open-epoch.ts';

export const HELD_LOTS = 'held_lots';
export const RELEASES = 'hold_releases';

export interface Reached extends Reach {
  readonly lot: string;
}

export interface OpenEpoch {
  readonly hold: string;
  readonly case: string;
  readonly cause: Epoch['cause'];
  readonly provisional: boolean;
  /** What the gates are told. */
  readonly place: readonly HeldLot[];
  /** All that is held with this epoch. */
  readonly held: readonly HeldLot[];
  /** Said before what is placed. */
  readonly release?: HoldEvent & { readonly type: 'HoldReleased' };
}

/**
 * Holds and their lots. Every writer of held lots loads the hold first and changes or touches it, so that whoever
 * counts them for a manifest and whoever adds one meanwhile cannot both succeed.
 */
export function holdStore({ aggregate, collection, clock }: Deps, freezes: Freezes) {
  const holds: Aggregate<Hold, HoldEvent> = aggregate({
    collection: 'holds',
    topic: 'recall.hold.v1',
    initial: NO_HOLD,
    evolve,
  });
  const heldLots = collection<Doc<HeldLot>>(HELD_LOTS, [
    { key: { hold: 1, state: 1 } },
    { key: { lot: 1 } },
    { key: { pending: 1, hold: 1 }, partialFilterExpression: { pending: true }, name: 'to be told' },
  ]);
  const releases = collection<Doc<HoldRelease>>(RELEASES, [{ key: { hold: 1 } }, { key: { case: 1 } }]);

  /** Adds by set union. Returns the lots that grew; the gates are told of them with the next epoch. */
  async function reach(work: Work, hold: string, reached: readonly Reached[]): Promise<HeldLot[]> {
    await work.load(holds, [hold]);
    const ids = reached.map(({ lot }) => heldLotId(hold, lot));
    const known = await work.read<Doc<HeldLot>>(HELD_LOTS, ids);
    const grown = new Map<string, HeldLot>();
    for (const { lot, ...way } of reached) {
      const _id = heldLotId(hold, lot);
      const next = widen(grown.get(_id) ?? known.get(_id), { hold, lot }, way);
      if (next) grown.set(_id, next);
    }
    const trace = work.context.trace ?? null;
    for (const [_id, lot] of grown) work.replace(HELD_LOTS, { ...lot, trace, _id });
    if (grown.size > 0) await work.touch(holds, hold);
    return [...grown.values()];
  }

  async function open(work: Work, asked: OpenEpoch): Promise<number> {
    const { hold, case: recall, cause, provisional, place, held, release } = asked;
    const [known] = await work.load(holds, [hold]);
    const epoch = (known?.state.status === 'placed' ? known.state.epoch : 0) + 1;
    const events = openEpoch({ hold, case: recall, epoch, provisional, place, held });
    const { state } = await work.append(holds, hold, release ? [release, ...events] : events);
    for (const lot of place.filter(({ pending }) => pending))
      work.replace(HELD_LOTS, { ...told(lot, epoch), _id: heldLotId(hold, lot.lot) });
    const { count, digest } = state.status === 'placed' ? state : { count: 0, digest: '' };
    const placedAt = clock.instant();
    const numbers = { epoch, told: place.length, count, digest };
    await freezes.open(work, { hold, case: recall, cause, provisional, placedAt, ...numbers });
    return epoch;
  }

  /** All lots on hold, told or not. Call it after the hold was loaded. */
  const held = (hold: string): Promise<Doc<HeldLot>[]> => heldLots.find({ hold, state: 'held' }).toArray();

  /** All lots that were let go. Call it after the hold was touched. */
  const released = (hold: string): Promise<Doc<HeldLot>[]> => heldLots.find({ hold, state: 'released' }).toArray();

  const holdsOf = (lot: string): Promise<Doc<HeldLot>[]> => heldLots.find({ lot, state: 'held' }).toArray();

  /** Holds whose gates have to be told something. */
  const growing = (): Promise<string[]> => heldLots.distinct('hold', { pending: true });

  /** What made it grow, or one of the reasons: what gathered in the meantime is told together. */
  const whyGrowing = async (hold: string): Promise<string | null> =>
    (await heldLots.findOne({ hold, pending: true, trace: { $ne: null } }, { sort: { _id: 1 } }))?.trace ?? null;

  const isGrowing = async (hold: string): Promise<boolean> =>
    (await heldLots.findOne({ hold, pending: true }, { projection: { _id: 1 } })) !== null;

  return { holds, heldLots, releases, reach, open, held, released, holdsOf, growing, whyGrowing, isGrowing };
}

export type HoldBook = ReturnType<typeof holdStore>;
