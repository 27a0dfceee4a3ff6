import { consumer } from '@lotwarden/platform/consumer';
import type { LotDirectory } from '@lotwarden/platform/lot-directory';
import { supplierSystem } from '@lotwarden/platform/lot-ref';
import type { Work } from '@lotwarden/platform/store';
import type { Reassess } from '../operation/reassess.store.ts';
import type { Placeholders } from '../production-lot/placeholders.store.ts';
import { MATERIALS, type Material } from './material.ts';

interface Needs {
  readonly directory: LotDirectory;
  /** What was held or consumed under a name nobody knew moves to the lot that bears it. */
  readonly placeholders: Placeholders;
  /** What was consumed before it was heard of is judged with what is known now. */
  readonly reassess: Reassess;
}

/** The line may use what receiving accepted, by whatever name it is asked for. */
export const materialsHeard = ({ directory, placeholders, reassess }: Needs) => {
  const decide = async (work: Work, lot: string, decided: Pick<Material, 'status' | 'acceptedAt'>) => {
    const known = (await work.read<Material>(MATERIALS, [lot])).get(lot);
    if (known) work.replace(MATERIALS, { ...known, ...decided });
    return known;
  };
  return consumer({
    topic: 'receiving.material-lot.v1',
    group: 'mes-bridge.material',
    on: {
      MaterialLotReceived: async ({ event }, work) => {
        const { lot, part: item, quantity, supplier, supplierLot } = event;
        const aliases = [...event.aliases, { system: supplierSystem(supplier), code: supplierLot }];
        const { unit } = quantity;
        work.replace(MATERIALS, { _id: lot, status: 'pending', acceptedAt: null, item, unit, aliases });
        await placeholders.holdsOf(work, aliases, lot);
        await directory.hear(work, event, placeholders.merge);
        await reassess.lot(work, lot, aliases, 'lot-unknown');
      },
      MaterialLotAccepted: async ({ event: { lot }, recordedAt: acceptedAt }, work) => {
        const known = await decide(work, lot, { status: 'accepted', acceptedAt });
        if (known) await reassess.lot(work, lot, known.aliases, 'material-not-accepted');
      },
      MaterialLotRejected: ({ event }, work) => decide(work, event.lot, { status: 'rejected', acceptedAt: null }),
      LotAliasAssigned: async ({ event }, work) => {
        const known = (await work.read<Material>(MATERIALS, [event.lot])).get(event.lot);
        if (known) work.replace(MATERIALS, { ...known, aliases: [...known.aliases, event.alias] });
        await directory.hear(work, event, placeholders.merge);
      },
    },
  });
};
