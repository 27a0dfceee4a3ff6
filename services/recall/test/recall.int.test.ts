import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ScopeCustodian, ScopeLot } from '@lotwarden/contracts/events';
import { holdDigest } from '@lotwarden/platform/hold-digest';
import { placeholderLotId } from '@lotwarden/platform/ids';
import type { SignedRecord } from '@lotwarden/platform/signature';
import { neighbours, type Neighbours } from '@lotwarden/platform/testing/neighbours';
import { startService, testEnvironment, type TestService } from '@lotwarden/platform/testing/service';
import { testTokens } from '@lotwarden/platform/testing/tokens';
import { readPdf } from '@lotwarden/platform/testing/pdf';
import { until } from '@lotwarden/platform/testing/until';
import { GATES, type GateName } from '../src/freeze/gate-life.ts';
import recall from '../src/service.ts';
import { besides, type Beside } from './beside.ts';

const world = testEnvironment();
const tokenSet = await testTokens();
let beside: Beside;
let service: TestService;
let others: Neighbours;

const start = () =>
  startService(recall, {
    world,
    tokenSet,
    environment: { SIGNING_KEYS_URL: `${beside.url}/signing-keys`, FREEZE_WITHIN: '3000', TICK_EVERY: '200' },
    locate: () => beside.url,
    tokens: { token: () => Promise.resolve('t'), refused: () => undefined },
  });

beforeAll(async () => {
  beside = await besides();
  service = await start();
  others = await neighbours(world.topicPrefix);
});
afterAll(async () => {
  await others.close();
  await service.end();
  beside.close();
});

interface View {
  readonly case: string;
  readonly hold: string;
  readonly status: string;
  readonly roots: string[];
  readonly epoch: number;
  readonly held: number;
  readonly digest: string;
  readonly step: string;
  readonly waitingFor: string[];
  readonly frozen: { epoch: number; elapsedMs: number; gates: string[]; current: boolean; at: string } | null;
  readonly contained: { epoch: number; rounds: number; offsets: unknown[] } | null;
  readonly scope: { lots: number; custodians: number; complete: boolean };
  readonly notices: { issued: number; delivered: number; answered: number; closed: number };
  readonly findings: number;
}
interface Body extends View {
  readonly code: string;
  readonly items: {
    notice: string;
    version: number;
    status: string;
    lines: { lot: string }[];
    code: string;
    subject: string;
  }[];
  readonly lots: { lot: string }[];
  readonly invariants: { invariant: string; violators: { subject: string }[] }[];
  readonly hash: string;
  readonly hindrance: string | null;
  readonly closure: { report: string } | null;
}

async function call(method: string, path: string, body?: unknown, roles = ['recall-manager', 'auditor']) {
  const headers = await tokenSet.headers({ sub: 'rm.chen', roles: roles as never });
  const response = await fetch(service.address + path, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Body };
}
async function printed(id: string): Promise<string> {
  const headers = await tokenSet.headers({ sub: 'rm.chen', roles: ['recall-manager'] });
  const reply = await fetch(`${service.address}/cases/${id}/report`, {
    headers: { ...headers, accept: 'application/pdf' },
  });
  return (await readPdf(await reply.bytes())).text;
}
const get = async (path: string): Promise<Body> => (await call('GET', path)).body;
const see = (id: string): Promise<View> => get(`/cases/${id}`);
const codes = async (id: string) => (await get(`/cases/${id}/findings?limit=500`)).items.map(({ code }) => code);

async function draft(roots: unknown[]): Promise<View> {
  const { status, body } = await call('POST', '/cases', { title: 'IP-200', reason: 'smoke', roots });
  expect([status, body]).toMatchObject([201, { status: 'draft' }]);
  return body;
}

/** What a gate says; by default just what the manifest of the case's current epoch names. */
async function acknowledge(id: string, gates: readonly GateName[], over: Record<string, unknown> = {}) {
  const { hold, epoch, held: count, digest } = await see(id);
  for (const gate of gates) {
    const said = { gate, hold, case: id, epoch, count, digest, incarnation: 'one', inFlight: [] };
    await others.say(`${gate}.gate.v1`, hold, { type: 'HoldAcknowledged', ...said, ...over } as never);
  }
}
async function drain(id: string, gates: readonly GateName[] = GATES) {
  const { hold, epoch } = await see(id);
  for (const gate of gates) {
    const offsets = [{ topic: `${gate}.gate.v1`, partition: 0, next: epoch }];
    const said = { gate, hold, case: id, epoch, incarnation: 'one', offsets };
    await others.say(`${gate}.gate.v1`, hold, { type: 'GateDrained', ...said } as never);
  }
}

