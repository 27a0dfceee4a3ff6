import { Rejected } from '@lotwarden/platform/errors';
import { later } from '@lotwarden/platform/instant';
import type { Account, AccountEvent, Deputyship, KnownAccount } from './account.ts';
import { open } from './manage-account.ts';

/** A deputy stands in for a leave, not for good. */
const MOST_DAYS = 90;
const DAY = 86_400;

/**
 * Lets `id` stand in for somebody, from a day to a day. A deputy has that person's own roles, none that he has as a deputy
 * himself. Throws `deputy-of-oneself`, `deputy-time-invalid`.
 */
export function appointDeputy(deputy: Account, id: string, asked: Deputyship, now: string): AccountEvent[] {
  open(deputy, id);
  const { standsFor, from, until } = asked;
  if (standsFor === id) throw new Rejected('deputy-of-oneself', { account: id });
  if (until <= from || until <= now || until > later(from, MOST_DAYS * DAY))
    throw new Rejected('deputy-time-invalid', { from, until, most: MOST_DAYS });
  return [{ type: 'DeputyAppointed', ...asked }];
}

/** Ends it at once; one that there is none of ends in nothing. */
export function endDeputy(deputy: Account, id: string, stoodFor: string): AccountEvent[] {
  return open(deputy, id).deputyships.some(({ standsFor }) => standsFor === stoodFor)
    ? [{ type: 'DeputyEnded', stoodFor }]
    : [];
}

/** For whom somebody stands in at this moment. */
export const standsForNow = ({ deputyships }: KnownAccount, now: string): string[] =>
  deputyships.filter(({ from, until }) => from <= now && now < until).map(({ standsFor }) => standsFor);
