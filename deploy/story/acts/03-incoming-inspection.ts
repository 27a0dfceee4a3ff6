import { deliveries, each, measured } from '../cast.ts';
import { eventually } from '../eventually.ts';
import type { World } from '../world.ts';

interface Decided {
  readonly status: string;
  readonly inspection: string | null;
  readonly reason: string | null;
  readonly hindrances: readonly { readonly code: string }[];
}

const ACCEPTED = ['L-1042', 'L-1043', 'PCB-77', 'PCB-78', 'HSG-5', 'HSG-6'] as const;

/** The laboratory reports; inspections decide; accepted lots are put away, the others go nowhere. */
export async function incomingInspection(world: World): Promise<void> {
  const { narrator, as, lot, systems, moment } = world;
  const receiver = as['receiver.wu'];
  const read = (name: string) => receiver.get<Decided>(`receiving/material-lots/${lot(name)}`);

  await narrator.step('LIMS reports its results; incoming inspection accepts six lots', async ({ check }) => {
    await Promise.all(
      deliveries
        .filter(({ supplierLot }) => supplierLot !== 'L-1050' && supplierLot !== 'L-3001')
        .map(({ supplier, supplierLot, part }) =>
          systems.lims.report(
            {
              sample: `S-${supplierLot}`,
              lot: { system: `supplier:${supplier}`, code: supplierLot },
              stage: 'incoming',
              ...measured[part],
            },
            moment(19),
          ),
        ),
    );
    for (const name of ACCEPTED) {
      const { status } = await eventually(
        `${name} to be decided`,
        () => read(name),
        (found) => found.status !== 'pending',
      );
      check(name, status, 'accepted');
    }
  });

  await narrator.step('L-1050 measures 81.0 µF, below the lower limit of 95', async ({ check }) => {
    await systems.lims.report(
      {
        sample: 'S-L-1050',
        lot: { system: 'supplier:SUP-HX', code: 'L-1050' },
        stage: 'incoming',
        ...measured['CAP-100'],
        value: '81.0',
      },
      moment(19),
    );
    const found = await eventually(
      'L-1050 to be decided',
      () => read('L-1050'),
      ({ status }) => status !== 'pending',
    );
    check('status and reason', [found.status, found.reason], ['rejected', 'out of limits: capacitance-measured']);
  });

  await narrator.step('L-2001 measures well, but its supplier is not qualified', async ({ check }) => {
    const found = await eventually(
      'the inspection of L-2001 to reach it',
      () => read('L-2001'),
      ({ inspection }) => inspection !== null,
    );
    check('status', [found.status, found.hindrances.map(({ code }) => code)], ['pending', ['supplier-not-qualified']]);
  });

  await narrator.step('accepted lots are put away; the rejected one may not', async ({ check }) => {
    await Promise.all(
      deliveries
        .filter(({ supplierLot }) => (ACCEPTED as readonly string[]).includes(supplierLot))
        .map(({ supplierLot, quantity }) =>
          receiver.post(`receiving/material-lots/${lot(supplierLot)}/put-away`, {
            quantity: each(quantity),
            location: 'STORE',
          }),
        ),
    );
    const no = await receiver.refused(`receiving/material-lots/${lot('L-1050')}/put-away`, {
      quantity: each(1000),
      location: 'STORE',
    });
    check('put away L-1050', no, { status: 409, code: 'material-lot-not-accepted' });
    const stock = await eventually(
      'the stock of L-1042 in the store',
      () => receiver.get<{ items: { location: string; quantity: unknown }[] }>(`warehouse/stock?lot=${lot('L-1042')}`),
      ({ items }) => items.some(({ location }) => location === 'STORE'),
    );
    check(
      'stock of L-1042',
      stock.items.map(({ location, quantity }) => ({ location, quantity })),
      [{ location: 'STORE', quantity: each(4000) }],
    );
  });
}
