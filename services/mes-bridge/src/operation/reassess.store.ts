import { placeholderLotId } from '@lotwarden/platform/ids';
import type { LotRef } from '@lotwarden/platform/lot-ref';
import type { Work } from '@lotwarden/platform/store';
import type { House } from '../house.ts';
import { assess } from './assess-operation.ts';
import { knowLots } from './know-lots.store.ts';
import type { Operation } from './operation.ts';
import { reassessOperation } from './record-operation.ts';

const PAGE = 200;

/** Operations with these lots: as they are stored, without what a unit of work is about to write. */
export async function operationsWith(
  { operations }: Pick<House, 'operations'>,
  lots: readonly string[],
  also: object = {},
): Promise<string[]> {
  const anywhere = ['inputs', 'outputs', 'scrap'].map((flow) => ({ [`state.${flow}.lot`]: { $in: lots } }));
  const found: string[] = [];
  for (let after: string | undefined; ;) {
    const { items, next } = await operations.find({ $or: anywhere, ...also }, { limit: PAGE, after });
    found.push(...items.map(({ id }) => id));
    if (next === undefined) return found;
    after = next;
  }
}

/** Operations are judged anew when something is heard of that they were reported before (record-operation.ts). */
export const reassessing = (house: House) => {
  const flowsOf = ({ inputs, outputs, scrap }: Operation) => [...inputs, ...outputs, ...scrap];

  async function operations(work: Work, ids: readonly string[]): Promise<void> {
    const loaded = await work.load(house.operations, ids);
    const knowledge = await knowLots(
      house,
      work,
      loaded.flatMap(({ state }) => flowsOf(state)).map(({ lot }) => lot),
    );
    for (const { id, state } of loaded) {
      const { kind = null, startedAt: began = null, endedAt: moment = '' } = state.circumstances ?? {};
      const rules = assess(knowledge, { kind, began, moment, named: new Map() });
      await work.change(house.operations, id, (known) => reassessOperation(known, id, rules));
    }
  }

  return {
    operations,

    /** After the lot is written: those of its operations that were told with this code. */
    lot: async (work: Work, lot: string, names: readonly LotRef[], code: string): Promise<void> => {
      // First the guard: an operation that is being reported meanwhile guards it too, so one of both runs again.
      await work.touch(house.lots, lot);
      const ids = [lot, ...names.map(placeholderLotId)];
      await operations(work, await operationsWith(house, ids, { 'state.violations.code': code }));
    },
  };
};

export type Reassess = ReturnType<typeof reassessing>;
