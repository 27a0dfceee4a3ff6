import { each, PRODUCT } from '../cast.ts';
import { eventually } from '../eventually.ts';
import { CAP_1042, CAP_1043, learnLot, onHand, readOperation, su2, supplierLot, sz1 } from '../lots.ts';
import type { Input, Job, LotName, Output } from '../outside/mes.ts';
import type { World } from '../world.ts';

const PCB_77 = supplierLot('SUP-GJ', 'PCB-77');
const PCB_78 = supplierLot('SUP-GJ', 'PCB-78');
const HSG_5 = supplierLot('SUP-GJ', 'HSG-5');
const HSG_6 = supplierLot('SUP-GJ', 'HSG-6');
const CAP_3001 = supplierLot('SUP-EX', 'L-3001');

const took = (lot: LotName, quantity: number): Input => ({ lot, quantity });
const board = (lot: LotName, quantity: number): Output => ({ lot, product: 'BRD-10', quantity });
const pump = (lot: LotName, quantity: number): Output => ({ lot, product: PRODUCT, quantity });

interface Answer {
  readonly answer: 'go' | 'stop';
  readonly reasons: readonly { readonly code: string }[];
}

/** MES asks before it starts and reports afterwards: boards, pumps, a correction, a withheld consumption. */
export async function operations(world: World): Promise<void> {
  const { step } = world.narrator;
  await step('MES asks before the line starts: go or stop', (s) => startChecks(world, s));
  await step('boards B1 and B2 in 深圳; the message of B1 comes twice', (s) => boards(world, s));
  await step('boards B3 are made in 苏州, of 200 of L-1042', (s) => otherPlant(world, s));
  await step('B4 is recorded as made of L-1042; a mistake: voided, recorded again from L-1043', (s) =>
    correction(world, s),
  );
  await step('B5 comes without its capacitors: MES keeps that message back', (s) => withheld(world, s));
  await step('B6 was made of L-3001, which is not accepted: kept, flagged, then scrapped', (s) =>
    notAccepted(world, s),
  );
  await step('infusion pumps 输液泵: F1, F2 (one scrapped), F5 and F6 in 深圳, F3 in 苏州', (s) => pumps(world, s));
}

type StepArgument = Parameters<Parameters<World['narrator']['step']>[1]>[0];

async function startChecks({ mes }: World, { check }: StepArgument): Promise<void> {
  const ask = (cap: LotName, pcb = PCB_77) =>
    mes.post<Answer>('mes-bridge/start-checks', {
      workOrder: 'WO-B1',
      site: 'SZ1',
      equipment: 'SMT-1',
      product: 'BRD-10',
      inputs: [
        { lot: cap, quantity: each(400) },
        { lot: pcb, quantity: each(100) },
      ],
    });
  const go = await eventually(
    'MES to hear that L-1042 is accepted',
    () => ask(CAP_1042),
    ({ answer }) => answer === 'go',
  );
  check('L-1042', go.answer, 'go');
  for (const [name, lot, reason] of [
    ['L-1050, rejected', supplierLot('SUP-HX', 'L-1050'), 'material-not-accepted'],
    ['L-2001, pending', supplierLot('SUP-NP', 'L-2001'), 'material-not-accepted'],
    ['a lot nobody knows', supplierLot('SUP-HX', 'L-9999'), 'lot-unknown'],
  ] as const) {
    const { answer, reasons } = await ask(lot);
    check(name, [answer, reasons.some(({ code }) => code === reason) ? reason : reasons], ['stop', reason]);
  }
}

/** One job of a board or pump line, at a given time some days ago. */
function job(world: World, operation: string, [equipment, daysAgo, hour]: readonly [string, number, number]) {
  const clock = (h: number) => world.moment(daysAgo, `${String(h).padStart(2, '0')}:00`);
  return (inputs: readonly Input[], outputs: readonly Output[], scrap: readonly Output[] = []): Job => ({
    operation,
    kind: 'make',
    workOrder: `WO-${operation}`,
    equipment,
    operator: equipment.startsWith('SMT') ? 'op.qian' : 'op.zhou',
    startedAt: clock(hour),
    endedAt: clock(hour + 2),
    parameters: [{ name: 'reflow-peak', value: '245', unit: 'CEL' }],
    inputs,
    outputs,
    scrap,
  });
}

async function boards(world: World, { check }: StepArgument): Promise<void> {
  const { mes, systems, lot } = world;
  const before = await onHand(mes, lot('L-1042'));
  await systems.mesSz1.record(
    job(world, 'B1', ['SMT-1', 18, 1])([took(CAP_1042, 400), took(PCB_77, 100)], [board(sz1('B1'), 100)]),
    2,
  );
  await systems.mesSz1.record(
    job(world, 'B2', ['SMT-1', 18, 4])([took(CAP_1043, 400), took(PCB_77, 100)], [board(sz1('B2'), 100)]),
  );
  await learnLot(world, sz1('B1'));
  await learnLot(world, sz1('B2'));
  const b1 = await readOperation(mes, sz1('B1'));
  check(
    'B1 made of',
    b1.inputs.map((input) => `${world.name(input.lot)} ${input.quantity.value}`),
    ['L-1042 400', 'PCB-77 100'],
  );
  check('findings', b1.violations, []);
  const after = await eventually(
    'stock of L-1042 to go down',
    () => onHand(mes, lot('L-1042')),
    (left) => left < before,
  );
  check('L-1042 left', after, 3600);
}