const serials = (first: number, last: number) => [{ gtin: '06901234567892', prefix: 'IP', width: 6, first, last }];
const lot = (id: string, over: Partial<ScopeLot> = {}): ScopeLot => ({
  lot: id,
  item: 'IP-200',
  quantity: { value: '10', unit: 'EA' },
  serials: { mode: 'all', ranges: [] },
  certainty: 'scanned',
  path: [
    { lot: 'M-1', operation: 'op-1', edge: 'material', certainty: 'scanned' },
    { lot: id, operation: null, edge: null, certainty: null },
  ],
  ways: [{ from: 'M-1', operation: 'op-1' }],
  ...over,
});
const custodian = (party: string, id: string, first: number, last: number): ScopeCustodian => ({
  custodian: party,
  lines: [
    {
      lot: id,
      quantity: { value: String(last - first + 1), unit: 'EA' },
      serials: serials(first, last),
      containers: [],
    },
  ],
});
const answer = (
  id: string,
  sequence: number,
  lots: readonly ScopeLot[],
  custodians: readonly ScopeCustodian[] = [],
  context: { trace?: string } = {},
) =>
  others.say(
    'traceability.scope.v1',
    id,
    {
      type: 'ScopeChanged',
      question: id,
      sequence,
      lots,
      custodians,
      totalLots: lots.length,
      offsets: [],
      complete: true,
      gaps: [],
    },
    context,
  );

async function launch(id: string): Promise<void> {
  const what = { recallClass: 'I', instructions: 'Stop use', instructionsZh: '停止使用' };
  const record = (await get(
    `/cases/${id}/launch-record?${new URLSearchParams(what).toString()}`,
  )) as unknown as SignedRecord;
  const signature = await beside.sign(record, 'launch');
  const { status, body } = await call('POST', `/cases/${id}/launches`, { ...what, signature });
  expect([status, body]).toMatchObject([201, { status: 'launched', launch: { recallClass: 'I' } }]);
}

test('a draft holds its roots at once, also while traceability is down, and asks until it is heard', async () => {
  beside.down = true;
  await others.say('receiving.material-lot.v1', 'M-SZ1-261101-00001', {
    type: 'MaterialLotReceived',
    lot: 'M-SZ1-261101-00001',
    part: 'CAP-100',
    revision: 'B',
    supplier: 'SUP-HX',
    supplierLot: 'L-1042',
    purchaseOrder: null,
    quantity: { value: '4000', unit: 'EA' },
    site: 'SZ1',
    location: 'DOCK',
    receivedAt: new Date().toISOString(),
    expiresAt: null,
    aliases: [],
    coa: [],
    coaVerdict: 'pass',
    hindrances: [],
  });
  const byName = { system: 'supplier:SUP-HX', code: 'L-1042' };
  await until(async () => (await draft([byName])).roots[0] === 'M-SZ1-261101-00001');
  const stranger = { system: 'MES-SZ', code: 'B-7' };
  const drafted = await draft([byName, stranger]);
  expect(drafted).toMatchObject({ epoch: 1, held: 2, step: 'freezing', waitingFor: [...GATES] });
  expect(drafted.roots).toEqual(['M-SZ1-261101-00001', placeholderLotId(stranger)]);
  expect(await codes(drafted.case)).toEqual(['root-unknown']);

  beside.down = false;
  await until(() =>
    beside.asked.some(
      ({ path, body }) => path === '/standing-questions' && (body as { question: string }).question === drafted.case,
    ),
  );
  // The name turns out to be a lot: it is held wherever its placeholder is.
  await others.say('mes-bridge.production-lot.v1', 'P-SZ1-261101-00001', {
    type: 'LotAliasAssigned',
    lot: 'P-SZ1-261101-00001',
    alias: stranger,
    placeholder: placeholderLotId(stranger),
  });
  await until(async () => (await see(drafted.case)).held === 3);
});

