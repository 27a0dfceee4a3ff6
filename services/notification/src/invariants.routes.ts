import { ok, route } from '@lotwarden/platform/http';
import { z } from 'zod';
import { deliveryId } from './delivery/delivery.ts';
import type { House } from './house.ts';

const Invariant = z
  .object({ invariant: z.string(), violators: z.array(z.object({ subject: z.string(), detail: z.string() })) })
  .meta({ id: 'Invariant' });

/** Queries that return violators; empty lists are good news. */
export const invariantRoutes = ({ notices, deliveries, due }: House) => [
  route({
    method: 'get',
    path: '/operations/invariants',
    requires: 'operations.read',
    summary: { en: 'Invariants of this service with their violators', zh: '本服务的不变量及违反项' },
    reply: { 200: z.object({ invariants: z.array(Invariant) }) },
    handle: async () => {
      const newest = notices.aggregate<{ _id: string; version: number }>([
        { $group: { _id: '$issued.notice', version: { $max: '$issued.version' } } },
      ]);
      const violators: { subject: string; detail: string }[] = [];
      for await (const { _id: notice, version } of newest) {
        const id = deliveryId(notice, version);
        const state = (await deliveries.get(id))?.state;
        const told = state !== undefined && (state.deliveredAt !== null || state.escalations.length > 0);
        // Still being tried is fine; forgotten is not.
        if (!told && !(await due.findOne({ _id: id }))) violators.push({ subject: id, detail: 'neither told nor due' });
      }
      return ok({ invariants: [{ invariant: 'every-notice-delivered-or-escalated-or-due', violators }] });
    },
  }),
];
