import { consumer } from '@lotwarden/platform/consumer';
import { GROUP, type House } from '../house.ts';
import { operationBooks } from './operation.store.ts';

/** What production did, as mes-bridge tells it. */
export const operationsReported = (house: House) => {
  const books = operationBooks(house);
  const { named } = books;
  return consumer({
    topic: 'mes-bridge.operation.v1',
    group: GROUP,
    on: {
      OperationRecorded: async ({ event: { operation, site, kind, inputs, outputs, scrap } }, work) =>
        books.record(work, {
          operation,
          site,
          kind,
          inputs: await named(work, inputs),
          outputs: await named(work, outputs),
          scrap: await named(work, scrap),
        }),
      OperationInputAdded: async ({ event: { operation, input, outputs } }, work) => {
        for (const now of await named(work, [input])) await books.addInput(work, operation, now, outputs);
      },
      OperationOutputAdded: async ({ event: { operation, output } }, work) => {
        for (const now of await named(work, [output])) await books.addOutput(work, operation, now);
      },
      OperationVoided: ({ event: { operation } }, work) => books.reverse(work, operation),
    },
  });
};
