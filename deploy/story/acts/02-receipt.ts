import { deliveries, each, stated, type Delivery } from '../cast.ts';
import type { World } from '../world.ts';

interface MaterialLot {
  readonly lot: string;
  readonly status: string;
  readonly revision: string;
  readonly received: { readonly value: string; readonly unit: string };
  readonly aliases: readonly { readonly system: string; readonly code: string }[];
  readonly coa: readonly {
    readonly characteristic: string;
    readonly lower: string | null;
    readonly upper: string | null;
    readonly verdict: string;
  }[];
  readonly coaVerdict: string;
  readonly hindrances: readonly { readonly code: string }[];
}

/** Supplier lots come to the docks; nothing is accepted silently. */
export async function receipt(world: World): Promise<void> {
  const { narrator, as, lot } = world;
  const receiver = as['receiver.wu'];

  await narrator.step(
    '华芯电子 delivers capacitor lot L-1042, 4000 pieces, against PO-1001',
    async ({ check, tell }) => {
      const [l1042] = deliveries;
      const received = await receive(world, l1042);
      check(
        'global id by the coding rule',
        /^M-SZ1-\d{6}-\d{5}$/.test(received.lot) ? 'M-SZ1-…' : received.lot,
        'M-SZ1-…',
      );
      tell(`our id: ${received.lot}`);
      check('specification version in force', received.revision, 'B');
      check('quantity', received.received, each(4000));
      check("supplier's number is an alias", received.aliases, [{ system: 'supplier:SUP-HX', code: 'L-1042' }]);
      const asked = received.coa.filter(({ lower, upper }) => lower !== null || upper !== null);
      check(
        'values of the certificate and the transport, each with limits and verdict',
        asked.map(({ verdict }) => verdict),
        ['pass', 'pass', 'pass', 'pass', 'pass'],
      );
      check('status until it is inspected', received.status, 'pending');
      const again = await receiver.refused('receiving/material-lots', body(world, l1042));
      check('received a second time', again, { status: 409, code: 'lot-already-received' });
    },
  );

  await narrator.step('seven more lots of qualified suppliers arrive at both plants', async ({ check }) => {
    const others = deliveries.slice(1).filter(({ supplier }) => supplier === 'SUP-HX' || supplier === 'SUP-GJ');
    for (const delivery of others) await receive(world, delivery);
    const byAlias = await receiver.get<MaterialLot>('receiving/material-lots/L-1043?system=supplier:SUP-HX');
    check('L-1043 found by the supplier’s number', byAlias.lot, lot('L-1043'));
  });

  await narrator.step(
    'lots of an unqualified supplier and of one with an expired certificate stay pending',
    async ({ check }) => {
      for (const [name, reason] of [
        ['L-2001', 'supplier-not-qualified'],
        ['L-3001', 'supplier-certificate-expired'],
      ] as const) {
        const found = deliveries.find(({ supplierLot }) => supplierLot === name);
        if (!found) throw new Error(`no delivery ${name}`);
        const { status, hindrances } = await receive(world, found);
        check(name, [status, ...hindrances.map(({ code }) => code)], ['pending', reason]);
      }
    },
  );
}

async function receive(world: World, delivery: Delivery): Promise<MaterialLot> {
  const received = await world.as['receiver.wu'].post<MaterialLot>('receiving/material-lots', body(world, delivery));
  world.remember(delivery.supplierLot, received.lot);
  return received;
}

const body = ({ moment }: World, { supplierLot, part, supplier, purchaseOrder, site, quantity }: Delivery) => ({
  part,
  supplier,
  supplierLot,
  purchaseOrder,
  site,
  quantity: each(quantity),
  location: 'DOCK',
  receivedAt: moment(20),
  ...stated[part],
});
