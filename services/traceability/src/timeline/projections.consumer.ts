import type { Consumer } from '@lotwarden/platform/consumer';
import { addToEpcis } from '../epcis/facts.projection.ts';
import { addToSearch } from '../search/search.projection.ts';
import { FACT_TOPICS } from '../genealogy/facts.ts';
import { addToTimeline } from './timeline.projection.ts';

/** What tells something about the life of a lot, beyond what the graph is made of. */
const TOLD = [
  ...FACT_TOPICS,
  'receiving.supplier.v1',
  'receiving.purchase-order.v1',
  'qms.inspection.v1',
  'qms.nonconformance.v1',
  'field.party.v1',
  'recall.hold.v1',
  'recall.case.v1',
  'recall.notice.v1',
] as const;

/** One consumer group writes this service's database (correctness rule 26): timelines, and the index of all names. */
export const projections: readonly Consumer[] = TOLD.map((topic) => ({
  topic,
  group: 'traceability.projections',
  handle: async (envelope, work) => {
    await addToTimeline(envelope, work);
    addToSearch(envelope, work);
    addToEpcis(envelope, work);
  },
}));
