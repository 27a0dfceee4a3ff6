import { each, GTIN, PRODUCT, serials, serialText } from '../cast.ts';
import { eventually } from '../eventually.ts';
import { CAP_1042, supplierLot } from '../lots.ts';
import { GATES, recallReader, type RecallCase, type RecallReader } from '../recall-views.ts';
import type { RecordToSign, World } from '../world.ts';
import { compareScopes, completeness, traces } from './questions.ts';
import { custodyOf, shipmentOf, type Shipment } from './07-shipping.ts';

/** What L-1042 went into, as far as MES has told. */
const AFFECTED = ['L-1042', 'B1', 'B3', 'F1', 'F2', 'F2b', 'F3', 'F4'] as const;

/** From a complaint to a frozen, contained, launched recall. */
export async function recall(world: World): Promise<RecallReader> {
  const { step } = world.narrator;
  await step('S4, just before: 5 more of F3 leave for 北方器械', (s) => before(world, s));
  const complaint = await step('华东医疗 complains: pump IP000007 stops by itself; a shorted capacitor', (s) =>
    complain(world, s),
  );
  const reader = await step('a recall is drafted from L-1042; the root is held at once, at five gates', (s) =>
    draft(world, complaint, s),
  );
  await step('the scope: which lots, by which path, held by whom, and what the answer does not know', (s) =>
    scope(world, reader, s),
  );
  await step('three traces: forward from L-1042, back from one pump, and from a machine in a period', (s) =>
    traces(world, s),
  );
  await step('two scopes side by side before the launch: all of L-1042, or only the boards B1', (s) =>
    compareScopes(world, s),
  );
  await step('陈晨 launches it as class I (一级召回), signed', (s) => launch(world, reader, s));
  await step('after the freeze each gate says no; a clean lot still ships', (s) => refusals(world, reader, s));
  await step('20 of F2b leave all the same, says the WMS: kept, a violation, and 小微经销 is told', (s) =>
    escaped(world, reader, s),
  );
  return reader;
}

interface OnTheWay {
  readonly shipment: string | null;
  readonly stage: string;
  readonly quantity: { readonly value: string };
  readonly bindingMode: string;
}

type StepArgument = Parameters<Parameters<World['narrator']['step']>[1]>[0];

async function before(world: World, { check }: StepArgument): Promise<void> {
  const sent = await world.as['shipping.sun'].post<Shipment>(
    'warehouse/shipments',
    shipmentOf('S4', { site: 'SU2', to: 'D2' }, [{ lot: world.lot('F3'), quantity: 5, serials: serials(150, 154) }]),
  );
  check('let out', sent.violations, []);
  check('北方器械 holds of F3', (await custodyOf(world, 'D2', 'F3', 35)).quantities, [each(35)]);
}

async function complain({ as, lot }: World, { check }: StepArgument): Promise<string> {
  const { complaint, ...facts } = await as['engineer.lin'].post<{ complaint: string; suspectedLot: string }>(
    'qms/complaints',
    {
      product: PRODUCT,
      lot: lot('F1'),
      unit: { gtin: GTIN, serial: serialText(7) },
      suspectedLot: lot('L-1042'),
      description: 'infusion stops without alarm; capacitor C12 shorted',
      reporter: 'D1',
    },
  );
  check('suspected', facts.suspectedLot, lot('L-1042'));
  return complaint;
}

async function draft(world: World, complaint: string, { check, tell }: StepArgument): Promise<RecallReader> {
  const drafted = await world.as['engineer.lin'].post<RecallCase>('recall/cases', {
    title: 'IP-200: infusion may stop without alarm',
    reason: 'capacitors of lot L-1042 short under load',
    roots: [CAP_1042],
    complaint,
  });
  check('status and roots', [drafted.status, drafted.roots], ['draft', [world.lot('L-1042')]]);
  const reader = recallReader(world, drafted.case);
  const frozen = await eventually('all gates to acknowledge', reader.read, ({ frozen: now }) => now !== null);
  check('acknowledged by', [...(frozen.frozen?.gates ?? [])].sort(), [...GATES].sort());
  tell(`case ${drafted.case}, frozen ${frozen.frozen?.elapsedMs ?? 0} ms after the manifest`);
  return reader;
}

async function scope(world: World, reader: RecallReader, { check, show, tell }: StepArgument): Promise<void> {
  const { name, lot } = world;
  const found = await eventually(
    'the scope',
    reader.scope,
    // How far the answer goes is read before its lots: both must be there.
    ({ lots, gaps, offsets }) => offsets.length > 0 && lots.length >= AFFECTED.length && gaps.length <= 1,
  );
  check('lots', found.lots.map((one) => name(one.lot)).sort(), [...AFFECTED].sort());
  const path = found.lots.find((one) => one.lot === lot('F2b'))?.path.map((step) => name(step.lot));
  check('why F2b', path, ['L-1042', 'B1', 'F2', 'F2b']);
  check('certainty', [...new Set(found.lots.map(({ certainty }) => certainty))], ['scanned']);
  const holders = found.custodians.map(
    ({ custodian, lines }) =>
      `${custodian} ${lines.map((line) => `${name(line.lot)} ${line.quantity.value}`).join(' + ')}`,
  );
  check('custodians to tell, with what they have or used', holders.sort(), ['D1 F1 40', 'D2 F3 35', 'H1 F2 2']);
  check('complete', found.complete, false);
  check(
    'because',
    found.gaps,
    ['operation-input-missing OP-MES-SZ1:B5: CAP-100: expected 160, seen none'],
    'named below',
  );
  await completeness(world, found.gaps, { check, show, tell });
}

