import { parties } from '../cast.ts';
import { eventually } from '../eventually.ts';
import { completeness } from '../acts/questions.ts';
import type { Shipment } from '../acts/07-shipping.ts';
import { UNITS } from '../acts/05-serials.ts';
import { readOperation, su2, sz1, type Operation } from '../lots.ts';
import type { Serials } from '../outside/mes.ts';
import { GATES, type RecallReader } from '../recall-views.ts';
import { Refused } from '../refused.ts';
import type { World } from '../world.ts';

const SERVICES = [
  ...['receiving', 'mes-bridge', 'qms', 'serialization', 'warehouse', 'field', 'traceability', 'recall'],
  ...['notification', 'identity'],
] as const;

type StepArgument = Parameters<Parameters<World['narrator']['step']>[1]>[0];

/** What must be true whatever happened (architecture.md §8), asked of the services and computed from their answers. */
export async function invariants(world: World, reader: RecallReader): Promise<void> {
  const { step } = world.narrator;
  await step('what each service says about itself', (s) => ownInvariants(world, s));
  await step('everything said was published, nothing is parked, nothing unreadable', (s) => watermarks(world, s));
  await step('nothing stands between an answer and certainty: every projection is at its source’s version', (s) =>
    completeness(world, [], s),
  );
  await step('quantity is conserved through every operation; what breaks a rule says so', (s) => conserved(world, s));
  await step('no released lot without inspection, label check and signature', (s) => releases(world, s));
  await step('no serial in two lots; every container’s content is known', (s) => units(world, s));
  await step('no command moved a lot after its hold was acknowledged; facts that did carry a violation', (s) =>
    movements(world, reader, s),
  );
  await step('every hold of the manifest at every gate; every notice heard or escalated', (s) =>
    holdsAndNotices(world, reader, s),
  );
}

interface Invariants {
  readonly invariants: readonly {
    readonly invariant: string;
    readonly violators: readonly { readonly subject: string }[];
  }[];
}

/** Rules that the story breaks on purpose, and by what; each must have been noticed. */
const BROKEN: Readonly<Record<string, readonly string[]>> = { 'no-reported-shipment-broke-a-rule': ['W-77'] };

async function ownInvariants({ as }: World, { check }: StepArgument): Promise<void> {
  for (const service of SERVICES) {
    // A service that does not say must not pass for one that is well.
    const { invariants } = await as['auditor.xu'].get<Invariants>(`${service}/operations/invariants`);
    check(`${service} has invariants`, invariants.length > 0, true);
    for (const { invariant, violators } of invariants)
      check(
        `${service} ${invariant}`,
        violators.map(({ subject }) => subject),
        BROKEN[invariant] ?? [],
      );
  }
}

function unlessUnknown(error: unknown): undefined {
  if (error instanceof Refused && error.status === 404) return undefined;
  throw error;
}

async function watermarks({ as }: World, { check }: StepArgument): Promise<void> {
  const auditor = as['auditor.xu'];
  for (const service of SERVICES) {
    const { unpublished, parked } = await eventually(
      `${service} to have published all`,
      () => auditor.get<{ unpublished: { count: number }; parked: number }>(`${service}/operations/watermarks`),
      (found) => found.unpublished.count === 0,
    );
    const letters = await auditor.get<{ items: unknown[] }>(`${service}/operations/dead-letters`);
    check(service, [unpublished.count, parked, letters.items.length], [0, 0, 0]);
  }
}

/** Operations with findings, which are part of the story; all others are without. */
const FINDINGS: Readonly<Record<string, readonly string[]>> = {
  B5: ['operation-input-missing'],
  B6: ['material-not-accepted'],
};

async function conserved(world: World, { check }: StepArgument): Promise<void> {
  const names = [
    ...['B1', 'B2', 'B4-1', 'B4-2', 'B5', 'B6', 'B6-X', 'F1', 'F2', 'F5', 'F6', 'RW-1', 'SP-1'].map(sz1),
    ...['B3', 'F3'].map(su2),
  ];
  const all = await Promise.all(
    names.map(async (name): Promise<readonly [string, Operation]> => [name.code, await readOperation(world.mes, name)]),
  );
  const unexpected = all.flatMap(([code, { violations }]) =>
    violations
      .filter((violation) => !(FINDINGS[code] ?? []).includes(violation.code) && violation.code !== 'lot-on-hold')
      .map((violation) => `${code}: ${violation.code} ${violation.detail}`),
  );
  check(`${all.length} operations, findings nobody expected`, unexpected, []);
  const missing = Object.keys(FINDINGS).filter(
    (code) => all.find(([found]) => found === code)?.[1].violations.length === 0,
  );
  check('expected findings that are not there', missing, []);
}

