import type { JSONWebKeySet } from 'jose';
import { MARKET } from '../cast.ts';
import { eventually } from '../eventually.ts';
import { checkSignature } from '../check-signature.ts';
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
  const what = '林涛 reviews and 王芳 releases F1, F2, F2b, F3, F5 and F6 for China, each with a signature';
  const signatures = await step(what, (s) => rightly(world, s));
  await step('the release of F1, checked by anybody: the signature, the public keys, ten lines of jose', (s) =>
    checkedOffline(world, s, signatures),
  );
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
  const review = await world.sign('engineer.lin', record, 'review', 'urgent order');
  const signature = await world.sign('quality.wang', record, 'release', 'urgent order');
  const no = await as['quality.wang'].refused(`qms/lots/${lot('F4')}/releases`, { market: MARKET, review, signature });
  check('released all the same', no, { status: 409, code: 'lot-not-ready-for-release' });
  const path = `qms/nonconformances/${nonconformance}`;
  const closure = async (disposition: string) => {
    const toSign = await as['quality.wang'].post<RecordToSign>(`${path}/closure-records`, { disposition });
    const reason = 'torque measured afterwards: within limits';
    return { disposition, signature: await world.sign('quality.wang', toSign, 'dispose-nonconformance', reason) };
  };
  const waved = await as['quality.wang'].refused(`${path}/closures`, await closure('use-as-is'));
  check('closing it as "use as is"', waved.code, 'disposition-needs-approval');
  await as['quality.wang'].post(`${path}/closures`, await closure('rework'));
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
  const review = await world.sign('engineer.lin', f1, 'review', 'all in order');
  const path = `qms/lots/${lot('F1')}/releases`;
  const role = await as['lead.zhao'].refused(path, { market: MARKET, review, signature: signed });
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
    review,
    signature: signed,
  });
  check('the signature for F1 used on F2', other.code, 'signature-for-another-record');
  const own = await world.sign('quality.wang', f1, 'review', 'all in order');
  const alone = await as['quality.wang'].refused(path, { market: MARKET, review: own, signature: signed });
  check('one person for review and release', alone, { status: 403, code: 'signature-same-person' });
}

async function rightly(world: World, { check }: StepArgument): Promise<Map<string, string>> {
  const { as, lot } = world;
  const signatures = new Map<string, string>();
  for (const name of RELEASED) {
    const { record } = await readiness(world, name);
    if (record === null) throw new Error(`no record to sign for ${name}`);
    const review = await world.sign('engineer.lin', record, 'review', '记录齐全 records complete');
    const signature = await world.sign('quality.wang', record, 'release', '检验合格,标签核对无误 all in order');
    const released = await as['quality.wang'].post<{ markets: { market: string; signer: string }[] }>(
      `qms/lots/${lot(name)}/releases`,
      { market: MARKET, review, signature },
    );
    const reviewed = { signer: 'engineer.lin', meaning: 'review' };
    check(name, released.markets, [{ market: MARKET, signer: 'quality.wang', meaning: 'release', review: reviewed }]);
    signatures.set(name, signature);
  }
  return signatures;
}

/** Nothing of ours is asked but the keys, which anybody can keep; the record speaks for itself by its hash. */
async function checkedOffline(
  world: World,
  { check, tell }: StepArgument,
  signatures: ReadonlyMap<string, string>,
): Promise<void> {
  const { as, lot } = world;
  const signature = signatures.get('F1') ?? '';
  const keys = await as['auditor.xu'].get<JSONWebKeySet>('identity/signing-keys');
  const signed = await checkSignature(signature, keys);
  const { recordId, recordType, signerName, meaning, reason, signedAt } = signed;
  check('what it says', { recordId, recordType, signerName, meaning }, { recordId: lot('F1'), recordType: 'lot-release', signerName: '王芳 Wang Fang', meaning: 'release' }); // prettier-ignore
  tell(`signature ${signature.slice(0, 24)}… (${String(signature.length)} characters), EdDSA`);
  tell(`${signerName}, ${meaning}, ${signedAt}: "${reason}"`);
  const [head = '', , mark = ''] = signature.split('.');
  const other = Buffer.from(JSON.stringify({ ...signed, recordId: lot('F2') })).toString('base64url');
  const forged: unknown = await checkSignature([head, other, mark].join('.'), keys).catch((error: unknown) => error);
  check('the same, written over to F2', forged instanceof Error ? forged.message : 'good', 'signature verification failed'); // prettier-ignore
}
