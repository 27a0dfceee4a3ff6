import { consumer } from '@lotwarden/platform/consumer';
import type { LotDirectory, Merge } from '@lotwarden/platform/lot-directory';
import { supplierSystem } from '@lotwarden/platform/lot-ref';
import type { Work } from '@lotwarden/platform/store';
import { MATERIALS, type Material } from './material.ts';

interface Needs {
  readonly directory: LotDirectory;
  /** What was consumed under a name nobody knew moves to the lot that bears it. */
  readonly merge: Merge;
}

/** The line may use what receiving accepted, by whatever name it is asked for. */
export const materialsHeard = ({ directory, merge }: Needs) => {
  const decide = async (work: Work, lot: string, status: Material['status']) => {
    const known = (await work.read<Material>(MATERIALS, [lot])).get(lot);
    if (known) work.replace(MATERIALS, { ...known, status });
  };
  return consumer({
    topic: 'receiving.material-lot.v1',
    group: 'mes-bridge.material',
    on: {
      MaterialLotReceived: async ({ event }, work) => {
        const { lot, part, quantity, supplier, supplierLot } = event;
        const aliases = [...event.aliases, { system: supplierSystem(supplier), code: supplierLot }];
        work.replace(MATERIALS, { _id: lot, status: 'pending', item: part, unit: quantity.unit, aliases });
        await directory.hear(work, event, merge);
      },
      MaterialLotAccepted: ({ event }, work) => decide(work, event.lot, 'accepted'),
      MaterialLotRejected: ({ event }, work) => decide(work, event.lot, 'rejected'),
      LotAliasAssigned: async ({ event }, work) => {
        const known = (await work.read<Material>(MATERIALS, [event.lot])).get(event.lot);
        if (known) work.replace(MATERIALS, { ...known, aliases: [...known.aliases, event.alias] });
        await directory.hear(work, event, merge);
      },
    },
  });
};
