import { ok, route } from '@lotwarden/platform/http';
import { z } from 'zod';
import type { House } from '../house.ts';
import type { LotQualities } from './lot-quality.store.ts';
import { missingForRelease } from './lot-quality.ts';

const Violators = z
  .object({ invariant: z.string(), violators: z.array(z.object({ subject: z.string(), detail: z.string() })) })
  .meta({ id: 'Invariant' });

/** Queries that return violators; empty lists are good news. */
export const invariantRoutes = ({ releases }: Pick<House, 'releases'>, qualities: LotQualities) => [
  route({
    method: 'get',
    path: '/operations/invariants',
    requires: 'operations.read',
    summary: { en: 'Invariants of this service with their violators', zh: '本服务的不变量及违反项' },
    reply: { 200: z.object({ invariants: z.array(Violators) }) },
    handle: async () => {
      const violators: { subject: string; detail: string }[] = [];
      for (let after: string | undefined; ;) {
        const { items, next } = await releases.find({ 'state.markets.0': { $exists: true } }, { limit: 500, after });
        for (const { id, state } of items) {
          const unsigned = state.markets.filter(({ signature }) => signature.jws === '');
          const missing = missingForRelease(await qualities.get(id)).filter((code) => code !== 'nonconformance-open');
          for (const { market } of unsigned) violators.push({ subject: id, detail: `${market}: no signature` });
          for (const code of missing) violators.push({ subject: id, detail: code });
        }
        if (next === undefined) break;
        after = next;
      }
      return ok({
        invariants: [{ invariant: 'no-released-lot-without-accepted-inspection-and-signature', violators }],
      });
    },
  }),
];