test('frozen by five that agree, contained at the fixpoint, through a restart in the middle', async () => {
  const { case: id, hold } = await draft(['M-1']);
  await acknowledge(id, GATES.slice(0, 4));
  await acknowledge(id, ['qms'], { digest: 'other' });
  await until(async () => (await codes(id)).includes('acknowledgement-not-counted'));
  expect(await see(id)).toMatchObject({ frozen: null, waitingFor: ['qms'] });
  await until(async () => (await codes(id)).includes('freeze-overdue'));
  await acknowledge(id, ['qms', 'qms']);
  await until(async () => (await see(id)).frozen !== null);
  expect((await see(id)).frozen).toMatchObject({ epoch: 1, gates: [...GATES], current: true });

  await answer(id, 1, [lot('M-1'), lot('F-1')], [custodian('DIST-A', 'F-1', 1, 5)]);
  await answer(id, 2, [lot('F-2', { serials: { mode: 'only', ranges: serials(1, 3) } })]);
  await answer(id, 2, [lot('F-2', { serials: { mode: 'only', ranges: serials(1, 3) } })]);
  await until(async () => (await see(id)).held === 3);
  const widened = await see(id);
  expect(widened).toMatchObject({ frozen: { current: false }, step: 'freezing', scope: { lots: 3, custodians: 1 } });

  expect(
    (
      await call('POST', `/cases/${id}/launches`, {
        recallClass: 'I',
        instructions: 'x',
        instructionsZh: 'y',
        signature: 'a.b.c-that-is-no-signature',
      })
    ).body.code,
  ).toBe('signature-invalid');
  await launch(id);
  const launched = await see(id);
  expect(launched).toMatchObject({ epoch: widened.epoch + 1, held: 3, frozen: null, notices: { issued: 0 } });
  await acknowledge(id, GATES.slice(0, 3));
  await until(async () => (await see(id)).waitingFor.length === 2);

  await service.stop();
  await acknowledgeWhileDown(launched, GATES.slice(3));
  service = await start();
  await until(async () => (await see(id)).frozen?.epoch === launched.epoch);
  await until(async () => (await see(id)).notices.issued === 1);
  expect((await get(`/cases/${id}/notices`)).items).toMatchObject([{ notice: `${id}|DIST-A`, version: 1 }]);

  // A fact that traceability sees only at the gates' offsets: no fixpoint before it is held too.
  beside.found = { sequence: 3, totalLots: 4 };
  await drain(id);
  await until(() => beside.asked.some(({ path }) => path === `/standing-questions/${id}/evaluate`));
  expect((await see(id)).contained).toBeNull();
  const minOffsets = beside.asked.findLast(({ path }) => path.endsWith('/evaluate'))?.body;
  expect(minOffsets).toMatchObject({ minOffsets: GATES.toSorted().map((gate) => ({ topic: `${gate}.gate.v1` })) });
  await answer(
    id,
    3,
    [lot('F-5')],
    [
      custodian('HOSP', 'F-5', 50, 50),
      {
        ...custodian('DIST-A', 'F-1', 1, 5),
        lines: [...custodian('DIST-A', 'F-1', 1, 5).lines, ...custodian('DIST-A', 'F-5', 51, 52).lines],
      },
    ],
  );
  await until(async () => (await see(id)).held === 4 && (await see(id)).notices.issued === 2);
  await until(async () => (await get(`/cases/${id}/notices`)).items.some(({ version }) => version === 2));
  await acknowledge(id, GATES);
  await drain(id);
  await until(async () => (await see(id)).contained !== null);
  const contained = await see(id);
  expect(contained).toMatchObject({ step: 'contained', contained: { epoch: contained.epoch, offsets: [{ next: 9 }] } });

  // What was said on the hold topic adds up to each manifest.
  const said = (await others.heard('recall.hold.v1')).filter((event) => event.hold === hold);
  const lots = new Map<string, { lot: string; serials: ScopeLot['serials'] }>();
  for (const event of said) {
    if (event.type === 'HoldPlaced') for (const line of event.lots) lots.set(line.lot, line);
    if (event.type === 'HoldManifest') expect(event).toMatchObject(holdDigest([...lots.values()]));
  }
  const extended = (await others.heard('recall.case.v1')).find(
    (event) => event.type === 'RecallScopeExtended' && event.lots.includes('F-5'),
  );
  expect(extended).toMatchObject({ lots: ['F-5'] });
  expect(said.at(-1)).toMatchObject({ type: 'HoldManifest', epoch: contained.epoch, digest: contained.digest });
  const types = async () =>
    (await others.heard('recall.case.v1')).filter((event) => event.case === id).map(({ type }) => type);
  await until(async () => (await types()).includes('RecallContained'));
  expect(await types()).toEqual(
    expect.arrayContaining([
      'RecallDrafted',
      'RecallLaunched',
      'RecallFrozen',
      'RecallScopeExtended',
      'RecallContained',
    ]),
  );
  await closesAnswered(id);
});

