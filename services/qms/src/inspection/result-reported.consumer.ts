import { consumer } from '@lotwarden/platform/consumer';
import type { LotDirectory } from '@lotwarden/platform/lot-directory';
import type { InspectionWork } from './inspections.store.ts';

/** A laboratory's results, under whatever name it knows the lot by; none is refused. */
export const resultReported = ({ directory, inspecting }: { directory: LotDirectory; inspecting: InspectionWork }) =>
  consumer({
    topic: 'lims.inbound.v1',
    group: 'qms.inspection',
    on: {
      ResultReported: async ({ event }, work) => {
        const [resolved] = await directory.resolve([event.lot], work);
        if (!resolved) throw new Error('a resolution answers for every name');
        const { sample, characteristic, value, unit } = event;
        const stage = event.stage === 'final' ? 'final' : 'incoming';
        await inspecting.record(work, { lot: resolved.lot, stage, sample, characteristic, value, unit });
      },
    },
  });
