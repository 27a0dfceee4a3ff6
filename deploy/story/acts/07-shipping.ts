import { each, GTIN, MARKET, serials, serialText } from '../cast.ts';
import { eventually } from '../eventually.ts';
import { onHand } from '../lots.ts';
import type { Serials } from '../outside/mes.ts';
import type { World } from '../world.ts';

export interface Shipment {
  readonly shipment: string;
  readonly origin: string;
  readonly custodian: string;
  readonly lines: readonly { readonly lot: string; readonly quantity: { readonly value: string } }[];
  readonly violations: readonly { readonly code: string; readonly lot: string | null; readonly detail: string }[];
}

export interface Custody {
  readonly custodian: string;
  readonly lot: string;
  readonly quantities: readonly { readonly value: string }[];
  readonly usedQuantities: readonly { readonly value: string }[];
  readonly serials: readonly Serials[];
}

interface Goods {
  readonly lot: string;
  readonly quantity: number;
  readonly serials?: readonly Serials[];
  readonly containers?: readonly string[];
}

/** A shipment to one party, as the shipping lead asks for it. */
export const shipmentOf = (
  shipment: string,
  { site, to, soldTo = to }: { site: string; to: string; soldTo?: string },
  goods: readonly Goods[],
) => ({
  shipment,
  site,
  soldTo,
  shipTo: to,
  custodian: to,
  market: MARKET,
  lines: goods.map(({ lot, quantity, serials: units = [], containers = [] }) => ({
    lot,
    quantity: each(quantity),
    serials: units,
    containers,
  })),
});

/** Waits until field knows that a party holds so much of a lot, and reads it back. */
export async function custodyOf(world: World, custodian: string, name: string, quantity: number): Promise<Custody> {
  const { items } = await eventually(
    `${custodian} to hold ${quantity} of ${name}`,
    () =>
      world.as['field.gao'].get<{ items: Custody[] }>(`field/custody?custodian=${custodian}&lot=${world.lot(name)}`),
    (found) => Number(found.items[0]?.quantities[0]?.value ?? 0) === quantity,
  );
  const [custody] = items;
  if (!custody) throw new Error(`no custody of ${name} at ${custodian}`);
  return custody;
}

/** Finished goods leave for two distributors and a hospital; one unit comes back, one is used. */
export async function shipping(world: World): Promise<void> {
  const { step } = world.narrator;
  await step('not released: F4 may not leave', (s) => unreleased(world, s));
  await step('S1: the sealed pallet with 40 of F1 goes to 华东医疗', (s) => pallet(world, s));
  await step('S2: 30 of 50 of F3 go from 苏州 to 北方器械, in three cartons', (s) => partial(world, s));
  await step('S3: three single units of F2 for 瑞安医院, sold to 华东医疗', (s) => singles(world, s));
  await step('S5: 20 of F5 to the hospital; S6: 10 of F6 to 北方器械', (s) => more(world, s));
  await step('one unit of F2 comes back from the hospital, one is used there', (s) => backAndUsed(world, s));
}

type StepArgument = Parameters<Parameters<World['narrator']['step']>[1]>[0];

async function dispatch(world: World, asked: ReturnType<typeof shipmentOf>): Promise<Shipment> {
  // The release or the seal may not have reached the warehouse yet.
  return eventually(
    `${asked.shipment} to be let out`,
    () => world.as['shipping.sun'].post<Shipment>('warehouse/shipments', asked),
    () => true,
  );
}

/** The carrier says that it is there: nothing of it is on the road any more. */
async function arrive(world: World, shipment: string): Promise<void> {
  await world.as['shipping.sun'].post(`warehouse/shipments/${shipment}/deliveries`, undefined);
}

async function unreleased(world: World, { check }: StepArgument): Promise<void> {
  const no = await eventually(
    'the warehouse to know F4',
    () =>
      world.as['shipping.sun'].refused(
        'warehouse/shipments',
        shipmentOf('S0', { site: 'SZ1', to: 'D1' }, [{ lot: world.lot('F4'), quantity: 1, serials: serials(41, 41) }]),
      ),
    ({ code }) => code === 'lot-not-released',
  );
  check('refused', no, { status: 409, code: 'lot-not-released' });
}

