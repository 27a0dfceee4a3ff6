import type { SerialRange } from '@lotwarden/contracts/events';
import { inheritedHolds, mergedLots } from '@lotwarden/platform/gate';
import { intersect, union } from '@lotwarden/platform/serial-range';
import type { Work } from '@lotwarden/platform/store';
import { openContainersOf } from '../container/open-containers.store.ts';
import type { House } from '../house.ts';
import type { SerialFinder } from './find-serials.store.ts';
import { followOperation, unfollowOperation, type Look } from './follow-operation.ts';
import { lotsOf, naming, renamed, serialsNamed, speakingOf, type Flows, type Followed } from './followed-operation.ts';
import { holdsOfUnits } from './holds-of-units.mapper.ts';
import type { LotSerialsEvent } from './lot-serials.ts';
import { NONE_WAITING, placeOf, placesOf, waitFor, waitingFor } from './waiting-operations.ts';

/** Serials that came to a lot. */
interface Arrival {
  readonly lot: string;
  readonly ranges: readonly SerialRange[];
}

/** Serials follow what happens to the goods, and so do holds. */
export function serialFollower(house: House, finder: SerialFinder) {
  const { serials, issued, lots, waiting, followed: operations } = house;

  async function followedSoFar(work: Work, operation: string): Promise<Followed> {
    const [known] = await work.load(operations, [operation]);
    if (!known) throw new Error('a load answers for every id');
    return known.state;
  }

  async function lookAt(work: Work, told: Flows): Promise<Look> {
    const own = lotsOf(told);
    const named = serialsNamed(told);
    const elsewhere = (await finder.lots(named)).map(({ id }) => id).filter((lot) => !own.includes(lot));
    // Loaded, not taken as found: an earlier message of this unit may have moved them.
    const known = new Map((await work.load(serials, [...own, ...elsewhere])).map(({ id, state }) => [id, state]));
    // Guards: serials that come or go meanwhile make this run again.
    for (const lot of own) await work.touch(serials, lot);
    const described = new Map((await work.load(lots, own)).map(({ id, state }) => [id, state.product]));
    const given = (await work.load(issued, gtinsOf(named))).flatMap(({ state }) => state.ranges);
    return {
      serialsOf: (lot) => known.get(lot)?.ranges ?? [],
      productOf: (lot) => described.get(lot) ?? known.get(lot)?.product ?? null,
      others: elsewhere.map((lot) => ({ lot, ranges: known.get(lot)?.ranges ?? [] })),
      issued: (ranges) => intersect(ranges, given),
    };
  }

  /** What is made is born with the holds of what went into it; a late input brings its holds, a late output gets them. */
  async function inherit(work: Work, { inputs, outputs }: Flows, fresh: Flows): Promise<void> {
    const isFresh = (flows: readonly { readonly lot: string }[], lot: string) => flows.some((flow) => flow.lot === lot);
    const known = new Map(
      (
        await work.load(
          serials,
          inputs.map(({ lot }) => lot),
        )
      ).map(({ id, holds }) => [id, holds]),
    );
    for (const { lot, serials: made } of outputs) {
      const news = inputs.filter(
        (input) => input.lot !== lot && (isFresh(fresh.inputs, input.lot) || isFresh(fresh.outputs, lot)),
      );
      const held = news.map((input) => ({ ...input, holds: known.get(input.lot) ?? {} }));
      await work.addHolds(serials, lot, inheritedHolds(held, made));
    }
  }

  async function write(work: Work, operation: string, events: readonly LotSerialsEvent[]): Promise<Arrival[]> {
    for (const event of events) {
      if (event.type === 'SerialsMovedOut' || event.type === 'SerialsScrapped') {
        const why = `units ${event.type === 'SerialsScrapped' ? 'scrapped' : 'moved'} by ${operation}`;
        await openContainersOf(work, house, event.lot, event.ranges, why);
      }
      await work.append(serials, event.lot, [event]);
    }
    return events.flatMap((event) =>
      event.type === 'SerialsMovedIn' ? [{ lot: event.lot, ranges: event.ranges }] : [],
    );
  }

  /** At each of these lots, which are guarded. */
  async function wait(work: Work, operation: string, at: readonly string[], awaited: readonly SerialRange[]) {
    for (const lot of new Set(at))
      await work.change(waiting, placeOf(lot, operation), (known) => waitFor(known, operation, awaited));
  }

  /** Returns the serials that came to another lot by it. */
  async function step(work: Work, operation: string, before: Followed, all: Flows, reported: Flows) {
    const merged = await mergedLots(work, serials, [...lotsOf(all), ...lotsOf(reported)]);
    const actual = (lot: string): string => merged.get(lot) ?? lot;
    const [told, fresh] = [renamed(all, actual), renamed(reported, actual)];
    const { followed, events, awaited } = followOperation(before, operation, told, fresh, await lookAt(work, told));
    const arrived = await write(work, operation, events);
    await inherit(work, told, fresh);
    const own = lotsOf(told);
    const formerly = lotsOf(before).filter((lot) => !own.includes(lot));
    await wait(work, operation, formerly, []);
    await wait(work, operation, own, awaited);
    await work.append(operations, operation, [{ type: 'OperationFollowed', followed }]);
    return arrived;
  }

  /** Puts back what an operation moved that is voided, as far as it is still there. */
  async function takeBack(work: Work, operation: string, before: Followed) {
    const lots = [...before.moves.flatMap(({ from, to }) => [from, to]), ...before.scrapped.map(({ lot }) => lot)];
    const known = new Map((await work.load(serials, lots)).map((lot) => [lot.id, lot]));
    // Guards: units that come back meanwhile make this run again.
    for (const lot of known.keys()) await work.touch(serials, lot);
    const looked = unfollowOperation(before, operation, (lot) => known.get(lot)?.state.ranges ?? []);
    const arrived = await write(work, operation, looked.events);
    for (const event of looked.events)
      if (event.type === 'SerialsMovedIn')
        await work.addHolds(serials, event.lot, holdsOfUnits(known.get(event.fromLot)?.holds ?? {}, event.ranges));
    await wait(work, operation, lotsOf(before), []);
    const { moves } = looked.followed;
    await wait(
      work,
      operation,
      before.moves.map(({ to }) => to),
      moves.flatMap(({ ranges }) => ranges),
    );
    await work.append(operations, operation, [{ type: 'OperationFollowed', followed: looked.followed }]);
    return arrived;
  }

  /** Operations that waited for what has come to these lots. */
  async function waitingAt(work: Work, arrivals: readonly Arrival[]): Promise<ReadonlySet<string>> {
    const found = new Set<string>();
    for (const { lot, ranges } of arrivals)
      for (const { state } of await work.load(waiting, placesOf(lot)))
        for (const { operation } of waitingFor(state, ranges)) found.add(operation);
    return found;
  }

  /** All of these that one operation waits for now. */
  async function comeFor(work: Work, operation: string, arrivals: readonly Arrival[]): Promise<readonly SerialRange[]> {
    const placed = arrivals.map(({ lot, ranges }) => ({ place: placeOf(lot, operation), ranges }));
    const ids = [...new Set(placed.map(({ place }) => place))];
    const known = new Map((await work.load(waiting, ids)).map(({ id, state }) => [id, state]));
    return placed
      .flatMap(({ place, ranges }) => waitingFor(known.get(place) ?? NONE_WAITING, ranges))
      .filter((each) => each.operation === operation)
      .reduce<readonly SerialRange[]>((all, each) => union(all, each.ranges), []);
  }

  /** Serials came to a lot: operations that named them before they were there are followed now. Each moves a unit once. */
  async function arrive(work: Work, arrivals: readonly Arrival[]): Promise<void> {
    let come = arrivals;
    while (come.length > 0) {
      const next: Arrival[] = [];
      for (const operation of await waitingAt(work, come)) {
        // Also what others brought since this round began: once it is there, the operation waits for it no more.
        const ranges = await comeFor(work, operation, [...come, ...next]);
        const before = await followedSoFar(work, operation);
        const moved = before.voided
          ? await takeBack(work, operation, before)
          : await step(work, operation, before, before, naming(before, ranges));
        next.push(...moved);
      }
      come = next;
    }
  }

  return {
    arrive,

    /** `all` makes of what was known before all that is known now; `reported` is what is new. */
    follow: async (work: Work, operation: string, reported: Flows, all: (before: Flows) => Flows): Promise<void> => {
      const before = await followedSoFar(work, operation);
      if (before.voided) return;
      await arrive(work, await step(work, operation, before, all(before), reported));
    },

    unfollow: async (work: Work, operation: string): Promise<void> => {
      const before = await followedSoFar(work, operation);
      if (before.voided) return;
      await arrive(work, await takeBack(work, operation, before));
    },

    /** A placeholder turned out to be this lot: what operations said of it is followed for the lot. */
    merged: async (work: Work, placeholder: string): Promise<void> => {
      const speaking = ['inputs', 'outputs', 'scrap'].map((flows) => ({ [`state.${flows}.lot`]: placeholder }));
      for (let after: string | undefined; ;) {
        const { items, next } = await operations.find({ $or: speaking }, { limit: 500, after });
        for (const { id } of items) {
          const before = await followedSoFar(work, id);
          if (before.voided) continue;
          await arrive(work, await step(work, id, before, before, speakingOf(before, placeholder)));
        }
        if (next === undefined) return;
        after = next;
      }
    },
  };
}

export type SerialFollower = ReturnType<typeof serialFollower>;

const gtinsOf = (ranges: readonly SerialRange[]): string[] => [...new Set(ranges.map(({ gtin }) => gtin))];
