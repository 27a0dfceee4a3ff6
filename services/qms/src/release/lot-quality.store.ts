import type { Stored, Work } from '@lotwarden/platform/store';
import type { House } from '../house.ts';
import { inspectionId, type Inspection } from '../inspection/inspection.ts';
import type { DescribedLot, LotQuality } from './lot-quality.ts';

/**
 * Gathered from the records themselves, never from copies: these come back from their own topics when the database was
 * restored, and an open nonconformance must not be forgotten then.
 */
export const lotQualities = ({ quality, inspections, nonconformances }: House) => {
  async function openOn({ lot, placeholders }: DescribedLot): Promise<string[]> {
    const named = { $in: [lot, ...placeholders] };
    const { items } = await nonconformances.find({ 'state.lot': named, 'state.status': 'open' }, { limit: 500 });
    return items.map(({ id }) => id);
  }

  async function gathered(
    lot: string,
    described: Stored<DescribedLot> | undefined,
    inspection: Stored<Inspection> | undefined,
  ): Promise<LotQuality | undefined> {
    if (!described || described.version === 0) return undefined;
    const { verdict = null, decision = null } = inspection?.state ?? {};
    const decidedBy = decision?.signer ?? null;
    const finalInspection = verdict === null ? null : { inspection: inspectionId(lot, 'final'), verdict, decidedBy };
    return { ...described.state, finalInspection, openNonconformances: await openOn(described.state) };
  }

  return {
    get: async (lot: string): Promise<LotQuality | undefined> =>
      gathered(lot, await quality.get(lot), await inspections.get(inspectionId(lot, 'final'))),

    /** For a decision: runs again if any of it changes. A nonconformance guards the release document of its lot. */
    guarded: async (work: Work, lot: string): Promise<LotQuality | undefined> => {
      const inspection = inspectionId(lot, 'final');
      const [[described], [inspected]] = [await work.load(quality, [lot]), await work.load(inspections, [inspection])];
      await work.touch(quality, lot);
      await work.touch(inspections, inspection);
      return gathered(lot, described, inspected);
    },
  };
};

export type LotQualities = ReturnType<typeof lotQualities>;
