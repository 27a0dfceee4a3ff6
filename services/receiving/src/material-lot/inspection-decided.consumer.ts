import { consumer } from '@lotwarden/platform/consumer';
import { assertFree } from '@lotwarden/platform/gate';
import type { MaterialLots } from './material-lot.store.ts';
import { settleInspection } from './settle-inspection.ts';

/**
 * What qms decides about an incoming lot settles it here. Accepting is gated: a decision on a held lot is not lost,
 * it waits (parked) until somebody lifts the hold and drives it again.
 */
export const inspectionDecided = ({ lots }: { lots: MaterialLots }) =>
  consumer({
    topic: 'qms.inspection.v1',
    group: 'receiving.material-lot',
    on: {
      InspectionDecided: async ({ event: { lot, inspection, stage, verdict, reason } }, work) => {
        if (stage !== 'incoming') return;
        const decision = { inspection, reason, verdict: verdict === 'accept' ? 'accept' : 'reject' } as const;
        await work.change(lots, lot, (state, loaded) => {
          const decided = settleInspection(state, decision);
          if (decided.some(({ type }) => type === 'MaterialLotAccepted')) assertFree(loaded, [], 'accept');
          return decided;
        });
      },
    },
  });
