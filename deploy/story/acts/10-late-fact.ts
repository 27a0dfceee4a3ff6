import { each, serials } from '../cast.ts';
import { eventually } from '../eventually.ts';
import { CAP_1042, readOperation, sz1 } from '../lots.ts';
import { GATES, type RecallReader } from '../recall-views.ts';
import type { World } from '../world.ts';
import { shipmentOf } from './07-shipping.ts';
import { answer, answered } from './09-notices.ts';
import { completeness, sinceThen, timelineOf } from './questions.ts';

/** The consumption that MES kept back arrives; scope, hold and notices widen by themselves. */
export async function lateFact(world: World, reader: RecallReader): Promise<void> {
  const { step } = world.narrator;
  const before = new Date().toISOString();
  await step('MES reports, 16 days late, that B5 took 160 of L-1042', (s) => arrives(world, reader, s));
  await step(
    'what we know now and did not before; what happened to B5 and when we heard of it; what is missing now',
    async (s) => {
      await sinceThen(world, before, s);
      await timelineOf(world, 'B5', s);
      await completeness(world, [], s);
    },
  );
  await step('瑞安医院 is told of F5 in version 2; its late answer to version 1 does not close it', (s) =>
    secondVersion(world, reader, s),
  );
}

type StepArgument = Parameters<Parameters<World['narrator']['step']>[1]>[0];

async function arrives(world: World, reader: RecallReader, { check, tell }: StepArgument): Promise<void> {
  const { systems, moment, lot, name, mes } = world;
  const { epoch } = await reader.read();
  const sent = performance.now();
  await systems.mesSz1.consume('B5', 'WO-B5', { lot: CAP_1042, quantity: 160 }, moment(16, '01:30'), 'op.qian');
  await eventually('the hold to grow', reader.read, (now) => now.epoch > epoch && now.held >= 10);
  const now = await reader.contained();
  tell(`${((performance.now() - sent) / 1000).toFixed(2)} s from the message to contained, epoch ${now.epoch}`);
  const { lots, complete, gaps } = await eventually('the scope', reader.scope, (found) => found.complete);
  check('scope', lots.map((one) => name(one.lot)).sort(), [
    ...['B1', 'B3', 'B5', 'F1', 'F2', 'F2b', 'F3', 'F4', 'F5', 'L-1042'],
  ]);
  check('lots held, at', [now.held, [...(now.frozen?.gates ?? [])].sort()], [10, [...GATES].sort()]);
  check('complete now', [complete, gaps], [true, []]);
  const { inputs } = await readOperation(mes, sz1('B5'));
  check('B5 is made of', inputs.map((input) => name(input.lot)).sort(), ['L-1042', 'PCB-77']);
  const no = await world.as['shipping.sun'].refused(
    'warehouse/shipments',
    shipmentOf('S10', { site: 'SZ1', to: 'H1' }, [{ lot: lot('F5'), quantity: 20, serials: serials(190, 209) }]),
  );
  check('ship the other 20 of F5', no, { status: 409, code: 'lot-on-hold' });
}

async function secondVersion(world: World, reader: RecallReader, { check }: StepArgument): Promise<void> {
  const { lot } = world;
  const second = await reader.received('H1', 2);
  const named = new Map(second.lines.map((line) => [line.lot, line]));
  check(
    'version 2 names',
    [named.get(lot('F2')), named.get(lot('F5')), named.size],
    [{ quantity: each(2) }, { quantity: each(20), serials: serials(170, 189) }, 2],
  );
  const first = await reader.received('H1', 1);
  const answerBy = (await reader.notices()).find(({ party }) => party === 'H1')?.answerBy ?? '';
  await eventually(
    'the time for an answer to run out',
    () => Promise.resolve(new Date().toISOString()),
    (now) => now > answerBy,
  );
  const ofFirst = [answered(lot('F2'), { onHand: 1, used: 1 }, serials(62, 63))];
  await answer(world, 'H1', first, '设备科 刘工', ofFirst);
  await reader.finding('answer-late', 'H1');
  await reader.finding('answer-to-old-version', 'H1');
  const open = (await reader.notices()).find(({ party }) => party === 'H1');
  check('after answering version 1 the notice is', [open?.version, open?.status], [2, 'open']);
  const { hindrance } = await world.as['recall.chen'].get<{ hindrance: string }>(
    `recall/cases/${reader.id}/close-record`,
  );
  check('closing the case now', hindrance, 'notices-unanswered');
  await answer(world, 'H1', second, '设备科 刘工', [
    ...ofFirst,
    answered(lot('F5'), { onHand: 20 }, serials(170, 189)),
  ]);
  const all = await eventually('all notices to be closed', reader.notices, (found) =>
    found.every(({ status }) => status === 'closed'),
  );
  check('notices closed', all.map(({ party, version }) => `${party} v${version}`).sort(), [
    'D1 v1',
    'D2 v1',
    'D3 v1',
    'H1 v2',
  ]);
}
