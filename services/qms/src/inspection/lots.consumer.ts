import { consumer } from '@lotwarden/platform/consumer';
import type { LotDirectory } from '@lotwarden/platform/lot-directory';
import type { Work } from '@lotwarden/platform/store';
import type { House } from '../house.ts';
import { specificationId, waitForSpecification } from '../specification/specification.ts';
import type { Stage } from './inspection.ts';
import type { InspectionWork } from './inspections.store.ts';

interface Needs {
  readonly house: House;
  readonly directory: LotDirectory;
  readonly inspecting: InspectionWork;
}

interface ToInspect {
  readonly lot: string;
  readonly stage: Stage;
  readonly item: string;
  readonly revision: string;
}

/** Every lot that comes in or is finished gets its inspection. */
export const lotsDeclared = ({ house: { quality, specifications }, directory, inspecting }: Needs) => {
  const merge = (work: Work, placeholder: string, lot: string) => inspecting.move(work, placeholder, lot);

  const inspect = async (work: Work, { lot, stage, item, revision }: ToInspect) => {
    const { state } = await work.change(specifications, specificationId(item, revision), (known) =>
      waitForSpecification(known, { lot, stage }),
    );
    if (state.characteristics) await inspecting.open(work, { lot, stage, characteristics: state.characteristics });
  };

  return [
    consumer({
      topic: 'receiving.material-lot.v1',
      group: 'qms.inspection',
      on: {
        MaterialLotReceived: async ({ event }, work) => {
          await inspect(work, { lot: event.lot, stage: 'incoming', item: event.part, revision: event.revision });
          await directory.hear(work, event, merge);
        },
        LotAliasAssigned: ({ event }, work) => directory.hear(work, event, merge),
      },
    }),
    consumer({
      topic: 'mes-bridge.production-lot.v1',
      group: 'qms.inspection',
      on: {
        ProductionLotDeclared: async ({ event }, work) => {
          const { lot, product, revision, kind } = event;
          if (product !== null)
            await work.append(quality, lot, [{ type: 'LotDescribed', lot, product, revision, kind }]);
          if (kind === 'finished' && product !== null && revision !== null)
            await inspect(work, { lot, stage: 'final', item: product, revision });
          await directory.hear(work, event, merge);
        },
        LotAliasAssigned: ({ event }, work) => directory.hear(work, event, merge),
      },
    }),
  ];
};