async function launch(world: World, reader: RecallReader, { check, tell }: StepArgument): Promise<void> {
  const what = {
    recallClass: 'I',
    instructions: 'Stop using and selling these pumps at once; keep them apart; answer with quantities.',
    instructionsZh: '立即停止使用和销售,隔离存放,并回复数量。',
  };
  world.consignees.D2.goDown();
  const manager = world.as['recall.chen'];
  const query = new URLSearchParams(what).toString();
  const record = await manager.get<RecordToSign>(`recall/cases/${reader.id}/launch-record?${query}`);
  const signature = await world.sign('recall.chen', record, 'launch', '一级召回 class I: danger to life');
  const launched = await manager.post<RecallCase>(`recall/cases/${reader.id}/launches`, { ...what, signature });
  check('status', launched.status, 'launched');
  const now = await reader.contained();
  check('frozen at', [...(now.frozen?.gates ?? [])].sort(), [...GATES].sort());
  check('held', now.held, AFFECTED.length);
  check('step', now.step, 'contained');
  tell(
    `epoch ${now.epoch}, frozen in ${now.frozen?.elapsedMs ?? 0} ms, contained: ${now.contained?.rounds ?? 0} × asked again, and nothing new`,
  );
}

async function refusals(world: World, reader: RecallReader, { check }: StepArgument): Promise<void> {
  const { as, lot, mes } = world;
  const ship = as['shipping.sun'];
  const onHold = { status: 409, code: 'lot-on-hold' };
  const ofF2b = shipmentOf('S8', { site: 'SZ1', to: 'D2' }, [
    { lot: lot('F2b'), quantity: 20, serials: serials(100, 119) },
  ]);
  check('warehouse: ship F2b', await ship.refused('warehouse/shipments', ofF2b), onHold);
  const { hold } = await reader.read();
  const { items } = await ship.get<{ items: OnTheWay[] }>(`warehouse/in-flight?hold=${hold}`);
  const road = items.map((one) => [one.shipment, one.stage, one.quantity.value, one.bindingMode]);
  check('to be stopped by phone', road, [['S4', 'in-transit', '5', 'inline']]);
  const putAway = { quantity: each(100), location: 'LINE' };
  check(
    'receiving: put L-1042 away',
    await as['receiver.wu'].refused(`receiving/material-lots/${lot('L-1042')}/put-away`, putAway),
    onHold,
  );
  const { answer, reasons } = await mes.post<{ answer: string; reasons: { code: string }[] }>(
    'mes-bridge/start-checks',
    {
      workOrder: 'WO-B7',
      site: 'SZ1',
      equipment: 'SMT-1',
      product: 'BRD-10',
      inputs: [
        { lot: CAP_1042, quantity: each(40) },
        { lot: supplierLot('SUP-GJ', 'PCB-77'), quantity: each(10) },
      ],
    },
  );
  check('mes-bridge: start with L-1042', [answer, ...reasons.map(({ code }) => code)], ['stop', 'lot-on-hold']);
  const label = { label: 'LBL-IP200-CN', labelVersion: '3', quantity: each(1) };
  check(
    'serialization: label F2',
    await as['lead.zhao'].refused(`serialization/lots/${lot('F2')}/labels`, label),
    onHold,
  );
  const { record } = await as['quality.wang'].get<{ record: RecordToSign }>(
    `qms/lots/${lot('F2')}/release-readiness?market=SG`,
  );
  const review = await world.sign('engineer.lin', record, 'review', 'for Singapore');
  const signature = await world.sign('quality.wang', record, 'release', 'for Singapore');
  check(
    'qms: release F2 for Singapore',
    await as['quality.wang'].refused(`qms/lots/${lot('F2')}/releases`, { market: 'SG', review, signature }),
    onHold,
  );
  const clean = shipmentOf('S9', { site: 'SZ1', to: 'D2' }, [
    { lot: lot('F6'), quantity: 5, serials: serials(220, 224) },
  ]);
  check('5 of F6 to D2', (await ship.post<Shipment>('warehouse/shipments', clean)).violations, []);
  const { lots } = await reader.scope();
  check(
    'F6 in the scope',
    lots.some((one) => one.lot === lot('F6')),
    false,
  );
}

async function escaped(world: World, reader: RecallReader, { check }: StepArgument): Promise<void> {
  const { systems, lot, as } = world;
  await systems.wmsSz1.shipped(
    'W-77',
    'D3',
    [{ lot: { system: 'lotwarden', code: lot('F2b') }, quantity: 20, serials: serials(100, 119) }],
    new Date().toISOString(),
  );
  const kept = await eventually(
    'the reported shipment',
    () => as['shipping.sun'].get<Shipment>('warehouse/shipments/W-77'),
    () => true,
  );
  check('kept as', kept.origin, 'fact');
  check(
    'violations',
    kept.violations.map(({ code }) => code),
    ['lot-on-hold'],
  );
  check('小微经销 holds of F2b', (await custodyOf(world, 'D3', 'F2b', 20)).quantities, [each(20)]);
  const finding = await reader.finding('held-lot-left', lot('F2b'));
  check('finding of the case', finding.detail, 'W-77 to D3');
  const told = await reader.delivered('D3', 1);
  check('its notice', told.lines, [{ lot: lot('F2b'), quantity: each(20) }]);
}
