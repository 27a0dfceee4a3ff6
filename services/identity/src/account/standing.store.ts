import type { KnownAccount } from './account.ts';
import { rolesNow } from './break-glass.ts';
import { actsWithin, standsForNow } from './deputy.ts';

/** What somebody is at a moment: with the roles of those for whom he stands in. */
export interface Standing {
  readonly known: KnownAccount;
  readonly roles: readonly string[];
  /** For whom; only people who are still here. */
  readonly deputyFor: readonly string[];
}

/** @param person an account that is open, by its id */
export async function standing(
  known: KnownAccount,
  now: string,
  person: (id: string) => Promise<KnownAccount | undefined>,
): Promise<Standing> {
  const represented = await Promise.all(standsForNow(known, now).map(person));
  const present = represented.filter((one) => one !== undefined);
  return {
    known,
    // Bound otherwise since he was appointed, he would have them where they are not meant. Their own roles: neither what they have as deputies themselves nor what an emergency gave them.
    roles: [
      ...new Set([
        ...rolesNow(known, now),
        ...present.filter((one) => actsWithin(known, one)).flatMap(({ roles }) => roles),
      ]),
    ],
    deputyFor: present.map(({ account }) => account),
  };
}
