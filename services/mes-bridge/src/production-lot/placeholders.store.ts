import { mergePlaceholder } from '@lotwarden/platform/gate';
import { placeholderLotId } from '@lotwarden/platform/ids';
import type { LotRef } from '@lotwarden/platform/lot-ref';
import type { Work } from '@lotwarden/platform/store';
import type { House } from '../house.ts';
import type { Reassess } from '../operation/reassess.store.ts';
import { inheritHolds } from './inherit-holds.store.ts';
import { PLACEHOLDER_USES, type PlaceholderUses } from './placeholder-uses.ts';
import { declareLot, resolvePlaceholder } from './production-lot.ts';

/** Lots that somebody mentioned and nobody declared yet (correctness rule 2). */
export const placeholders = (house: House, reassess: Reassess) => {
  const { lots, operations } = house;

  return {
    /** Tells everybody that a placeholder stands for this name. */
    declare: (work: Work, lot: string, alias: LotRef, site: string) =>
      work.change(lots, lot, (known) => {
        if (known.status !== 'unknown') return [];
        const nothing = { product: null, revision: null, kind: 'unknown', workOrder: null };
        return declareLot(known, { lot, ...nothing, site, aliases: [alias], placeholder: true });
      }),

    /** Remembers which operation consumed it: what that made inherits from the lot, once it is known. */
    use: async (work: Work, placeholder: string, operation: string): Promise<void> => {
      const known =
        (await work.read<PlaceholderUses>(PLACEHOLDER_USES, [placeholder])).get(placeholder)?.operations ?? [];
      if (known.includes(operation)) return;
      work.replace(PLACEHOLDER_USES, { _id: placeholder, operations: [...known, operation] });
    },

    /** A lot that has these names from now on: what was held under one of them, by whomever it was used, is held. */
    holdsOf: async (work: Work, names: readonly LotRef[], lot: string): Promise<void> => {
      for (const placeholder of new Set(names.map(placeholderLotId)))
        if (placeholder !== lot) await mergePlaceholder(work, lots, placeholder, lot);
    },

    /** The placeholder is that lot: its holds go along, the lot's go to what was made of it, which is judged anew. */
    merge: async (work: Work, placeholder: string, lot: string): Promise<void> => {
      await mergePlaceholder(work, lots, placeholder, lot);
      const uses =
        (await work.read<PlaceholderUses>(PLACEHOLDER_USES, [placeholder])).get(placeholder)?.operations ?? [];
      for (const { state } of await work.load(operations, uses)) await inheritHolds(house, work, state);
      await reassess.operations(work, uses);
      const [unknown, known] = await work.load(lots, [placeholder, lot]);
      if (unknown?.state.status !== 'placeholder' || known?.state.status !== 'declared') return;
      // A supplier lot's name is receiving's to tell; ours we tell.
      for (const alias of unknown.state.aliases)
        await work.append(lots, lot, resolvePlaceholder(lot, alias, placeholder));
    },
  };
};

export type Placeholders = ReturnType<typeof placeholders>;