async function acknowledgeWhileDown({ case: id, hold, epoch, held: count, digest }: View, gates: readonly GateName[]) {
  for (const gate of gates) {
    const said = { gate, hold, case: id, epoch, count, digest, incarnation: 'one', inFlight: [] };
    await others.say(`${gate}.gate.v1`, hold, { type: 'HoldAcknowledged', ...said } as never);
  }
}

async function closesAnswered(id: string): Promise<void> {
  const about = (party: string, version: number) => ({ notice: `${id}|${party}`, version, case: id, party });
  const now = new Date().toISOString();
  const line = (name: string, onHand: string, ranges: ReturnType<typeof serials>) => ({
    lot: name,
    onHand,
    used: '0',
    returned: '0',
    passedOn: '0',
    destroyed: '0',
    unit: 'EA',
    serials: ranges,
  });
  const answered = (party: string, version: number, lines: ReturnType<typeof line>[]) =>
    others.say('notification.delivery.v1', `${id}|${party}`, {
      type: 'NoticeAnswered',
      ...about(party, version),
      respondent: 'wang',
      late: false,
      lines,
      answeredAt: now,
      findings: [],
    });
  for (const [party, name, first, last] of [
    ['DIST-A', 'F-1', 1, 5],
    ['DIST-A', 'F-5', 51, 52],
    ['HOSP', 'F-5', 50, 50],
  ] as const)
    await others.say('field.custody.v1', `${party}|${name}`, {
      type: 'CustodyGained',
      custodian: party,
      lot: name,
      quantity: { value: String(last - first + 1), unit: 'EA' },
      serials: serials(first, last),
      cause: { kind: 'shipment', id: 'S-1' },
      violations: [],
    });
  await others.say('notification.delivery.v1', `${id}|HOSP`, {
    type: 'NoticeEscalated',
    ...about('HOSP', 1),
    reason: 'no answer',
  });
  await others.say('notification.delivery.v1', `${id}|DIST-A`, {
    type: 'NoticeDelivered',
    ...about('DIST-A', 2),
    endpoint: 'E-1',
    attempt: 1,
    deliveredAt: now,
  });
  await answered('DIST-A', 1, [line('F-1', '5', serials(1, 5))]);
  await until(async () => (await codes(id)).includes('answer-to-old-version'));
  const closing = () => get(`/cases/${id}/close-record`);
  expect(await closing()).toMatchObject({ hindrance: 'notices-unanswered' });
  await answered('DIST-A', 2, [line('F-1', '4', serials(1, 5)), line('F-5', '2', serials(51, 53))]);
  await until(async () => (await codes(id)).includes('answer-does-not-add-up'));
  expect(await codes(id)).toContain('serial-never-shipped-to-party');
  expect((await call('POST', `/notices/${encodeURIComponent(`${id}|DIST-A`)}/closures`, { reason: 'x' })).status).toBe(
    201,
  );
  const ended = await call('POST', `/notices/${encodeURIComponent(`${id}|HOSP`)}/closures`, { reason: 'ward visited' });
  expect([ended.status, ended.body]).toMatchObject([201, { status: 'closed' }]);

  // Goods turn up at somebody else: until he is told and settled, nothing is closed.
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  await answer(id, 4, [], [custodian('WARD-7', 'F-5', 53, 53)], { trace: `00-${traceId}-00f067aa0ba902b7-01` });
  const told = (found: Body): boolean => found.items.some(({ notice }) => notice === `${id}|WARD-7`);
  await until(async () => told(await get(`/cases/${id}/notices`)));
  expect(await closing()).toMatchObject({ hindrance: 'notices-unanswered' });
  // The notice is issued later and of itself, in the trace of what made its goods known.
  const subject = `${id}|WARD-7`;
  const issued = async () =>
    (await others.headers('recall.notice.v1')).find(
      ({ ce_subject: about = '' }) => decodeURIComponent(about) === subject,
    );
  await until(async () => (await issued()) !== undefined);
  expect((await issued())?.['traceparent']?.split('-')[1]).toBe(traceId);
  await others.say('notification.delivery.v1', `${id}|WARD-7`, {
    type: 'NoticeEscalated',
    ...about('WARD-7', 1),
    reason: 'no answer',
  });
  const ward = `/notices/${encodeURIComponent(`${id}|WARD-7`)}/closures`;
  await until(async () => (await call('POST', ward, { reason: 'ward visited' })).status === 201);
  expect(await closing()).toMatchObject({ hindrance: null });

  beside.missing.set('F-1', '1');
  expect(await closing()).toMatchObject({
    hindrance: 'remainder-unexplained',
    remainder: [{ value: '1', unit: 'EA' }],
  });
  const explanation = 'one unit crushed, photographed';
  const record = (await get(
    `/cases/${id}/close-record?explanation=${encodeURIComponent(explanation)}`,
  )) as unknown as SignedRecord;
  const { recordType, recordId, recordVersion, recordHash } = record;
  const signature = await beside.sign({ recordType, recordId, recordVersion, recordHash }, 'close');
  expect((await call('POST', `/cases/${id}/closures`, { signature })).body.code).toBe('remainder-unexplained');
  const theirs = await beside.sign({ recordType, recordId, recordVersion, recordHash }, 'close', 'qa.li');
  expect((await call('POST', `/cases/${id}/closures`, { signature: theirs, explanation })).body.code).toBe(
    'signature-of-another-person',
  );
  const closed = await call('POST', `/cases/${id}/closures`, { signature, explanation });
  // 21 CFR 11.50: who launched and who closed it, wherever the case is read.
  const launched = { name: 'rm.chen', meaning: { code: 'launch', zh: '启动召回' }, reason: 'capacitor fails short' };
  const acts = [launched, { meaning: { code: 'close' } }].map((act) => ({ ...act, ofCurrentVersion: true, holds: true })); // prettier-ignore
  expect([closed.status, closed.body]).toMatchObject([201, { closure: { explanation }, signatures: acts }]);
  expect(await see(id)).toMatchObject({ signatures: acts });
  const listed = (await get('/cases?status=closed&limit=500')) as unknown as { items: { case: string }[] };
  expect(listed.items.find((one) => one.case === id)).toMatchObject({ signatures: acts });
  expect(closed.body.closure?.report).toBe(closed.body.hash);
  beside.missing.clear();
  expect((await get(`/cases/${id}/report`)).hash).toBe(closed.body.hash);
  expect((await see(id)).held).toBe(4);

  // Facts go on coming: the closed case still widens its hold, and people are told.
  await answer(id, 5, [lot('F-6')]);
  await until(async () => (await codes(id)).includes('extended-after-close'));
  // 11.70: what was closed is an earlier version from then on.
  await until(async () => {
    const { signatures = [] } = (await see(id)) as unknown as { signatures?: { ofCurrentVersion: boolean }[] };
    return signatures.map(({ ofCurrentVersion }) => ofCurrentVersion).join() === 'true,false';
  });
}

