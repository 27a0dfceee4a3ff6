import { consumer } from '@lotwarden/platform/consumer';
import { holdsOn } from '@lotwarden/platform/gate';
import type { MaterialLots } from './material-lot.store.ts';
import { settleInspection } from './settle-inspection.ts';

/** What qms decides about an incoming lot settles it here; a hold on the lot defers its acceptance, and loses nothing. */
export const inspectionDecided = ({ lots }: { lots: MaterialLots }) =>
  consumer({
    topic: 'qms.inspection.v1',
    group: 'receiving.material-lot',
    on: {
      InspectionDecided: async ({ event: { lot, inspection, stage, verdict, reason } }, work) => {
        if (stage !== 'incoming') return;
        const decision = { inspection, reason, verdict: verdict === 'accept' ? 'accept' : 'reject' } as const;
        await work.change(lots, lot, (state, { holds }) => settleInspection(state, decision, holdsOn(holds, [])));
      },
    },
  });
