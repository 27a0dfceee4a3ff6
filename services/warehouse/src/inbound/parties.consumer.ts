import { consumer } from '@lotwarden/platform/consumer';
import type { Deps } from '@lotwarden/platform/service';
import type { PlainDocument, Work } from '@lotwarden/platform/store';
import { GROUP } from '../house.ts';

interface Party extends PlainDocument {
  readonly country: string;
}

const PARTIES = 'parties';

/** Where parties are: the market that goods went to when a report does not say. */
export const parties = ({ collection }: Pick<Deps, 'collection'>) => {
  collection<Party>(PARTIES);
  return consumer({
    topic: 'field.party.v1',
    group: GROUP,
    on: {
      PartyRegistered: ({ event: { party, country } }, work) => {
        work.replace(PARTIES, { _id: party, country });
      },
    },
  });
};

/** The country of the first of these parties that is known. */
export async function marketOf(work: Work, candidates: readonly string[]): Promise<string | null> {
  const known = await work.read<Party>(PARTIES, candidates);
  return candidates.flatMap((party) => known.get(party)?.country ?? [])[0] ?? null;
}
