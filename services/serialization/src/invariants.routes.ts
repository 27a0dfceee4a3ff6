import { ok, route } from '@lotwarden/platform/http';
import { intersect, union } from '@lotwarden/platform/serial-range';
import type { SerialRange } from '@lotwarden/contracts/events';
import { z } from 'zod';
import type { House } from './house.ts';

const Invariant = z
  .object({ invariant: z.string(), violators: z.array(z.object({ subject: z.string(), detail: z.string() })) })
  .meta({ id: 'Invariant' });

interface Violator {
  readonly subject: string;
  readonly detail: string;
}

/** Queries that return violators; empty lists are good news. */
export const invariantRoutes = ({ serials, containers }: Pick<House, 'serials' | 'containers'>) => [
  route({
    method: 'get',
    path: '/operations/invariants',
    requires: 'operations.read',
    summary: { en: 'Invariants of this service with their violators', zh: '本服务的不变量及违反项' },
    reply: { 200: z.object({ invariants: z.array(Invariant) }) },
    handle: async () => {
      const twice: Violator[] = [];
      let seen: SerialRange[] = [];
      for await (const { id, state } of every(serials)) {
        if (intersect(seen, state.ranges).length > 0) twice.push({ subject: id, detail: 'serials of another lot' });
        seen = union(seen, state.ranges);
      }
      const unknown: Violator[] = [];
      for await (const { id, state } of every(containers)) {
        if (state.status === 'opened') continue;
        if (state.contents.length === 0) unknown.push({ subject: id, detail: 'no contents' });
        for (const child of state.children)
          if (!(await containers.get(child))) unknown.push({ subject: id, detail: `child ${child} is not known` });
      }
      return ok({
        invariants: [
          { invariant: 'no-serial-in-two-lots', violators: twice },
          { invariant: 'every-containers-contents-known', violators: unknown },
        ],
      });
    },
  }),
];

async function* every<S>(aggregate: {
  find(
    filter: object,
    request: { limit: number; after?: string | undefined },
  ): Promise<{
    readonly items: readonly { readonly id: string; readonly state: S }[];
    readonly next?: string;
  }>;
}) {
  for (let after: string | undefined; ;) {
    const { items, next } = await aggregate.find({}, { limit: 500, after });
    yield* items;
    if (next === undefined) return;
    after = next;
  }
}