test('a held lot that left is a finding; lots are let go by two people who looked at every operation', async () => {
  const { case: id, hold } = await draft(['M-2']);
  await answer(id, 1, [lot('F-9')]);
  await until(async () => (await see(id)).held === 2);
  await others.say('warehouse.shipment.v1', 'S-7', {
    type: 'ShipmentDispatched',
    shipment: 'S-7',
    site: 'SZ1',
    soldTo: 'DIST-B',
    shipTo: 'DIST-B',
    custodian: 'DIST-B',
    market: 'CN',
    purpose: 'sale',
    origin: 'fact',
    dispatchedAt: new Date().toISOString(),
    lines: [],
    violations: [{ code: 'lot-on-hold', lot: 'F-9', detail: hold }],
  });
  await until(async () => (await codes(id)).includes('held-lot-left'));

  expect((await call('POST', `/holds/${hold}/reviews`, { lots: ['F-9'] })).body).toEqual({ operations: ['op-1'] });
  const asked = { lots: ['F-9'], reviewedOperations: ['op-1'], reason: 'reworked' };
  const recordFor = async (what: object) =>
    (await call('POST', `/holds/${hold}/release-records`, what)).body as unknown as SignedRecord;
  const sign = async (what: object, ...signers: string[]) => {
    const record = await recordFor(what);
    return Promise.all(signers.map((signer) => beside.sign(record, 'hold-release', signer)));
  };
  const release = async (what: object, ...signers: string[]) =>
    call('POST', `/holds/${hold}/releases`, { ...what, signatures: await sign(what, ...signers) });
  expect((await release(asked, 'rm.chen', 'rm.chen')).body.code).toBe('signature-same-person');
  expect((await release(asked, 'qa.li', 'qa.wu')).body.code).toBe('signature-of-another-person');
  expect((await release({ ...asked, reviewedOperations: [] }, 'qa.li', 'rm.chen')).body.code).toBe(
    'operation-not-reviewed',
  );
  expect((await release({ ...asked, lots: ['F-0'] }, 'qa.li', 'rm.chen')).body.code).toBe('lot-not-held');
  const acts = ['qa.li', 'rm.chen'].map((account) => ({ account, meaning: { code: 'hold-release' }, ofCurrentVersion: true, holds: true })); // prettier-ignore
  expect(await release(asked, 'qa.li', 'rm.chen')).toMatchObject({ status: 201, body: { lots: ['F-9'], signatures: acts } }); // prettier-ignore
  expect(await get(`/cases/${id}/report`)).toMatchObject({ signatures: acts });
  const paper = await printed(id);
  for (const said of [
    'Approved letting go of the hold',
    '(qa.li)',
    '(rm.chen)',
    (await get(`/cases/${id}/report`)).hash,
  ])
    expect(paper).toContain(said);
  expect(await see(id)).toMatchObject({ held: 1 });
  // The reviewed way again changes nothing, nor does one to another lot; another way holds again, whatever is shorter.
  const ways = [
    { from: 'M-1', operation: 'op-1' },
    { from: 'M-3', operation: 'op-1' },
  ];
  await answer(id, 2, [lot('F-9'), lot('F-10')]);
  await until(async () => (await see(id)).held === 2);
  expect((await release({ ...asked, lots: ['F-10'] }, 'qa.li', 'rm.chen')).status).toBe(201);
  await answer(id, 3, [lot('F-9', { ways })]);
  await until(async () => (await see(id)).held === 2);
  // So does one to a lot before it.
  expect((await release(asked, 'qa.li', 'rm.chen')).status).toBe(201);
  const further = [...ways, { from: 'F-11', operation: 'op-3' }];
  await answer(id, 4, [lot('F-9', { ways: further }), lot('F-11', { ways: [{ from: 'M-1', operation: 'op-2' }] })]);
  await until(async () => (await see(id)).held === 3);
  expect((await release(asked, 'qa.li', 'rm.chen')).body.code).toBe('operation-not-reviewed');
  const all = { ...asked, reviewedOperations: ['op-1', 'op-2', 'op-3'] };
  expect((await release(all, 'qa.li', 'rm.chen')).status).toBe(201);
  await answer(id, 5, [lot('F-11', { ways: [{ from: 'M-1', operation: 'op-4' }] })]);
  await until(async () => (await see(id)).held === 3);
});

