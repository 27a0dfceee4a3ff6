import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { checkoutRoot } from '../../local/stack.ts';
import { each, serials } from '../cast.ts';
import { eventually } from '../eventually.ts';
import type { Line } from '../outside/wms.ts';
import type { RecallReader } from '../recall-views.ts';
import { balanceShown } from '../shown.ts';
import type { RecordToSign, World } from '../world.ts';
import { custodyOf } from './07-shipping.ts';

interface BalanceLine {
  readonly lot: string;
  readonly balanced: boolean;
  readonly buckets: Readonly<Record<string, { readonly value: string }>>;
  readonly remainders: readonly { readonly where: string; readonly quantity: { readonly value: string } }[];
}
interface Balance {
  readonly items: readonly BalanceLine[];
  readonly remainder: readonly { readonly value: string; readonly unit: string }[];
}

const EXPLANATION =
  'IP000007: passed on by D1 to D3 without notice (answers of both), came back with return R-D3; nothing is missing';

/** Goods come back and are destroyed; the balance closes or names what is left; the case is closed and reported. */
export async function close(world: World, reader: RecallReader): Promise<void> {
  const { step } = world.narrator;
  await step('the consignees return what they have', (s) => returns(world, s));
  await step('everything is destroyed, by signed orders and two witnesses’ word', (s) => destruction(world, s));
  await step('the mass balance: where every piece of every lot is', (s) => balance(world, reader, s));
  await step('the case is closed with a signature; no hold is lifted by it', (s) => closing(world, reader, s));
  await step('whoever tried what he may not is on record, whichever service refused it', (s) => refusals(world, s));
}

type StepArgument = Parameters<Parameters<World['narrator']['step']>[1]>[0];

const line = ({ lot }: World, name: string, ...ranges: readonly (readonly [number, number])[]): Line => ({
  lot: { system: 'lotwarden', code: lot(name) },
  quantity: ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0),
  serials: ranges.flatMap(([first, last]) => serials(first, last)),
});

async function returns(world: World, { check }: StepArgument): Promise<void> {
  const { wmsSz1, wmsSu2 } = world.systems;
  const now = new Date().toISOString();
  await Promise.all([
    wmsSz1.returned('R-D1', 'D1', [line(world, 'F1', [1, 6], [8, 40])], [], now),
    wmsSu2.returned('R-D2', 'D2', [line(world, 'F3', [120, 154])], [], now),
    wmsSz1.returned('R-H1', 'H1', [line(world, 'F2', [63, 63]), line(world, 'F5', [170, 189])], [], now),
    wmsSz1.returned('R-D3', 'D3', [line(world, 'F2b', [100, 119]), line(world, 'F1', [7, 7])], ['BOX-?-17'], now),
  ]);
  for (const [party, name, left] of [
    ['D1', 'F1', 1],
    ['D2', 'F3', 0],
    ['H1', 'F2', 0],
    ['H1', 'F5', 0],
    ['D3', 'F2b', 0],
    ['D3', 'F1', -1],
  ] as const)
    check(
      `${party} still holds of ${name}`,
      Number((await custodyOf(world, party, name, left)).quantities[0]?.value),
      left,
    );
  const { violations, unidentified } = await world.as['shipping.sun'].get<{
    violations: { code: string }[];
    unidentified: string[];
  }>('warehouse/returns/R-D3');
  check('what nobody could read is kept apart', unidentified, ['BOX-?-17']);
  check(
    'findings of R-D3',
    violations.map(({ code }) => code),
    [],
  );
}

async function destruction(world: World, { check }: StepArgument): Promise<void> {
  const { systems, as, lot } = world;
  const now = new Date().toISOString();
  const witness = '公证 Notary Hu';
  const amounts = { F1: 40, F2: 38, F2b: 20, F4: 20, F5: 40, F3: 50 } as const;
  for (const [name, amount] of Object.entries(amounts)) await orderDestruction(world, name, amount);
  await systems.wmsSz1.destroyed(
    'X-SZ1',
    [
      line(world, 'F1', [1, 40]),
      line(world, 'F2', [61, 61], [63, 99]),
      line(world, 'F2b', [100, 119]),
      line(world, 'F4', [41, 60]),
      line(world, 'F5', [170, 209]),
    ],
    'QUAR',
    witness,
    now,
  );
  await systems.wmsSu2.destroyed('X-SU2', [line(world, 'F3', [120, 169])], 'QUAR', witness, now);
  for (const id of ['X-SZ1', 'X-SU2']) {
    const kept = await eventually(
      `destruction ${id}`,
      () => as['shipping.sun'].get<{ witness: string; violations: unknown[] }>(`warehouse/destructions/${id}`),
      () => true,
    );
    check(id, [kept.witness, kept.violations], [witness, []]);
  }
  const { items } = await eventually(
    'no pump of F1 to be left',
    () => as['shipping.sun'].get<{ items: unknown[] }>(`warehouse/stock?lot=${lot('F1')}`),
    (found) => found.items.length === 0,
  );
  check('F1 in stock', items.length, 0);
}

