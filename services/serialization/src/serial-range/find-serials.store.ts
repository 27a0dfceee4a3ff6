import type { SerialRange } from '@lotwarden/contracts/events';
import type { Stored } from '@lotwarden/platform/store';
import type { House } from '../house.ts';
import type { Followed } from './followed-operation.ts';
import type { LotSerials } from './lot-serials.ts';
import { RELABELLING } from './relabelled.ts';

const FEW = 500;

/** Matches documents of which a range overlaps this one. */
const overlaps = ({ gtin, prefix, width, first, last }: SerialRange) => ({
  $elemMatch: { gtin, prefix, width, first: { $lte: last }, last: { $gte: first } },
});

const having = (field: string, ranges: readonly SerialRange[]) =>
  ranges.map((range) => ({ [`state.${field}`]: overlaps(range) }));

/** Lots by serials, as it is stored: a unit of work looks again at what it loads. */
export const serialFinder = ({ serials, followed }: Pick<House, 'serials' | 'followed'>) => {
  const some = async (filters: object[]): Promise<readonly Stored<LotSerials>[]> =>
    filters.length === 0 ? [] : (await serials.find({ $or: filters }, { limit: FEW })).items;
  return {
    /** Lots that have, or had scrapped, some of these serials. */
    lots: (ranges: readonly SerialRange[]) => some([...having('ranges', ranges), ...having('scrapped', ranges)]),
    /** Lots to which some of these serials were given. */
    givenTo: (ranges: readonly SerialRange[]) => some(having('given', ranges)),
    /** Operations that gave a unit its name, or another one. */
    relabellings: async (unit: SerialRange): Promise<readonly Followed[]> => {
      const named = ['inputs', 'outputs'].map((flow) => ({
        [`state.${flow}`]: { $elemMatch: { serials: overlaps(unit) } },
      }));
      const { items } = await followed.find({ 'state.kind': { $in: [...RELABELLING] }, $or: named }, { limit: FEW });
      return items.map(({ state }) => state);
    },
  };
};

export type SerialFinder = ReturnType<typeof serialFinder>;