async function otherPlant(world: World, { check }: StepArgument): Promise<void> {
  const { mes, systems, lot } = world;
  const made = job(world, 'B3', ['SMT-9', 17, 1])([took(CAP_1042, 200), took(PCB_78, 50)], [board(su2('B3'), 50)]);
  await systems.mesSu2.record(made);
  await learnLot(world, su2('B3'));
  check('findings', (await readOperation(mes, su2('B3'))).violations, []);
  const left = await eventually(
    'the stock of L-1042 to follow',
    () => onHand(mes, lot('L-1042')),
    (now) => now === 3400,
  );
  check('L-1042 left', left, 3400);
}

async function correction(world: World, { check }: StepArgument): Promise<void> {
  const { mes, systems, lot, moment } = world;
  const { mesSz1 } = systems;
  const outputs = [board(sz1('B4'), 40)];
  await mesSz1.record(job(world, 'B4-1', ['SMT-1', 17, 4])([took(CAP_1042, 160), took(PCB_77, 40)], outputs));
  await learnLot(world, sz1('B4'));
  await readOperation(mes, sz1('B4-1'));
  await mesSz1.takeBack('B4-1', 'wrong reel scanned', 'B4-2', moment(17, '07:00'), 'op.qian');
  await mesSz1.record(job(world, 'B4-2', ['SMT-1', 17, 4])([took(CAP_1043, 160), took(PCB_77, 40)], outputs));
  const wrong = await eventually(
    'the first record to be voided',
    () => readOperation(mes, sz1('B4-1')),
    ({ status }) => status === 'voided',
  );
  check('the wrong record is kept, as', wrong.status, 'voided');
  const right = await readOperation(mes, sz1('B4-2'));
  check(
    'B4 is made of',
    right.inputs.map((input) => world.name(input.lot)),
    ['L-1043', 'PCB-77'],
  );
  const trace = await eventually(
    'the genealogy to follow the correction',
    () => backward(world, lot('B4')),
    (lots) => lots.includes('L-1043') && !lots.includes('L-1042'),
  );
  check('what went into B4', trace, ['B4', 'L-1043', 'PCB-77']);
  const left = await eventually(
    'the stock to follow',
    () => onHand(mes, lot('L-1042')),
    (now) => now === 3400,
  );
  check('L-1042 left', left, 3400);
}

async function backward({ as, name }: World, lot: string): Promise<string[]> {
  const { lots } = await as['engineer.lin'].post<{ lots: { items: { lot: string }[] } }>('traceability/traces', {
    roots: [lot],
    direction: 'backward',
  });
  return lots.items.map((found) => name(found.lot)).sort();
}

async function withheld(world: World, { check }: StepArgument): Promise<void> {
  const { mes, systems } = world;
  await systems.mesSz1.record(job(world, 'B5', ['SMT-1', 16, 1])([took(PCB_77, 40)], [board(sz1('B5'), 40)]));
  await learnLot(world, sz1('B5'));
  const { violations } = await readOperation(mes, sz1('B5'));
  check('kept, with the gap named', violations, [
    { code: 'operation-input-missing', detail: 'CAP-100: expected 160, seen none' },
  ]);
}

async function notAccepted(world: World, { check }: StepArgument): Promise<void> {
  const { mes, systems, lot } = world;
  const lot6 = sz1('B6');
  await systems.mesSz1.record(
    job(world, 'B6', ['SMT-1', 16, 4])([took(CAP_3001, 20), took(PCB_77, 5)], [board(lot6, 5)]),
  );
  await learnLot(world, lot6);
  const made = await readOperation(mes, lot6);
  check('flagged', made.violations, [{ code: 'material-not-accepted', lot: lot('L-3001') }]);
  await systems.mesSz1.record({
    ...job(world, 'B6-X', ['SMT-1', 16, 7])([took(lot6, 5)], [], [board(lot6, 5)]),
    kind: 'scrap',
  });
  const scrapped = await readOperation(mes, sz1('B6-X'));
  check('scrap operation', scrapped.violations, []);
  const left = await eventually(
    'B6 to be gone',
    () => onHand(mes, lot('B6')),
    (now) => now === 0,
  );
  check('B6 left', left, 0);
}

async function pumps(world: World, { check }: StepArgument): Promise<void> {
  const { mes, systems } = world;
  const { mesSz1, mesSu2 } = systems;
  const line = (name: string, hour: number) => job(world, name, ['ASM-1', 14, hour]);
  await Promise.all([
    mesSz1.record(line('F1', 1)([took(sz1('B1'), 60), took(HSG_5, 60)], [pump(sz1('F1'), 60)])),
    mesSz1.record(
      line('F2', 3)(
        [took(sz1('B1'), 40), took(sz1('B2'), 20), took(HSG_5, 60)],
        [pump(sz1('F2'), 59)],
        [pump(sz1('F2'), 1)],
      ),
    ),
    mesSu2.record(job(world, 'F3', ['ASM-9', 14, 1])([took(su2('B3'), 50), took(HSG_6, 50)], [pump(su2('F3'), 50)])),
    mesSz1.record(line('F5', 5)([took(sz1('B5'), 40), took(HSG_5, 40)], [pump(sz1('F5'), 40)])),
    mesSz1.record(line('F6', 7)([took(sz1('B2'), 40), took(HSG_5, 40)], [pump(sz1('F6'), 40)])),
  ]);
  for (const [name, quantity] of [
    [sz1('F1'), 60],
    [sz1('F2'), 59],
    [su2('F3'), 50],
    [sz1('F5'), 40],
    [sz1('F6'), 40],
  ] as const) {
    const id = await learnLot(world, name);
    const { violations } = await readOperation(mes, name);
    const made = await eventually(
      `stock of ${name.code}`,
      () => onHand(mes, id),
      (now) => now > 0,
    );
    check(name.code, [made, ...violations], [quantity]);
  }
}
