import { ok, route } from '@lotwarden/platform/http';
import type { Deps } from '@lotwarden/platform/service';
import { z } from 'zod';
import type { House } from '../house.ts';
import { invariants } from './invariants.store.ts';

const Invariant = z
  .object({ invariant: z.string(), violators: z.array(z.object({ subject: z.string(), detail: z.string() })) })
  .meta({ id: 'Invariant' });

export const invariantRoutes = ({ db, house }: { db: Deps['db']; house: House }) => {
  const ask = invariants(db, house);
  return [
    route({
      method: 'get',
      path: '/operations/invariants',
      requires: 'operations.read',
      summary: { en: 'Invariants of this service with their violators', zh: '本服务的不变量及违反项' },
      reply: { 200: z.object({ invariants: z.array(Invariant) }) },
      handle: async () => ok({ invariants: await ask() }),
    }),
  ];
};
