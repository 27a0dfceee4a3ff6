import type { Invariant, Violator } from '@lotwarden/platform/service';
import type { House } from '../house.ts';
import type { LotQualities } from './lot-quality.store.ts';
import { missingForRelease } from './lot-quality.ts';

/** What is released is judged anew; an open nonconformance may have come after it. */
export async function releasedRightly(
  { releases }: Pick<House, 'releases'>,
  qualities: LotQualities,
): Promise<readonly Invariant[]> {
  const violators: Violator[] = [];
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
  return [{ invariant: 'no-released-lot-without-accepted-inspection-and-signature', violators }];
}
