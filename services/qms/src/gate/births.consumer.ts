import type { OperationInput, OperationOutput } from '@lotwarden/contracts/events';
import { consumer } from '@lotwarden/platform/consumer';
import { inheritedHolds } from '@lotwarden/platform/gate';
import type { Work } from '@lotwarden/platform/store';
import type { House } from '../house.ts';

/** What an operation makes inherits the holds of its inputs here too: else it could be released before recall hears of it. */
export const births = ({ releases }: Pick<House, 'releases'>) => {
  const inherit = async (work: Work, inputs: readonly OperationInput[], outputs: readonly OperationOutput[]) => {
    const loaded = await work.load(
      releases,
      inputs.map(({ lot }) => lot),
    );
    const held = inputs.map(({ serials, edge }, index) => ({ holds: loaded[index]?.holds ?? {}, serials, edge }));
    for (const { lot } of inputs) await work.touch(releases, lot);
    for (const { lot, serials } of outputs) await work.addHolds(releases, lot, inheritedHolds(held, serials));
  };
  return consumer({
    topic: 'mes-bridge.operation.v1',
    group: 'qms.births',
    on: {
      OperationRecorded: ({ event: { inputs, outputs } }, work) => inherit(work, inputs, outputs),
      OperationInputAdded: ({ event: { input, outputs } }, work) => inherit(work, [input], outputs),
    },
  });
};
