import { consumer, type Consumer } from '@lotwarden/platform/consumer';
import type { LotDirectory, Merge } from '@lotwarden/platform/lot-directory';
import type { HoldBook } from '../hold/hold.store.ts';

interface Needs {
  readonly directory: LotDirectory;
  readonly book: HoldBook;
  readonly nudge: () => void;
}

/**
 * Which lot other systems mean by their names. When a name that was unknown turns out to be a lot, that lot is held
 * wherever its placeholder is (correctness rule 2).
 */
export function lotNames({ directory, book, nudge }: Needs): Consumer[] {
  const merge: Merge = async (work, placeholder, lot) => {
    for (const { hold, serials } of await book.holdsOf(placeholder))
      await book.reach(work, hold, [{ lot, serials, unreviewed: true }]);
    nudge();
  };
  return [
    consumer({
      topic: 'receiving.material-lot.v1',
      group: 'recall.lot-names',
      on: {
        MaterialLotReceived: ({ event }, work) => directory.hear(work, event, merge),
        LotAliasAssigned: ({ event }, work) => directory.hear(work, event, merge),
      },
    }),
    consumer({
      topic: 'mes-bridge.production-lot.v1',
      group: 'recall.lot-names',
      on: {
        ProductionLotDeclared: ({ event }, work) => directory.hear(work, event, merge),
        LotAliasAssigned: ({ event }, work) => directory.hear(work, event, merge),
      },
    }),
  ];
}
