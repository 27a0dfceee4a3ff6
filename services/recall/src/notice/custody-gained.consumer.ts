import { consumer } from '@lotwarden/platform/consumer';
import type { Notices } from './notice.store.ts';

/** Which serials a party was ever given: an answer that names others needs a person. */
export const custodyGained = ({ notices }: { notices: Notices }) =>
  consumer({
    topic: 'field.custody.v1',
    group: 'recall.custody',
    on: { CustodyGained: ({ event }, work) => notices.given(work, event) },
  });
