import { job, type Job } from '@lotwarden/platform/jobs';
import type { Deps } from '@lotwarden/platform/service';
import type { KeyRing } from '../key/key-ring.store.ts';
import { renewalOf } from './jws.client.ts';
import { lastKey, lastLink, type SignatureEvent, type SignatureState } from './signature.ts';
import type { Signatures } from './signature.store.ts';

interface Needs extends Pick<Deps, 'clock' | 'log'> {
  readonly signatures: Signatures;
  readonly ring: () => KeyRing;
}

const HOUR = 3_600_000;
const PAGE = 500;
const CONTEXT = { actor: 'service:identity', reason: 'renewal by a newer key' };

/**
 * Vouches with the newest key for everything that an older one signed, so that signatures outlive their keys: ten years and
 * more. What a revoked key vouches for alone stays as it is: nobody can tell any more who made it.
 */
export const renewSignatures = (needs: Needs): Job =>
  job({ name: 'renew-signatures', every: HOUR, handle: ({ signal }) => renewAll(needs, signal) });

/** Tells how many it renewed. */
export async function renewAll({ signatures, ring, clock, log }: Needs, signal?: AbortSignal): Promise<void> {
  const [newest, ...older] = await ring().keys('record');
  const honest = new Set(older.filter(({ revokedAt }) => revokedAt === null).map(({ kid }) => kid));
  if (honest.size === 0) return;
  let renewed = 0;
  for (let after: string | undefined; !signal?.aborted;) {
    const { items, next } = await signatures.find({}, { limit: PAGE, after });
    const due = items.filter(({ state }) => state.status === 'signed' && honest.has(lastKey(state)));
    const renewedAt = clock.instant();
    await signatures.changeMany(
      due.map(({ id }) => ({
        id,
        decide: (state: SignatureState): SignatureEvent[] =>
          state.status === 'signed' && honest.has(lastKey(state))
            ? [{ type: 'SignatureRenewed', signatureId: id, renewal: renewalOf(lastLink(state), renewedAt, newest), keyId: newest.kid, renewedAt }] // prettier-ignore
            : [],
      })),
      CONTEXT,
    );
    renewed += due.length;
    if (!next) break;
    after = next;
  }
  if (renewed > 0) log.info({ renewed, key: newest.kid }, 'signatures were renewed by the newest key');
}