/** Held goods are destroyed by a signed order with a quantity. */
async function orderDestruction({ as, sign, lot }: World, name: string, amount: number): Promise<void> {
  const asked = {
    order: `MO-${name}`,
    lot: lot(name),
    quantity: each(amount),
    purpose: 'destruction',
    site: name === 'F3' ? 'SU2' : 'SZ1',
    destination: 'destruction',
    to: 'FURNACE',
    reason: '召回货物销毁 recalled goods',
  };
  const { record } = await as['recall.chen'].post<{ record: RecordToSign }>('warehouse/movement-order-records', asked);
  const signature = await sign('recall.chen', record, 'movement-order', asked.reason);
  await as['recall.chen'].post('warehouse/movement-orders', { ...asked, signature });
}

/** Where every unit is, per lot; what is not named is nothing. */
const EXPECTED: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'L-1042': { consumed: 760, onHand: 3240 },
  B1: { consumed: 80, scrapped: 20 },
  B3: { consumed: 50 },
  B5: { consumed: 40 },
  F1: { consumed: 20, destroyed: 40, atCustodian: 1, unaccounted: -1 },
  F2: { consumed: 20, destroyed: 38, used: 1, scrapped: 1 },
  F2b: { destroyed: 20 },
  F3: { destroyed: 50 },
  F4: { destroyed: 20 },
  F5: { destroyed: 40 },
};

async function balance(world: World, reader: RecallReader, { check, show }: StepArgument): Promise<void> {
  const asked = () => world.as['recall.chen'].get<Balance>(`recall/cases/${reader.id}/balance`);
  const counted = ({ buckets }: BalanceLine) =>
    Object.fromEntries(
      Object.entries(buckets).flatMap(([bucket, { value }]) => (value === '0' ? [] : [[bucket, Number(value)]])),
    );
  const right = (found: Balance) =>
    found.items.length === Object.keys(EXPECTED).length &&
    found.items.every((item) => same(counted(item), EXPECTED[world.name(item.lot)] ?? {}));
  const found = await eventually('the balance to close', asked, right, 10_000).catch(asked);
  const lines = found.items
    .map((item) => [world.name(item.lot), counted(item)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  show('All in pieces (EA)', balanceShown(lines));
  check('every piece of every lot', Object.fromEntries(lines), EXPECTED, 'where it was played to be');
  const f1 = found.items.find(({ lot }) => lot === world.lot('F1'));
  check('the remainder, F1 of a party that never had it, is named', f1?.remainders, [
    { where: 'custodian D3', quantity: { value: '-1' } },
  ]);
  check('pieces of the case that need an explanation', found.remainder, [{ value: '1', unit: 'EA' }]);
}

const same = (a: object, b: object): boolean =>
  JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());

interface Recorded {
  readonly items: readonly { readonly subject: string; readonly reason: string; readonly service: string | null }[];
}

async function refusals(world: World, { check }: StepArgument): Promise<void> {
  const asked = () => world.as['auditor.xu'].get<Recorded>('identity/security-events?kind=signature-refused&limit=100');
  const at = 'signature-for-another-record';
  const isThere = ({ items }: Recorded): boolean => items.some(({ reason }) => reason === at);
  const found = (await eventually('what was refused to be recorded', asked, isThere)).items.find(({ reason }) => reason === at); // prettier-ignore
  check('the signature for F1 used on F2', [found?.subject, found?.service], ['quality.wang', 'qms']);
}

async function closing(world: World, reader: RecallReader, { check, tell }: StepArgument): Promise<void> {
  const manager = world.as['recall.chen'];
  const base = `recall/cases/${reader.id}`;
  const { hindrance } = await manager.get<{ hindrance: string | null }>(`${base}/close-record`);
  check('without explaining the remainder', hindrance, 'remainder-unexplained');
  const query = new URLSearchParams({ explanation: EXPLANATION }).toString();
  const { recordType, recordId, recordVersion, recordHash } = await manager.get<RecordToSign>(
    `${base}/close-record?${query}`,
  );
  const record = { recordType, recordId, recordVersion, recordHash };
  const signature = await world.sign('recall.chen', record, 'close', 'all units found');
  await manager.post(`${base}/closures`, { signature, explanation: EXPLANATION });
  const { status, hold } = await reader.read();
  check('status', status, 'closed');
  const still = await world.as['shipping.sun'].get<{ items: { heldBy?: string[] }[] }>(
    `warehouse/stock?lot=${world.lot('L-1042')}`,
  );
  check('L-1042 is still held by', [...new Set(still.items.flatMap(({ heldBy }) => heldBy ?? []))], [hold]);
  const report = await manager.get<{ hash: string; report: { format: string; notices: unknown[] } }>(`${base}/report`);
  check('report', [report.report.format, report.report.notices.length], ['lotwarden.recall-report/1', 4]);
  const file = path.join('.lotwarden', `report-${reader.id}.json`);
  await mkdir(path.join(checkoutRoot, '.lotwarden'), { recursive: true });
  await writeFile(path.join(checkoutRoot, file), `${JSON.stringify(report, null, 2)}\n`);
  const paper = await manager.pdf(`${base}/report`);
  await writeFile(path.join(checkoutRoot, file.replace(/json$/, 'pdf')), paper);
  tell(`report written to ${file}, SHA-256 ${report.hash.slice(0, 16)}…, and as PDF with its signatures beside it`);
}
