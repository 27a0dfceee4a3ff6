import type { SerialRange } from '@lotwarden/contracts/events';
import { intersect } from '@lotwarden/platform/serial-range';
import type { Stored, Work } from '@lotwarden/platform/store';
import { openHouse } from '../src/house.ts';
import type { SerialFinder } from '../src/serial-range/find-serials.store.ts';
import type { LotSerials, LotSerialsEvent } from '../src/serial-range/lot-serials.ts';

interface Definition {
  readonly collection: string;
  readonly initial: unknown;
  readonly evolve: (state: unknown, event: unknown) => unknown;
}

/** The house over one unit of work in memory, without a database: for properties over thousands of histories. */
export function memoryHouse() {
  const documents = new Map<string, Map<string, Stored<unknown>>>();
  const events: LotSerialsEvent[] = [];
  const house = openHouse({ aggregate: ((definition: unknown) => ({ definition })) as never });
  const refOf = (ref: unknown): Definition => (ref as { definition: Definition }).definition;
  const collection = (name: string): Map<string, Stored<unknown>> => {
    const known = documents.get(name) ?? new Map<string, Stored<unknown>>();
    documents.set(name, known);
    return known;
  };
  const get = (ref: unknown, id: string): Stored<unknown> => {
    const { collection: name, initial } = refOf(ref);
    return (
      collection(name).get(id) ?? ({ id, state: initial, holds: {}, rev: 0, version: 0 } as unknown as Stored<unknown>)
    );
  };
  const append = (ref: unknown, id: string, some: readonly unknown[]) => {
    const { collection: name, evolve } = refOf(ref);
    const known = get(ref, id);
    if (some.length > 0) collection(name).set(id, { ...known, state: some.reduce(evolve, known.state) });
    if (name === 'lot_serials') events.push(...(some as LotSerialsEvent[]));
    return { ...get(ref, id), events: some };
  };
  const work = {
    load: (ref: unknown, ids: readonly string[]) => Promise.resolve(ids.map((id) => get(ref, id))),
    append: (ref: unknown, id: string, some: readonly unknown[]) => Promise.resolve(append(ref, id, some)),
    change: (ref: unknown, id: string, decide: (state: unknown, loaded: unknown) => readonly unknown[]) => {
      const known = get(ref, id);
      return Promise.resolve(append(ref, id, decide(known.state, known)));
    },
    touch: () => Promise.resolve(),
    addHolds: () => Promise.resolve(),
    read: () => Promise.resolve(new Map()),
  } as unknown as Work;

  const lots = () => [...collection(refOf(house.serials).collection).values()] as Stored<LotSerials>[];
  const having = (fields: readonly ('ranges' | 'scrapped' | 'given')[], ranges: readonly SerialRange[]) =>
    Promise.resolve(lots().filter(({ state }) => fields.some((field) => intersect(state[field], ranges).length > 0)));
  const finder: SerialFinder = {
    lots: (ranges) => having(['ranges', 'scrapped'], ranges),
    givenTo: (ranges) => having(['given'], ranges),
    relabellings: () => Promise.resolve([]),
  };
  return { house, work, finder, lots, events };
}
