import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { placeholderLotId } from '@lotwarden/platform/ids';
import { backUp, type Backup, type CaughtUp } from '@lotwarden/platform/testing/backup';
import { until } from '@lotwarden/platform/testing/until';
import { ea, made, story, used, type Story } from './story.ts';

let s: Story;
let backup: Backup;
const mes = (code: string, n: number) => used('MES-SZ', code, n);
const board = { item: 'CAP-100', quantityPer: '4', unit: 'EA' };
const product = (id: string, kind: string, bom: object[], gtin: string | null) =>
  s.call('POST', '/products', {
    product: id,
    revision: 'A',
    name: id,
    kind,
    unit: 'EA',
    gtin,
    validFrom: '2026-01-01T00:00:00Z',
    bom,
  });
const caps = (n: number) => [used('supplier:SUP-HX', 'L-1042', n)];
const isRecorded = (code: string) => until(async () => (await s.operation(code)).status === 'recorded');

beforeAll(async () => {
  s = await story();
  await product('BRD-10', 'intermediate', [board], null);
  await s.received('L-1042', 'CAP-100');
  await until(async () => (await s.startCheck('BRD-10', caps(4))).answer === 'go');
});
afterAll(async () => {
  await backup.close();
  await s.end();
});

test('a database from before comes back: nothing counts twice, every name has its lot, no number is given again', async () => {
  backup = await backUp(s.world, 'mes-bridge');
  // A product and a lot by command, a placeholder that is merged, a late consumption, a claim, a hold that is inherited.
  await product('IP-200', 'finished', [{ item: 'BRD-10', quantityPer: '1', unit: 'EA' }], '09520123456788');
  const aliases = [{ system: 'MES-SZ', code: 'F-DECLARED' }];
  const declared = await s.call('POST', '/production-lots', { product: 'IP-200', site: 'SZ1', aliases });
  const told = [await s.recorded('P1', { inputs: [mes('B1', 10)], outputs: [made('F1', 'IP-200', 10)] })];
  await isRecorded('P1');
  const first = await s.recorded('B1', { inputs: caps(36), outputs: [made('B1', 'BRD-10', 10)] });
  await isRecorded('B1');
  await s.consumed('B1', used('supplier:SUP-HX', 'L-1042', 4));
  await until(async () => (await s.operation('B1')).inputs.length === 2);
  await s.again({ ...first, messageId: 'otherwise', outputs: [made('B1', 'BRD-10', 11)] });
  await until(async () => (await s.violations('B1')).includes('operation-recorded-twice'));
  await s.held('H-1', ['M-L-1042']);
  told.push(first, await s.recorded('B2', { inputs: caps(4), outputs: [made('B2', 'BRD-10', 1)] }));
  await isRecorded('B2');
  await until(async () => (await s.violations('P1')).length === 0);
  const codes = ['P1', 'B1', 'B2'];
  const look = async () => ({
    operations: await Promise.all(codes.map(async (code) => ({ ...(await s.operation(code)), rev: 0 }))),
    lots: await Promise.all(['B1', 'B2', 'F1', 'F-DECLARED'].map(async (code) => ({ ...(await s.lot(code)), rev: 0 }))),
  });
  const before = await look();
  expect(before.lots.map(({ heldBy }) => heldBy)).toEqual([[], ['H-1'], [], []]);
  await backup.published();

  let caughtUp: CaughtUp = () => Promise.resolve();
  await s.restart(async () => {
    caughtUp = await backup.restore();
  });
  // A partition is read again from where the database is when its next message comes, here one that MES repeats.
  for (const event of told) await s.again(event);
  await caughtUp('mes.inbound.v1');
  // Holds of before are heard again by the gate in its own time.
  await until(async () => (await s.startCheck('BRD-10', caps(4))).reasons[0]?.code === 'lot-on-hold');
  await until(async () => (await s.lot('B2')).heldBy.length > 0);
  const after = await look();
  expect(after.operations).toEqual(before.operations);
  const unheld = (lots: typeof after.lots) => lots.map((lot) => ({ ...lot, heldBy: [] }));
  expect(unheld(after.lots)).toEqual(unheld(before.lots));
  expect((await s.lot('F-DECLARED')).lot).toBe(declared.body.lot);
  await s.recorded('P3', { inputs: [mes('B2', 1)], outputs: [made('F3', 'IP-200', 1)] });
  await isRecorded('P3');
  const { lot } = await s.lot('F3');
  expect(before.lots.map((known) => known.lot)).not.toContain(lot);
  expect(lot).toMatch(/^F-SZ1-261102-\d{5}$/);
  expect((await s.operation('P1')).inputs).toMatchObject([
    { lot: placeholderLotId({ system: 'MES-SZ', code: 'B1' }), quantity: ea(10) },
  ]);
});
