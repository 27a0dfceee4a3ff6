import { ok, route } from '@lotwarden/platform/http';
import type { Page } from '@lotwarden/platform/store';
import { z } from 'zod';
import type { House } from '../house.ts';
import { sharedSerials, unknownContents, unknownSerials } from './invariants.ts';

const Invariant = z
  .object({ invariant: z.string(), violators: z.array(z.object({ subject: z.string(), detail: z.string() })) })
  .meta({ id: 'Invariant' });

const PAGE = 500;

/** Queries that return violators; empty lists are good news. */
export const invariantRoutes = ({ serials, issued, containers }: House) => [
  route({
    method: 'get',
    path: '/operations/invariants',
    requires: 'operations.read',
    summary: { en: 'Invariants of this service with their violators', zh: '本服务的不变量及违反项' },
    reply: { 200: z.object({ invariants: z.array(Invariant) }) },
    handle: async () => {
      const lots = (await all((after) => serials.find({ 'state.lot': { $ne: '' } }, { limit: PAGE, after }))).map(
        ({ id, state }) => ({ lot: id, ranges: state.ranges, scrapped: state.scrapped }),
      );
      const given = new Map(
        (await all((after) => issued.find({}, { limit: PAGE, after }))).map((i) => [i.id, i.state]),
      );
      const packed = await all((after) =>
        containers.find({ 'state.status': { $in: ['packed', 'sealed'] } }, { limit: PAGE, after }),
      );
      const byId = new Map(packed.map(({ id, state }) => [id, state]));
      const owned = lots.map(({ lot, ranges, scrapped }) => ({ lot, ranges: [...ranges, ...scrapped] }));
      return ok({
        invariants: [
          { invariant: 'no-serial-in-two-lots', violators: sharedSerials(owned) },
          {
            invariant: 'no-orphan-serial',
            violators: unknownSerials(owned, (gtin) => given.get(gtin)?.ranges ?? []),
          },
          {
            invariant: 'every-containers-content-known',
            violators: packed.flatMap(({ id, state }) => unknownContents(id, state, (inner) => byId.get(inner))),
          },
        ],
      });
    },
  }),
];

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
