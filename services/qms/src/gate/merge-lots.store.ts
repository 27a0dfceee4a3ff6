import type { OperationInput, OperationOutput } from '@lotwarden/contracts/events';
import { inheritedHolds, mergedLots, mergePlaceholder, type HeldInput } from '@lotwarden/platform/gate';
import { isPlaceholder, placeholderLotId } from '@lotwarden/platform/ids';
import type { LotRef } from '@lotwarden/platform/lot-ref';
import type { Deps } from '@lotwarden/platform/service';
import type { Work } from '@lotwarden/platform/store';
import type { House } from '../house.ts';

type Birth = Pick<OperationOutput, 'lot' | 'serials'> & { readonly of: Pick<HeldInput, 'serials' | 'edge'> };

/** What was made of a lot while it was a placeholder. `_id` is the placeholder. */
interface Births {
  readonly _id: string;
  readonly births: readonly Birth[];
}

const BIRTHS = 'placeholder_births';

/** The gate's documents follow the names of lots (correctness rule 2) and what is made of them (rule 18). */
export const lotMerges = (
  { collection }: Pick<Deps, 'collection'>,
  { releases, quality, nonconformances }: Pick<House, 'releases' | 'quality' | 'nonconformances'>,
) => {
  collection<Births>(BIRTHS);
  const birthsOf = async (work: Work, placeholder: string): Promise<readonly Birth[]> =>
    (await work.read<Births>(BIRTHS, [placeholder])).get(placeholder)?.births ?? [];

  /** The placeholder is that lot: its holds and nonconformances are the lot's, and the lot's holds go to what it made. */
  async function merge(work: Work, placeholder: string, lot: string): Promise<void> {
    await mergePlaceholder(work, releases, placeholder, lot);
    // Whoever opens one on the placeholder at this moment guards its document too.
    const { items } = await nonconformances.find({ 'state.lot': placeholder }, { limit: 1 });
    if (items.length > 0) await work.append(quality, lot, [{ type: 'LotMerged', lot, placeholder }]);
    const births = await birthsOf(work, placeholder);
    if (births.length === 0) return;
    const [known] = await work.load(releases, [lot]);
    await work.touch(releases, lot);
    for (const { lot: made, serials, of } of births)
      await work.addHolds(releases, made, inheritedHolds([{ holds: known?.holds ?? {}, ...of }], serials));
  }

  return {
    merge,

    /** A lot that is declared: whatever was held under one of its names before is held from now on. */
    named: async (work: Work, lot: string, names: readonly LotRef[]): Promise<void> => {
      for (const placeholder of new Set(names.map(placeholderLotId)))
        if (placeholder !== lot) await merge(work, placeholder, lot);
    },

    /** What an operation makes inherits the holds of its inputs; of those that are unknown, also once they are known. */
    inherit: async (
      work: Work,
      inputs: readonly OperationInput[],
      outputs: readonly OperationOutput[],
    ): Promise<void> => {
      const merged = await mergedLots(
        work,
        releases,
        inputs.map(({ lot }) => lot),
      );
      const used = inputs.map(({ lot, serials, edge }) => ({ lot: merged.get(lot) ?? lot, serials, edge }));
      const loaded = await work.load(
        releases,
        used.map(({ lot }) => lot),
      );
      for (const { lot } of used) await work.touch(releases, lot);
      const held = used.map(({ serials, edge }, index) => ({ holds: loaded[index]?.holds ?? {}, serials, edge }));
      for (const { lot, serials } of outputs) await work.addHolds(releases, lot, inheritedHolds(held, serials));
      for (const { lot: placeholder, serials, edge } of used.filter(({ lot }) => isPlaceholder(lot))) {
        const born = outputs.map((output) => ({ lot: output.lot, serials: output.serials, of: { serials, edge } }));
        work.replace(BIRTHS, { _id: placeholder, births: [...(await birthsOf(work, placeholder)), ...born] });
      }
    },
  };
};

export type LotMerges = ReturnType<typeof lotMerges>;
