import { consumer } from '@lotwarden/platform/consumer';
import type { Relabellings } from './relabelling.store.ts';
import { FIELD_RELABEL } from './renamed-units.ts';

/** Goods beyond our dock that get another label stay where they are, under another name. */
export const unitsRelabelled = ({ relabel, takeBack }: Relabellings) =>
  consumer({
    topic: 'mes-bridge.operation.v1',
    group: 'field.relabelling',
    on: {
      OperationRecorded: async ({ event: { operation, kind, inputs, outputs } }, work) => {
        if (kind === FIELD_RELABEL) await relabel(work, operation, inputs, outputs);
      },
      OperationVoided: ({ event: { operation } }, work) => takeBack(work, operation),
    },
  });
