import { each, GTIN, PRODUCT, serials, serialText } from '../cast.ts';
import { eventually } from '../eventually.ts';
import { learnLot, readOperation, sz1 } from '../lots.ts';
import type { Serials } from '../outside/mes.ts';
import type { World } from '../world.ts';

interface LotSerials {
  readonly lot: string;
  readonly ranges: readonly Serials[];
}

/** What each lot has after rework and split; the whole plan of serials of the story. */
export const UNITS = {
  F1: [1, 40],
  F4: [41, 60],
  F2: [61, 99],
  F2b: [100, 119],
  F3: [120, 169],
  F5: [170, 209],
  F6: [210, 249],
} as const satisfies Record<string, readonly [number, number]>;

export const unitsOf = (name: keyof typeof UNITS): Serials[] => serials(UNITS[name][0], UNITS[name][1]);

/** Serials, dense and unique; rework and split with the serials following; labels; unit → carton → case → pallet. */
export async function serialisation(world: World): Promise<void> {
  const { step } = world.narrator;
  await step('serials are commissioned, dense over all lots', (s) => commission(world, s));
  await step('20 pumps of F1 get new boards from B4 and become F4; the removed boards are scrapped', (s) =>
    rework(world, s),
  );
  await step('F2 is split: 20 become F2b, the parent keeps its identity', (s) => split(world, s));
  await step('labels are printed, and checked by somebody', (s) => labels(world, s));
  await step('F1 is packed: 4 cartons, 2 cases, 1 pallet, each sealed; 3 cartons of F3', (s) => pack(world, s));
}

type StepArgument = Parameters<Parameters<World['narrator']['step']>[1]>[0];

const serialsOf = ({ as, lot }: World, name: string) =>
  as['lead.zhao'].get<LotSerials>(`serialization/lots/${lot(name)}/serials`);

async function commission(world: World, { check }: StepArgument): Promise<void> {
  const lead = world.as['lead.zhao'];
  for (const [name, quantity, first] of [
    ['F1', 60, 1],
    ['F2', 59, 61],
    ['F3', 50, 120],
    ['F5', 40, 170],
    ['F6', 40, 210],
  ] as const) {
    const { ranges } = await eventually(
      `serialization to know ${name}`,
      () =>
        lead.post<LotSerials>(`serialization/lots/${world.lot(name)}/serials`, {
          gtin: GTIN,
          prefix: 'IP',
          width: 6,
          quantity,
        }),
      () => true,
    );
    check(name, ranges, serials(first, first + quantity - 1));
  }
  const again = await lead.refused(`serialization/lots/${world.lot('F6')}/serials`, {
    gtin: GTIN,
    prefix: 'IP',
    width: 6,
    first: 1,
    last: 5,
  });
  check('serials of F1 again for F6', again, { status: 409, code: 'serial-already-commissioned' });
}

async function rework(world: World, { check }: StepArgument): Promise<void> {
  const { systems, moment, mes } = world;
  await systems.mesSz1.record({
    operation: 'RW-1',
    kind: 'rework',
    workOrder: 'WO-RW-1',
    equipment: 'ASM-1',
    operator: 'op.zhou',
    startedAt: moment(12, '01:00'),
    endedAt: moment(12, '05:00'),
    inputs: [
      { lot: sz1('F1'), quantity: 20, serials: unitsOf('F4') },
      { lot: sz1('B4'), quantity: 20 },
    ],
    outputs: [{ lot: sz1('F4'), product: PRODUCT, quantity: 20, serials: unitsOf('F4') }],
    scrap: [{ lot: sz1('B1'), product: 'BRD-10', quantity: 20 }],
  });
  await learnLot(world, sz1('F4'));
  check('findings', (await readOperation(mes, sz1('RW-1'))).violations, []);
  await theyHave(world, 'F4', check);
  await theyHave(world, 'F1', check);
}

