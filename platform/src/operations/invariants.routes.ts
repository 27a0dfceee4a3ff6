import { z } from 'zod';
import { ok } from '../http/replies.ts';
import { route, type Route } from '../http/route.ts';
import type { Context, Store } from '../store/store.ts';
import type { Invariant } from './invariants.ts';
import { factsKeptWaiting } from './waiting.store.ts';

const InvariantView = z
  .object({ invariant: z.string(), violators: z.array(z.object({ subject: z.string(), detail: z.string() })) })
  .meta({ id: 'Invariant', description: 'What must not be, and where it is; no violators = all is well' });

interface Needs {
  readonly store: Store;
  /** The service's own; asked anew each time. */
  readonly own: (asker: Context) => Promise<readonly Invariant[]>;
}

/** What a service says about itself: its own invariants, and those that every service has. */
export const invariantRoutes = ({ store, own }: Needs): readonly Route[] => [
  route({
    method: 'get',
    path: '/operations/invariants',
    requires: 'operations.read',
    summary: { en: 'Invariants of this service with their violators', zh: '本服务的不变量及违反项' },
    reply: { 200: z.object({ invariants: z.array(InvariantView) }) },
    handle: async ({ context }) => ok({ invariants: [...(await own(context)), await factsKeptWaiting(store)] }),
  }),
];
