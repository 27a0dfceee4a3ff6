import type { Codec } from '@lotwarden/contracts/codec';
import type { Consumer } from '@lotwarden/platform/consumer';
import { addToEpcis } from '../epcis/facts.projection.ts';
import { PROJECTIONS } from '../facts/caught-up.store.ts';
import { addToFacts } from '../facts/facts.store.ts';
import { addToSearch } from '../search/search.projection.ts';
import { FACT_TOPICS } from '../genealogy/facts.ts';

/** What tells something about the life of a lot, beyond what the graph is made of. */
export const TOLD = [
  ...FACT_TOPICS,
  'receiving.supplier.v1',
  'receiving.purchase-order.v1',
  'qms.inspection.v1',
  'qms.nonconformance.v1',
  'recall.hold.v1',
  'recall.case.v1',
  'recall.notice.v1',
  'traceability.scope.v1',
] as const;

/** One consumer group writes this service's database (correctness rule 26): the facts themselves, and the index of all names. */
export const projections = (codec: Pick<Codec, 'encode'>): readonly Consumer[] =>
  TOLD.map((topic) => ({
    topic,
    group: PROJECTIONS,
    handle: async (envelope, work) => {
      await addToFacts(envelope, work, codec);
      addToSearch(envelope, work);
      await addToEpcis(envelope, work);
    },
  }));
