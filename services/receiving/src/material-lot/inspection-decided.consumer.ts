import type { Hindrance } from '@lotwarden/contracts/events';
import { consumer } from '@lotwarden/platform/consumer';
import { holdsOn } from '@lotwarden/platform/gate';
import type { Work } from '@lotwarden/platform/store';
import { registered } from '../supplier/manage-supplier.ts';
import type { Suppliers } from '../supplier/supplier.routes.ts';
import { supplierHindrances } from './hindrances.ts';
import type { MaterialLots } from './material-lot.store.ts';
import { settleInspection } from './settle-inspection.ts';

/**
 * What qms decides about an incoming lot settles it here; a hold on the lot, or a supplier that is not in order by then,
 * defers its acceptance, and loses nothing.
 */
export const inspectionDecided = ({ lots, suppliers }: { lots: MaterialLots; suppliers: Suppliers }) => {
  async function notInOrder(work: Work, lot: string, moment: string): Promise<Hindrance[]> {
    const [known] = await work.load(lots, [lot]);
    if (known?.state.status !== 'pending') return [];
    const [from] = await work.load(suppliers, [known.state.supplier]);
    // A qualification withdrawn at this very moment must not slip by.
    await work.touch(suppliers, known.state.supplier);
    return from ? supplierHindrances(registered(from.state), known.state.part, moment) : [];
  }

  return consumer({
    topic: 'qms.inspection.v1',
    group: 'receiving.material-lot',
    on: {
      InspectionDecided: async ({ event: { lot, inspection, stage, verdict, reason }, recordedAt }, work) => {
        if (stage !== 'incoming') return;
        const decision = { inspection, reason, verdict: verdict === 'accept' ? 'accept' : 'reject' } as const;
        const supplier = await notInOrder(work, lot, recordedAt);
        await work.change(lots, lot, (state, { holds }) =>
          settleInspection(state, decision, { heldBy: holdsOn(holds, []), supplier }),
        );
      },
    },
  });
};