async function split(world: World, { check }: StepArgument): Promise<void> {
  const { systems, moment, mes } = world;
  await systems.mesSz1.record({
    operation: 'SP-1',
    kind: 'split',
    workOrder: 'WO-SP-1',
    equipment: 'ASM-1',
    operator: 'op.zhou',
    startedAt: moment(11, '01:00'),
    endedAt: moment(11, '01:10'),
    inputs: [{ lot: sz1('F2'), quantity: 59 }],
    outputs: [
      { lot: sz1('F2'), product: PRODUCT, quantity: 39 },
      { lot: sz1('F2b'), product: PRODUCT, quantity: 20 },
    ],
  });
  await learnLot(world, sz1('F2b'));
  check('findings', (await readOperation(mes, sz1('SP-1'))).violations, []);
  await theyHave(world, 'F2b', check);
  await theyHave(world, 'F2', check);
  const found = await world.as['lead.zhao'].get<{ lot: string }>(`serialization/serials/${GTIN}/${serialText(105)}`);
  check(`${serialText(105)} belongs to`, world.name(found.lot), 'F2b');
}

async function theyHave(world: World, name: keyof typeof UNITS, check: StepArgument['check']): Promise<void> {
  const { ranges } = await eventually(
    `the serials of ${name} to follow`,
    () => serialsOf(world, name),
    (found) => JSON.stringify(bare(found.ranges)) === JSON.stringify(unitsOf(name)),
  );
  const [first, last] = UNITS[name];
  check(
    name,
    ranges.map((range) => [range.first, range.last]),
    [[first, last]],
  );
}

const bare = (ranges: readonly Serials[]) =>
  ranges.map(({ gtin, prefix, width, first, last }) => ({ gtin, prefix, width, first, last }));

async function labels(world: World, { check }: StepArgument): Promise<void> {
  const { as, lot } = world;
  const labelled = (Object.keys(UNITS) as (keyof typeof UNITS)[]).filter((name) => name !== 'F4');
  await Promise.all(
    labelled.map(async (name) => {
      const [first, last] = UNITS[name];
      await as['lead.zhao'].post(`serialization/lots/${lot(name)}/labels`, {
        label: 'LBL-IP200-CN',
        labelVersion: '3',
        quantity: each(last - first + 1),
      });
      await as['engineer.lin'].post(`serialization/lots/${lot(name)}/label-checks`, {
        labelVersion: '3',
        sampled: 5,
        verdict: 'pass',
        note: null,
      });
    }),
  );
  const unlabelled = await as['engineer.lin'].refused(`serialization/lots/${lot('F4')}/label-checks`, {
    labelVersion: '3',
    sampled: 5,
    verdict: 'pass',
    note: null,
  });
  check('a check of labels that F4 never got', unlabelled, { status: 409, code: 'label-version-not-printed' });
}

interface Container {
  readonly container: string;
  readonly status: string;
  readonly digest: string | null;
  readonly contents: readonly { readonly lot: string; readonly quantity: { readonly value: string } }[];
}

async function pack(world: World, { check }: StepArgument): Promise<void> {
  const { as, lot, remember } = world;
  const lead = as['lead.zhao'];
  const closed = async (asked: object) => {
    const { container } = await lead.post<Container>('serialization/containers', asked);
    return (await lead.post<Container>(`serialization/containers/${container}/seals`, {})).container;
  };
  const carton = (name: 'F1' | 'F3', site: string) => (first: number) =>
    closed({ level: 'carton', site, lines: [{ lot: lot(name), serials: serials(first, first + 9) }] });
  const cartons = await Promise.all([1, 11, 21, 31].map(carton('F1', 'SZ1')));
  const cases = await Promise.all(
    [cartons.slice(0, 2), cartons.slice(2)].map((children) => closed({ level: 'case', site: 'SZ1', children })),
  );
  const pallet = await closed({ level: 'pallet', site: 'SZ1', children: cases });
  remember('pallet', pallet);
  const known = await lead.get<Container>(`serialization/containers/${pallet}`);
  check('pallet (SSCC)', /^\d{18}$/.test(known.container) ? '18 digits' : known.container, '18 digits');
  check(
    'its state and contents',
    [known.status, known.contents.reduce((sum, c) => sum + Number(c.quantity.value), 0)],
    ['sealed', 40],
  );
  check('sealed over a digest', known.digest?.length, 64);
  const twice = await lead.refused('serialization/containers', {
    level: 'carton',
    site: 'SZ1',
    lines: [{ lot: lot('F1'), serials: serials(1, 1) }],
  });
  check('a unit into a second carton', twice.status, 409);
  await Promise.all(
    [120, 130, 140].map(async (first) => remember(`carton ${first}`, await carton('F3', 'SU2')(first))),
  );
}
