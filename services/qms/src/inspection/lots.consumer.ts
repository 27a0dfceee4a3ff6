import { consumer } from '@lotwarden/platform/consumer';
import type { LotDirectory } from '@lotwarden/platform/lot-directory';
import { supplierSystem } from '@lotwarden/platform/lot-ref';
import type { Work } from '@lotwarden/platform/store';
import type { LotMerges } from '../gate/merge-lots.store.ts';
import type { House } from '../house.ts';
import { specificationId, waitForSpecification } from '../specification/specification.ts';
import type { Stage } from './inspection.ts';
import type { InspectionWork } from './inspections.store.ts';

interface Needs {
  readonly house: House;
  readonly directory: LotDirectory;
  readonly inspecting: InspectionWork;
  readonly merges: LotMerges;
}

interface ToInspect {
  readonly lot: string;
  readonly stage: Stage;
  readonly item: string;
  readonly revision: string;
}

/** Every lot that comes in or is finished gets its inspection. */
export const lotsDeclared = ({ house: { quality, specifications }, directory, inspecting, merges }: Needs) => {
  const merge = async (work: Work, placeholder: string, lot: string) => {
    await merges.merge(work, placeholder, lot);
    await inspecting.move(work, placeholder, lot);
  };

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
          const { lot, part: item, revision, site, supplier, supplierLot, aliases } = event;
          await work.append(quality, lot, [
            { type: 'LotDescribed', lot, product: item, revision, kind: 'material', site },
          ]);
          await inspect(work, { lot, stage: 'incoming', item, revision });
          await directory.hear(work, event, merge);
          await merges.named(work, lot, [...aliases, { system: supplierSystem(supplier), code: supplierLot }]);
        },
        LotAliasAssigned: ({ event }, work) => directory.hear(work, event, merge),
      },
    }),
    consumer({
      topic: 'mes-bridge.production-lot.v1',
      group: 'qms.inspection',
      on: {
        ProductionLotDeclared: async ({ event }, work) => {
          const { lot, product, revision, kind, site, placeholder, aliases } = event;
          if (product !== null)
            await work.append(quality, lot, [{ type: 'LotDescribed', lot, product, revision, kind, site }]);
          if (kind === 'finished' && product !== null && revision !== null)
            await inspect(work, { lot, stage: 'final', item: product, revision });
          await directory.hear(work, event, merge);
          if (!placeholder) await merges.named(work, lot, aliases);
        },
        LotAliasAssigned: ({ event }, work) => directory.hear(work, event, merge),
      },
    }),
  ];
};