async function pallet(world: World, { check }: StepArgument): Promise<void> {
  const { lot } = world;
  const sent = await dispatch(
    world,
    shipmentOf('S1', { site: 'SZ1', to: 'D1' }, [{ lot: lot('F1'), quantity: 40, containers: [lot('pallet')] }]),
  );
  check('on it', sent.lines, [{ lot: lot('F1'), quantity: each(40) }]);
  const held = await custodyOf(world, 'D1', 'F1', 40);
  check('华东医疗 holds serials', held.serials, serials(1, 40));
  await arrive(world, 'S1');
  const left = await onHand(world.mes, lot('F1'));
  check('F1 left with us', left, 0);
}

async function partial(world: World, { check }: StepArgument): Promise<void> {
  const { lot } = world;
  const containers = [120, 130, 140].map((first) => lot(`carton ${first}`));
  await dispatch(world, shipmentOf('S2', { site: 'SU2', to: 'D2' }, [{ lot: lot('F3'), quantity: 30, containers }]));
  const held = await custodyOf(world, 'D2', 'F3', 30);
  check('北方器械 holds', [held.quantities, held.serials], [[each(30)], serials(120, 149)]);
  await arrive(world, 'S2');
  check('F3 left in 苏州', await onHand(world.mes, lot('F3')), 20);
}

async function singles(world: World, { check }: StepArgument): Promise<void> {
  const { lot } = world;
  await dispatch(
    world,
    shipmentOf('S3', { site: 'SZ1', to: 'H1', soldTo: 'D1' }, [
      { lot: lot('F2'), quantity: 3, serials: serials(61, 63) },
    ]),
  );
  const held = await custodyOf(world, 'H1', 'F2', 3);
  check('the hospital holds', held.serials, serials(61, 63));
  const { items } = await world.as['field.gao'].get<{ items: Custody[] }>(
    `field/custody?custodian=D1&lot=${lot('F2')}`,
  );
  check('who paid holds nothing of it', items.length, 0);
  await arrive(world, 'S3');
}

async function more(world: World, { check }: StepArgument): Promise<void> {
  const { lot } = world;
  await dispatch(
    world,
    shipmentOf('S5', { site: 'SZ1', to: 'H1' }, [{ lot: lot('F5'), quantity: 20, serials: serials(170, 189) }]),
  );
  await dispatch(
    world,
    shipmentOf('S6', { site: 'SZ1', to: 'D2' }, [{ lot: lot('F6'), quantity: 10, serials: serials(210, 219) }]),
  );
  check('瑞安医院 holds of F5', (await custodyOf(world, 'H1', 'F5', 20)).quantities, [each(20)]);
  check('北方器械 holds of F6', (await custodyOf(world, 'D2', 'F6', 10)).quantities, [each(10)]);
  const tooMany = await world.as['shipping.sun'].refused(
    'warehouse/shipments',
    shipmentOf('S7', { site: 'SZ1', to: 'D2' }, [{ lot: lot('F6'), quantity: 31, serials: serials(219, 249) }]),
  );
  check('more than there is', tooMany.status, 409);
}

async function backAndUsed(world: World, { check }: StepArgument): Promise<void> {
  const { systems, lot, moment, as } = world;
  await systems.wmsSz1.returned(
    'R1',
    'H1',
    [{ lot: { system: 'lotwarden', code: lot('F2') }, quantity: 1, serials: serials(61, 61) }],
    [],
    moment(2),
  );
  await custodyOf(world, 'H1', 'F2', 2);
  const used = await as['field.gao'].post<Custody>('field/use-records', {
    custodian: 'H1',
    lot: lot('F2'),
    gtin: GTIN,
    serial: serialText(62),
    usedAt: moment(1),
    useToken: 'q7Zk2mV9xT4bR8nW',
  });
  check('still there / used', [used.quantities, used.usedQuantities], [[each(1)], [each(1)]]);
  const { items } = await eventually(
    'the returned unit in quarantine',
    () =>
      as['shipping.sun'].get<{ items: { location: string; quantity: { value: string } }[] }>(
        `warehouse/stock?lot=${lot('F2')}&site=SZ1`,
      ),
    (found) => found.items.some(({ location }) => location === 'QUAR'),
  );
  check('returned into quarantine', items.find(({ location }) => location === 'QUAR')?.quantity, each(1));
}