async function releases(world: World, { check }: StepArgument): Promise<void> {
  const manager = world.as['quality.wang'];
  for (const name of ['F1', 'F2', 'F2b', 'F3', 'F5', 'F6']) {
    const lot = world.lot(name);
    const { missing } = await manager.get<{ missing: string[] }>(`qms/lots/${lot}/release-readiness`);
    const { markets } = await manager.get<{ markets: { signer: string }[] }>(`qms/lots/${lot}/release`);
    check(name, [missing, markets.map(({ signer }) => signer)], [[], ['quality.wang']]);
  }
  const f4 = await manager.get<{ markets: unknown[] }>(`qms/lots/${world.lot('F4')}/release`).catch(unlessUnknown);
  check('F4 released for', f4?.markets ?? [], []);
}

async function units(world: World, { check }: StepArgument): Promise<void> {
  const lead = world.as['lead.zhao'];
  const of = await Promise.all(
    (Object.keys(UNITS) as (keyof typeof UNITS)[]).map(async (name) => {
      const { ranges } = await lead.get<{ ranges: Serials[] }>(`serialization/lots/${world.lot(name)}/serials`);
      return ranges;
    }),
  );
  const numbers = of.flat().flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, n) => first + n));
  check('serials, and different ones', [numbers.length, new Set(numbers).size], [249, 249]);
  const open = [world.lot('pallet'), ...[120, 130, 140].map((first) => world.lot(`carton ${first}`))];
  let known = 0;
  for (let container = open.pop(); container !== undefined; container = open.pop()) {
    const { children, contents } = await lead.get<{ children: string[]; contents: { lot: string }[] }>(
      `serialization/containers/${container}`,
    );
    if (contents.length > 0 && contents.every(({ lot }) => world.name(lot) !== lot)) known += 1;
    open.push(...children);
  }
  check('containers with known content (1 pallet, 2 cases, 7 cartons)', known, 10);
}

interface Sent extends Shipment {
  readonly dispatchedAt: string;
}

async function movements(world: World, reader: RecallReader, { check }: StepArgument): Promise<void> {
  const { as, name } = world;
  const { epochs } = await as['recall.chen'].get<{
    epochs: { epoch: number; acknowledgements: { gate: string; at: string }[] }[];
  }>(`recall/cases/${reader.id}/acknowledgements`);
  const { lots } = await as['recall.chen'].get<{ lots: { lot: string; since: number }[] }>(
    `recall/cases/${reader.id}/scope`,
  );
  const acknowledged = (n: number) =>
    epochs.flatMap(({ epoch, acknowledgements }) =>
      epoch >= n ? acknowledgements.filter(({ gate }) => gate === 'warehouse').map(({ at }) => at) : [],
    );
  // What came into scope by the late message was held by the last epoch only.
  const heldSince = new Map(
    lots.map(({ lot }) => {
      const late = ['B5', 'F5'].includes(name(lot));
      const since = acknowledged(late ? epochs.length : 2).sort()[0];
      return [lot, since ?? '9999'];
    }),
  );
  const sent = await Promise.all(
    parties.map(({ party }) => as['shipping.sun'].get<{ items: Sent[] }>(`warehouse/shipments?custodian=${party}`)),
  );
  const all = sent.flatMap(({ items }) => items);
  check('shipments', all.map(({ shipment }) => shipment).sort(), ['S1', 'S2', 'S3', 'S4', 'S5', 'S6', 'S9', 'W-77']);
  const held = all.filter(({ dispatchedAt, lines }) =>
    lines.some(({ lot }) => dispatchedAt > (heldSince.get(lot) ?? '9999')),
  );
  check(
    'left while held, by command',
    held.filter(({ origin }) => origin === 'command').map(({ shipment }) => shipment),
    [],
  );
  check(
    'left while held, by fact',
    held.map(({ shipment, violations }) => [shipment, violations.map(({ code }) => code)]),
    [['W-77', ['lot-on-hold']]],
  );
}

async function holdsAndNotices(world: World, reader: RecallReader, { check }: StepArgument): Promise<void> {
  const { epochs } = await world.as['recall.chen'].get<{
    epochs: { epoch: number; count: number; digest: string; acknowledgements: { gate: string; digest: string }[] }[];
  }>(`recall/cases/${reader.id}/acknowledgements`);
  const last = epochs.at(-1);
  const agreeing = (last?.acknowledgements ?? []).filter(({ digest }) => digest === last?.digest);
  check(
    'gates whose own database gives the digest of the manifest',
    [...new Set(agreeing.map(({ gate }) => gate))].sort(),
    [...GATES].sort(),
  );
  const notices = await reader.notices();
  const unheard = notices.flatMap(({ party, versions }) =>
    versions.filter(({ delivered, escalated }) => delivered === null && escalated === null).map(() => party),
  );
  check('versions of notices that nobody heard', unheard, []);
  const { status, held } = await reader.read();
  check('lots still held after closing', [status, held], ['closed', 10]);
}