test('a restored gate has to acknowledge anew', async () => {
  const { case: id } = await draft(['M-3']);
  await acknowledge(id, GATES, { incarnation: 'one' });
  await until(async () => (await see(id)).frozen !== null);
  await acknowledge(id, ['serialization'], { incarnation: 'two', digest: 'lost' });
  await until(async () => (await codes(id)).includes('gate-restored'));
  expect(await see(id)).toMatchObject({ step: 'freezing', waitingFor: ['serialization'] });
  const invariants = async () => (await get('/operations/invariants')).invariants;
  expect((await invariants())[0]?.violators.map(({ subject }) => subject)).toContain(`H-${id}`);
  await acknowledge(id, ['serialization'], { incarnation: 'two' });
  await until(async () => (await see(id)).step === 'draining');
  expect((await invariants())[0]?.violators.map(({ subject }) => subject)).not.toContain(`H-${id}`);
  const [, , alone, waiting] = await invariants();
  expect(alone?.violators).toEqual([]);
  expect(waiting).toEqual({ invariant: 'no-fact-is-kept-waiting', violators: [] });
});

test('it ticks, with the end of the hold topic; who may not is refused', async () => {
  const holds = await others.heard('recall.hold.v1');
  // Ticks come every second: the next one names the end that the last hold made.
  await until(async () => (await others.heard('recall.tick.v1')).some(({ holdEnd }) => holdEnd === holds.length));
  const ticks = await others.heard('recall.tick.v1');
  expect(ticks.length).toBeGreaterThan(3);
  expect(Math.max(...ticks.map(({ holdEnd }) => holdEnd))).toBe(holds.length);
  const body = { title: 'x', reason: 'y', roots: ['M-1'] };
  expect((await call('POST', '/cases', body, ['viewer'])).body.code).toBe('permission-missing');
  expect((await call('POST', '/cases', { ...body, roots: [] })).status).toBe(400);
  expect((await call('GET', '/cases/RC-0')).body.code).toBe('recall-case-unknown');
  expect(
    (await call('POST', '/holds/H-0/release-records', { lots: ['F'], reviewedOperations: [], reason: 'r' })).body.code,
  ).toBe('hold-unknown');
});
