import { MARKET } from '../cast.ts';
import { eventually } from '../eventually.ts';
import type { RecordToSign, World } from '../world.ts';

interface Readiness {
  readonly ready: boolean;
  readonly missing: readonly string[];
  readonly record: RecordToSign | null;
}

const RELEASED = ['F1', 'F2', 'F2b', 'F3', 'F5', 'F6'] as const;

/** A person with the right role releases with a reason and a signature; what is not ready, nobody can release. */
export async function release(world: World): Promise<void> {
  const { step } = world.narrator;
  await step('F4 has no inspection, no label check, and an open nonconformance', (s) => notReady(world, s));
  await step('final inspection: flow accuracy of the pumps', (s) => finalInspection(world, s));
  await step('the wrong role, a signature for another meaning, a signature for another record', (s) =>
    wrongly(world, s),
  );
  await step('王芳 releases F1, F2, F2b, F3, F5 and F6 for China, each with her signature', (s) => rightly(world, s));
}

type StepArgument = Parameters<Parameters<World['narrator']['step']>[1]>[0];

const readiness = ({ as, lot }: World, name: string) =>
  as['quality.wang'].get<Readiness>(`qms/lots/${lot(name)}/release-readiness?market=${MARKET}`);

async function notReady(world: World, { check }: StepArgument): Promise<void> {
  const { as, lot } = world;
  const { nonconformance } = await as['lead.zhao'].post<{ nonconformance: string }>('qms/nonconformances', {
    lot: lot('F4'),
    code: 'rework-record',
    description: 'torque of two screws not recorded at the rework',
    severity: 'minor',
  });
  const { missing, record } = await eventually(
    'qms to know F4',
    () => readiness(world, 'F4'),
    (found) => found.missing.length === 3,
  );
  check('what F4 lacks', missing, ['inspection-not-accepted', 'label-check-missing', 'nonconformance-open']);
  if (record === null) throw new Error('no record to sign for F4');
  const signature = await world.sign('quality.wang', record, 'release', 'urgent order');
  const no = await as['quality.wang'].refused(`qms/lots/${lot('F4')}/releases`, { market: MARKET, signature });
  check('released all the same', no, { status: 409, code: 'lot-not-ready-for-release' });
  const closure = (disposition: string) => ({ disposition, reason: 'torque measured afterwards: within limits' });
  const closures = `qms/nonconformances/${nonconformance}/closures`;
  const waved = await as['quality.wang'].refused(closures, closure('use-as-is'));
  check('closing it as "use as is"', waved.code, 'disposition-needs-approval');
  await as['quality.wang'].post(closures, closure('rework'));
  check('after closing the nonconformance', (await readiness(world, 'F4')).missing, [
    'inspection-not-accepted',
    'label-check-missing',
  ]);
}

async function finalInspection(world: World, { check }: StepArgument): Promise<void> {
  const { systems, lot, moment } = world;
  await Promise.all(
    RELEASED.map((name) =>
      systems.lims.report(
        {
          sample: `S-${name}`,
          lot: { system: 'lotwarden', code: lot(name) },
          stage: 'final',
          characteristic: 'flow-accuracy',
          value: '1.2',
          unit: '%',
        },
        moment(8),
      ),
    ),
  );
  for (const name of RELEASED) {
    const { ready } = await eventually(
      `${name} to be ready`,
      () => readiness(world, name),
      (found) => found.ready,
    );
    check(name, ready, true);
  }
}

async function wrongly(world: World, { check }: StepArgument): Promise<void> {
  const { as, lot } = world;
  const recordOf = async (name: string): Promise<RecordToSign> => {
    const { record } = await readiness(world, name);
    if (record === null) throw new Error(`no record to sign for ${name}`);
    return record;
  };
  const f1 = await recordOf('F1');
  const signed = await world.sign('quality.wang', f1, 'release', 'all in order');
  const path = `qms/lots/${lot('F1')}/releases`;
  const role = await as['lead.zhao'].refused(path, { market: MARKET, signature: signed });
  check('production lead', role, { status: 403, code: 'permission-missing' });
  const meaning = await as['lead.zhao'].refused('identity/signatures', {
    account: 'lead.zhao',
    password: world.passwords['lead.zhao'],
    ...f1,
    meaning: 'release',
    reason: 'all in order',
  });
  check('signing for a release as production lead', meaning, { status: 403, code: 'signature-meaning-not-yours' });
  const other = await as['quality.wang'].refused(`qms/lots/${lot('F2')}/releases`, {
    market: MARKET,
    signature: signed,
  });
  check('the signature for F1 used on F2', other.code, 'signature-for-another-record');
}

async function rightly(world: World, { check }: StepArgument): Promise<void> {
  const { as, lot } = world;
  for (const name of RELEASED) {
    const { record } = await readiness(world, name);
    if (record === null) throw new Error(`no record to sign for ${name}`);
    const signature = await world.sign('quality.wang', record, 'release', '检验合格,标签核对无误 all in order');
    const released = await as['quality.wang'].post<{ markets: { market: string; signer: string }[] }>(
      `qms/lots/${lot(name)}/releases`,
      { market: MARKET, signature },
    );
    check(name, released.markets, [{ market: MARKET, signer: 'quality.wang', meaning: 'release' }]);
  }
}
