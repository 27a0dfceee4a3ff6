import { lotRefKey, type LotRef } from '@lotwarden/platform/lot-ref';
import type { Deps } from '@lotwarden/platform/service';
import type { Aggregate, Work } from '@lotwarden/platform/store';
import type { MaterialLot, MaterialLotEvent } from './material-lot.ts';

interface LotName {
  readonly _id: string;
  readonly lot: string;
}

/** Whose a name is. `_id` is the key of the name: two that claim it at the same moment meet here. */
export const LOT_NAMES = 'lot_names';

export const lotNames = ({ collection }: Pick<Deps, 'collection'>, lots: Aggregate<MaterialLot, MaterialLotEvent>) => {
  const names = collection<LotName>(LOT_NAMES);

  return {
    /** A name given before this database was restored is on the lot itself, which came back from the own topic. */
    find: async (ref: LotRef, work?: Work): Promise<string | undefined> => {
      const _id = lotRefKey(ref);
      const known = work
        ? (await work.read<LotName>(LOT_NAMES, [_id])).get(_id)
        : ((await names.findOne({ _id })) ?? undefined);
      if (known) return known.lot;
      const { system, code } = ref;
      const { items } = await lots.find({ 'state.aliases': { $elemMatch: { system, code } } }, { limit: 1 });
      return items[0]?.id;
    },

    give: async (work: Work, ref: LotRef, lot: string): Promise<void> => {
      const _id = lotRefKey(ref);
      if (!(await work.read<LotName>(LOT_NAMES, [_id])).has(_id)) work.insert(LOT_NAMES, { _id, lot });
    },
  };
};
