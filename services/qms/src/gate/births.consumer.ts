import { consumer } from '@lotwarden/platform/consumer';
import type { LotMerges } from './merge-lots.store.ts';

/** What an operation makes inherits the holds of its inputs here too: else it could be released before recall hears of it. */
export const births = ({ inherit }: LotMerges) =>
  consumer({
    topic: 'mes-bridge.operation.v1',
    group: 'qms.births',
    on: {
      OperationRecorded: ({ event: { inputs, outputs } }, work) => inherit(work, inputs, outputs),
      OperationOutputAdded: ({ event: { output, inputs } }, work) => inherit(work, inputs, [output]),
      OperationInputAdded: ({ event: { input, outputs } }, work) => inherit(work, [input], outputs),
    },
  });
