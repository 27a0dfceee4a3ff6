import type { Characteristic } from '@lotwarden/contracts/events';
import type { Work } from '@lotwarden/platform/store';
import type { House } from '../house.ts';
import { openInspection, recordResult } from './inspect.ts';
import { inspectionId, type InspectionEvent, type Stage } from './inspection.ts';
import type { Measured } from './judge-result.ts';

/** Inspections change together with what qms knows of the lot: a decided final inspection bears on its release. */
export function inspectionWork({ inspections, quality, releases }: House) {
  async function settle(work: Work, events: readonly InspectionEvent[]): Promise<void> {
    for (const event of events) {
      if (event.type !== 'InspectionDecided' || event.stage !== 'final') continue;
      const { lot, inspection, verdict } = event;
      await work.append(quality, lot, [{ type: 'FinalInspectionSettled', lot, inspection, verdict }]);
      await work.touch(releases, lot);
    }
  }

  return {
    settle,
    async open(work: Work, opening: { lot: string; stage: Stage; characteristics: readonly Characteristic[] }) {
      const id = inspectionId(opening.lot, opening.stage);
      const { events } = await work.change(inspections, id, (known) => openInspection(known, opening));
      await settle(work, events);
    },
    async record(work: Work, result: Measured & { lot: string; stage: Stage; sample: string }) {
      const id = inspectionId(result.lot, result.stage);
      const { events } = await work.change(inspections, id, (known) => recordResult(known, result));
      await settle(work, events);
    },
    /** Results that came under a name nobody knew yet belong to the lot that has the name now. */
    async move(work: Work, placeholder: string, lot: string) {
      for (const stage of ['incoming', 'final'] as const) {
        const [early] = await work.load(inspections, [inspectionId(placeholder, stage)]);
        for (const { sample, result } of early?.state.results ?? []) {
          const { characteristic, value, unit } = result;
          await this.record(work, { lot, stage, sample, characteristic, unit, value: value ?? '0' });
        }
      }
    },
  };
}

export type InspectionWork = ReturnType<typeof inspectionWork>;
