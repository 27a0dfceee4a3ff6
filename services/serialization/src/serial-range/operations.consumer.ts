import { consumer } from '@lotwarden/platform/consumer';
import type { SerialFollower } from './follow-serials.store.ts';
import { NO_FLOWS } from './followed-operation.ts';

/** Serials follow the material: what goes into another lot takes its serials and its holds along. */
export const operationsHeard = ({ follow, unfollow }: SerialFollower) =>
  consumer({
    topic: 'mes-bridge.operation.v1',
    group: 'serialization.operation',
    on: {
      OperationRecorded: ({ event: { operation, kind, inputs, outputs, scrap } }, work) => {
        const whole = { kind, inputs, outputs, scrap };
        return follow(work, operation, whole, () => whole);
      },
      // The event repeats the outputs there were.
      OperationInputAdded: ({ event: { operation, input, outputs } }, work) =>
        follow(work, operation, { ...NO_FLOWS, inputs: [input] }, (before) => ({
          ...before,
          inputs: [...before.inputs, input],
          outputs,
        })),
      OperationOutputAdded: ({ event: { operation, output } }, work) =>
        follow(work, operation, { ...NO_FLOWS, outputs: [output] }, (before) => ({
          ...before,
          outputs: [...before.outputs, output],
        })),
      OperationVoided: ({ event: { operation } }, work) => unfollow(work, operation),
    },
  });
