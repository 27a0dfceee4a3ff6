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

  /** A name given before this database was restored is on the lot itself, which came back from the own topic. */
  async function onLot({ system, code }: LotRef): Promise<string | undefined> {
    const { items } = await lots.find({ 'state.aliases': { $elemMatch: { system, code } } }, { limit: 1 });
    return items[0]?.id;
  }

  return {
    find: async (ref: LotRef): Promise<string | undefined> =>
      (await names.findOne({ _id: lotRefKey(ref) }))?.lot ?? onLot(ref),

    /** Whose the name is; `give` makes it a lot's, if it is nobody's: the unit runs again where another was faster. */
    claim: async (work: Work, ref: LotRef) => {
      const _id = lotRefKey(ref);
      // Read once: what is decided by it and what is written have to agree.
      const known = (await work.read<LotName>(LOT_NAMES, [_id])).get(_id);
      return {
        owner: known?.lot ?? (await onLot(ref)),
        give: (lot: string): void => {
          if (!known) work.insert(LOT_NAMES, { _id, lot });
        },
      };
    },
  };
};
