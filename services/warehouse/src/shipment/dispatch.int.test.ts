import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@lotwarden/platform/testing/until';
import { ea } from '../../test/goods.ts';
import { openWorld, type World } from '../../test/world.ts';
import { EVIDENCE, type DispatchEvidence } from './dispatch.store.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  world.keepOpen();
}, 60_000);
afterAll(() => world.close());

const ACKNOWLEDGED = 'gate_acknowledged';

interface Profiled {
  readonly ns: string;
  readonly op: string;
  readonly docsExamined?: number;
}

test('a shipment reads and keeps the same, however many holds were acknowledged', async () => {
  await world.finished('F-1', 10);
  await world.tell.held('H-1', ['F-OTHER']);
  const ship = async (shipment: string): Promise<DispatchEvidence | null> => {
    const lines = [{ lot: 'F-1', quantity: ea(1) }];
    await until(
      async () => (await world.call('POST', '/shipments', world.shipment(lines, { shipment }))).status === 201,
    );
    return world.inDatabase((db) => db.collection<DispatchEvidence>(EVIDENCE).findOne({ _id: shipment }));
  };
  const few = await ship('S-1');
  expect(few?.acknowledged).toEqual(await world.acknowledged());
  const incarnation = few?.acknowledged?.incarnation ?? '';
  await world.inDatabase(async (db) => {
    const more = Array.from({ length: 2_000 }, (_, n) => ({
      _id: `H-MANY-${String(n)}|1|${incarnation}`,
      hold: `H-MANY-${String(n)}`,
      epoch: 1,
      incarnation,
      place: 0,
    }));
    await db.collection<{ _id: string }>(ACKNOWLEDGED).insertMany(more);
    await db.command({ profile: 2 });
  });
  const many = await ship('S-2');
  expect(many).toEqual({ ...few, _id: 'S-2' });
  const reads = () =>
    world.inDatabase((db) =>
      db
        .collection<Profiled>('system.profile')
        .find({ ns: `${db.databaseName}.${ACKNOWLEDGED}`, op: { $ne: 'command' } })
        .toArray(),
    );
  await until(async () => (await reads()).length > 0);
  await world.inDatabase((db) => db.command({ profile: 0 }));
  expect((await reads()).map(({ docsExamined }) => docsExamined ?? 0).filter((count) => count > 1)).toEqual([]);
});
