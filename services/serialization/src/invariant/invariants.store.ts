import type { Invariant } from '@lotwarden/platform/service';
import type { Page } from '@lotwarden/platform/store';
import type { House } from '../house.ts';
import { sharedSerials, unknownContents, unknownSerials } from './invariants.ts';

const PAGE = 500;

/** Looked for anew in everything there is; empty lists are good news. */
export async function invariants({ serials, issued, containers }: House): Promise<readonly Invariant[]> {
  const lots = (await all((after) => serials.find({ 'state.lot': { $ne: '' } }, { limit: PAGE, after }))).map(
    ({ id, state }) => ({ lot: id, ranges: state.ranges, scrapped: state.scrapped }),
  );
  const given = new Map((await all((after) => issued.find({}, { limit: PAGE, after }))).map((i) => [i.id, i.state]));
  const packed = await all((after) =>
    containers.find({ 'state.status': { $in: ['packed', 'sealed'] } }, { limit: PAGE, after }),
  );
  const byId = new Map(packed.map(({ id, state }) => [id, state]));
  const owned = lots.map(({ lot, ranges, scrapped }) => ({ lot, ranges: [...ranges, ...scrapped] }));
  return [
    { invariant: 'no-serial-in-two-lots', violators: sharedSerials(owned) },
    { invariant: 'no-orphan-serial', violators: unknownSerials(owned, (gtin) => given.get(gtin)?.ranges ?? []) },
    {
      invariant: 'every-containers-content-known',
      violators: packed.flatMap(({ id, state }) => unknownContents(id, state, (inner) => byId.get(inner))),
    },
  ];
}

async function all<T>(read: (after: string | undefined) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let after: string | undefined;
  do {
    const found = await read(after);
    items.push(...found.items);
    after = found.next;
  } while (after !== undefined);
  return items;
}
