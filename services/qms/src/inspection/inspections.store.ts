import type { Characteristic } from '@lotwarden/contracts/events';
import type { Work } from '@lotwarden/platform/store';
import type { House } from '../house.ts';
import { openInspection, recordResult } from './inspect.ts';
import { inspectionId, type Stage } from './inspection.ts';
import type { Measured } from './judge-result.ts';

/** Inspections as lots and results come in. */
export function inspectionWork({ inspections }: Pick<House, 'inspections'>) {
  return {
    async open(work: Work, opening: { lot: string; stage: Stage; characteristics: readonly Characteristic[] }) {
      const id = inspectionId(opening.lot, opening.stage);
      await work.change(inspections, id, (known) => openInspection(known, opening));
    },
    async record(work: Work, result: Measured & { lot: string; stage: Stage; sample: string }) {
      const id = inspectionId(result.lot, result.stage);
      await work.change(inspections, id, (known) => recordResult(known, result));
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
