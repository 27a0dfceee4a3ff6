import { Rejected } from '@lotwarden/platform/errors';
import { holdsOn } from '@lotwarden/platform/gate';
import type { Deps } from '@lotwarden/platform/service';
import { z } from 'zod';
import type { House } from '../house.ts';

const OPERATIONS = 'mes-bridge.operation.v1';

const Page = z.object({ items: z.array(z.object({ lot: z.string() })), next: z.string().nullable() });
const Ancestry = z.object({ trace: z.string(), lots: Page, complete: z.boolean() });
/** Ancestors that are asked for at once. */
const AT_ONCE = 500;

/**
 * While any hold is open, a release needs to know that nothing the lot was made of is held (correctness rule 18): an
 * operation may have happened that this service has not heard of yet. Throws `lot-on-hold`, or Transient where the
 * genealogy does not answer.
 */
export const assertNoHeldAncestor =
  ({ serviceClient, db, kafka }: Pick<Deps, 'serviceClient' | 'db' | 'kafka'>, { releases }: Pick<House, 'releases'>) =>
  async (lot: string): Promise<void> => {
    const anyHold = await db.collection('releases').findOne({ holds: { $ne: {} } });
    if (!anyHold) return;
    // All that production had published when this release was asked for must be in the answer.
    const ends = await kafka.ends(OPERATIONS);
    const minOffsets = ends.map(({ partition, next }) => ({ topic: OPERATIONS, partition, next }));
    const question = { roots: [lot], direction: 'backward', first: AT_ONCE, minOffsets };
    const genealogy = serviceClient('traceability');
    const { trace, lots } = await genealogy.ask('/traces', question, Ancestry);
    for (let page: z.output<typeof Page> | undefined = lots; page;) {
      for (const { lot: ancestor } of page.items) {
        const known = await releases.get(ancestor);
        const holds = known?.holds ?? (await holdsOf(db, ancestor));
        const [hold] = holdsOn(holds, []);
        if (hold !== undefined) throw new Rejected('lot-on-hold', { lot: ancestor, hold, purpose: 'release' });
      }
      const more: string | null = page.next;
      const query: string = `limit=${String(AT_ONCE)}&cursor=${encodeURIComponent(more ?? '')}`;
      page = more === null ? undefined : await genealogy.get(`/traces/${trace}/lots?${query}`, Page);
    }
  };

/** A held lot that was never released has a document with holds and nothing else. */
async function holdsOf(db: Deps['db'], lot: string) {
  const document = await db
    .collection<{ _id: string; holds: Parameters<typeof holdsOn>[0] }>('releases')
    .findOne({ _id: lot });
  return document?.holds ?? {};
}
