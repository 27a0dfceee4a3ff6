import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@lotwarden/deploy/story/eventually';
import { learnLot, supplierLot, sz1 } from '@lotwarden/deploy/story/lots';
import { masterData } from '@lotwarden/deploy/story/master-data';
import { createNarrator } from '@lotwarden/deploy/story/narrator';
import { receipt } from '@lotwarden/deploy/story/receipt';
import {
  prepareInstallation,
  startAll,
  type Installation,
  type ServiceProcess,
} from '@lotwarden/deploy/story/services';
import { tidyUp } from '@lotwarden/deploy/story/tidy-up';
import { createWorld, type World } from '@lotwarden/deploy/story/world';
import { stack } from '@lotwarden/platform/testing/stack';

/** What docs/traceability.md asks a person to try with the demo up, with as much of the story as it needs. */

const folder = mkdtempSync(join(tmpdir(), 'lotwarden-late-event-'));
const started: ServiceProcess[] = [];
let installation: Installation;
let mesBridge: ServiceProcess;
let world: World;
const told: string[] = [];

beforeAll(async () => {
  const addresses = stack();
  installation = await prepareInstallation({ addresses, shared: true, answerHours: 1, apart: ['mes-bridge'] });
  const { services, apart } = await startAll(installation, folder, ['mes-bridge']);
  started.push(services, ...apart.values());
  mesBridge = apart.get('mes-bridge')!;
  world = await createWorld(
    installation,
    createNarrator((line) => told.push(line)),
  );
  await masterData(world);
  await receipt(world);
}, 110_000);

afterAll(async () => {
  await world.close();
  await Promise.all(started.filter((one) => one.ending() === undefined).map((one) => one.stop()));
  await tidyUp(installation);
  await installation.release();
  rmSync(folder, { recursive: true });
}, 60_000);

interface Limits {
  readonly complete: boolean;
  readonly gaps: readonly string[];
}
interface Question extends Limits {
  readonly totalLots: number;
}

const PYTHON = process.env['PYTHON'] ?? 'python3';
const hasClient = spawnSync(PYTHON, ['-c', 'import confluent_kafka.schema_registry.avro']).status === 0;

/** The program as the page shows it; where Python's stock client is not installed, JavaScript's says the same. */
async function publishLateEvent(): Promise<void> {
  if (!hasClient) {
    const input = { lot: supplierLot('SUP-HX', 'L-1050'), quantity: 4 };
    await world.systems.mesSz1.consume('B2', 'WO-B2', input, world.moment(18, '05:00'), 'op.qian');
    return;
  }
  const program = /```python\n([^]*?)```/.exec(readFileSync('docs/traceability.md', 'utf8'))?.[1];
  if (program === undefined) throw new Error('the page shows no program');
  mkdirSync(join(folder, '.lotwarden'));
  const run = {
    kafka: installation.addresses.kafka,
    schemaRegistry: `${installation.gateway}/registry`,
    topicPrefix: installation.topicPrefix,
  };
  writeFileSync(join(folder, '.lotwarden', 'run.json'), JSON.stringify(run));
  const { status, stderr } = spawnSync(PYTHON, ['-c', program], { cwd: folder, encoding: 'utf8' });
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
}

test('a late event of a stock client is in every answer; a source that stops makes them incomplete, by its name', async () => {
  const { as, lot, moment, systems } = world;
  const manager = as['recall.chen'];
  const limits = () => manager.get<Limits>('traceability/watermarks');
  const ofStore = (code: string, quantity: number) => ({ lot: supplierLot('SUP-HX', code), quantity });
  await systems.mesSz1.record({
    operation: 'B2',
    kind: 'make',
    workOrder: 'WO-B2',
    equipment: 'SMT-1',
    operator: 'op.qian',
    startedAt: moment(18, '04:00'),
    endedAt: moment(18, '06:00'),
    inputs: [ofStore('L-1043', 400), { lot: supplierLot('SUP-GJ', 'PCB-77'), quantity: 100 }],
    outputs: [{ lot: sz1('B2'), product: 'BRD-10', quantity: 100 }],
  });
  const b2 = await learnLot(world, sz1('B2'));
  const root = lot('L-1050');
  const asked = await manager.post<Question>('traceability/standing-questions', { question: 'Q-LATE', roots: [root] });
  expect(asked.totalLots).toBe(1);
  await eventually('everything to be known', limits, ({ complete }) => complete);

  await publishLateEvent();
  const question = await eventually(
    'the standing question to be answered anew',
    () => manager.get<Question>('traceability/standing-questions/Q-LATE'),
    // While it is on its way the answer says that somebody has not read it yet.
    ({ totalLots, complete }) => totalLots === 2 && complete,
  );
  expect(question).toMatchObject({ complete: true, gaps: [] });
  const traced = await manager.post<{ lots: { items: { lot: string }[] } }>('traceability/traces', {
    roots: [root],
    direction: 'forward',
  });
  expect(traced.lots.items.map((found) => found.lot)).toEqual([root, b2]);

  await mesBridge.kill();
  const without = await eventually('somebody to be missed', limits, ({ complete }) => !complete);
  expect(without.gaps).toContain('owner-unheard mes-bridge');
  const unsure = await eventually(
    'the standing question to say so',
    () => manager.get<Question>('traceability/standing-questions/Q-LATE'),
    ({ complete }) => !complete,
  );
  expect(unsure.gaps).toContain('owner-unheard mes-bridge');
}, 100_000);
