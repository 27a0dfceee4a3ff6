import { Rejected } from '@lotwarden/platform/errors';
import { later } from '@lotwarden/platform/instant';
import type { Account, AccountEvent, Deputyship, KnownAccount } from './account.ts';
import { open } from './manage-account.ts';

/** A deputy stands in for a leave, not for good. */
const MOST_DAYS = 90;
const DAY = 86_400;

type Bound = Pick<KnownAccount, 'sites' | 'markets'>;

/**
 * Lets `id` stand in for somebody, from a day to a day. A deputy has that person's own roles, none that he has as a deputy
 * himself. Throws `deputy-of-oneself`, `deputy-time-invalid`, `deputy-reaches-further`.
 */
export function appointDeputy(
  deputy: Account,
  id: string,
  asked: Deputyship,
  { represented, now }: { readonly represented: Bound; readonly now: string },
): AccountEvent[] {
  const known = open(deputy, id);
  const { standsFor, from, until } = asked;
  if (standsFor === id) throw new Rejected('deputy-of-oneself', { account: id });
  if (!actsWithin(known, represented)) throw new Rejected('deputy-reaches-further', { account: id, standsFor });
  if (until <= from || until <= now || until > later(from, MOST_DAYS * DAY))
    throw new Rejected('deputy-time-invalid', { from, until, most: MOST_DAYS });
  return [{ type: 'DeputyAppointed', ...asked }];
}

/** A deputy has the other's roles wherever he acts himself: that must be where the other one acts, and for what markets. */
export const actsWithin = (deputy: Bound, represented: Bound): boolean =>
  isWithin(deputy.sites, represented.sites) && isWithin(deputy.markets ?? null, represented.markets ?? null);

const isWithin = (own: readonly string[] | null, other: readonly string[] | null): boolean =>
  other === null || (own?.every((one) => other.includes(one)) ?? false);

/** Ends it at once; one that there is none of ends in nothing. */
export function endDeputy(deputy: Account, id: string, stoodFor: string): AccountEvent[] {
  return open(deputy, id).deputyships.some(({ standsFor }) => standsFor === stoodFor)
    ? [{ type: 'DeputyEnded', stoodFor }]
    : [];
}

/** For whom somebody stands in at this moment. */
export const standsForNow = ({ deputyships }: KnownAccount, now: string): string[] =>
  deputyships.filter(({ from, until }) => from <= now && now < until).map(({ standsFor }) => standsFor);
