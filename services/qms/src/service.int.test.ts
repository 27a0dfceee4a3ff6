import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CompactSign, exportJWK, generateKeyPair } from 'jose';
import { holdDigest } from '@lotwarden/platform/hold-digest';
import { placeholderLotId } from '@lotwarden/platform/ids';
import { platformMessages } from '@lotwarden/platform/messages';
import type { Role } from '@lotwarden/platform/permissions';
import type { Shown } from '@lotwarden/platform/shown-signature';
import { signable, type SignedRecord } from '@lotwarden/platform/signature';
import { REFUSED, refusals } from '@lotwarden/platform/testing/bad-input';
import { backUp, type Backup } from '@lotwarden/platform/testing/backup';
import { faultyMessages } from '@lotwarden/platform/testing/messages';
import { neighbours, type Neighbours } from '@lotwarden/platform/testing/neighbours';
import { startService, testEnvironment, type TestService } from '@lotwarden/platform/testing/service';
import { readPdf } from '@lotwarden/platform/testing/pdf';
import { until } from '@lotwarden/platform/testing/until';
import { messages } from './messages.ts';
import qms from './service.ts';

const world = testEnvironment();
const { privateKey, publicKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
let service: TestService;
let start: () => Promise<TestService>;
let backup: Backup | undefined;
let others: Neighbours;
let ticking: NodeJS.Timeout;
/** Stands for identity's keys and for traceability, which answers that a lot has no ancestors but these. */
let beside: Server;
let ancestors: string[] = [];

beforeAll(async () => {
  const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'EdDSA' }] });
  beside = createServer((request, response) => {
    // The first of them at once, the rest on the next page.
    const [first = [], rest = []] = [ancestors.slice(0, 1), ancestors.slice(1)].map((lots) =>
      lots.map((lot) => ({ lot })),
    );
    const page = { items: first, next: rest.length > 0 ? 'more' : null };
    const traces = JSON.stringify(request.method === 'POST' ? { trace: 'T1', lots: page, complete: true } : { items: rest, next: null }); // prettier-ignore
    response.setHeader('content-type', 'application/json').end(request.url?.includes('traces') ? traces : jwks);
  });
  await new Promise<void>((resolve) => beside.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${String((beside.address() as AddressInfo).port)}`;
  start = () =>
    startService(qms, {
      world,
      environment: { SIGNING_KEYS_URL: `${url}/signing-keys` },
      locate: () => url,
      tokens: { token: () => Promise.resolve('t'), refused: () => undefined },
    });
  service = await start();
  others = await neighbours(world.topicPrefix);
  ticking = setInterval(() => void others.tick(), 500);
});
afterAll(async () => {
  clearInterval(ticking);
  await others.close();
  await backup?.close();
  await service.end();
  beside.close();
});

interface Body {
  readonly code?: string;
  readonly ready?: boolean;
  readonly missing?: string[];
  readonly record?: SignedRecord;
  readonly status?: string;
  readonly verdict?: string;
  readonly nonconformance?: string;
  readonly complaint?: string;
  readonly signatures?: readonly Shown[];
}

interface ShownRelease {
  readonly markets: readonly { readonly signatures: readonly Shown[] }[];
  readonly revoked: readonly { readonly signatures: readonly Shown[] }[];
}
const current = ({ ofCurrentVersion }: Shown): boolean => ofCurrentVersion;

async function call(method: string, path: string, body?: unknown, roles: Role[] = ['quality-manager', 'auditor']) {
  const signedIn = await service.tokens.headers({ sub: 'qa.li', roles });
  const response = await fetch(service.address + path, {
    method,
    headers: { 'content-type': 'application/json', ...signedIn },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Body };
}

const specified = (product: string) =>
  others.say('mes-bridge.product.v1', product, {
    type: 'ProductSpecified',
    product,
    revision: 'A',
    name: product,
    nameZh: null,
    kind: 'finished',
    unit: 'EA',
    gtin: '09520123456788',
    productLine: null,
    validFrom: '2026-01-01T00:00:00.000Z',
    bom: [],
    characteristics: [
      { code: 'flow', name: 'Flow', kind: 'function', source: 'inspection', unit: 'P1', lower: '-5', upper: '5' },
    ],
  });
const declared = (lot: string, product: string, alias = lot) =>
  others.say('mes-bridge.production-lot.v1', lot, {
    type: 'ProductionLotDeclared',
    lot,
    product,
    revision: 'A',
    kind: 'finished',
    site: 'SZ1',
    workOrder: null,
    placeholder: false,
    aliases: [{ system: 'MES', code: alias }],
  });
let messageNumber = 0;
const measured = (alias: string, value: string) => {
  messageNumber += 1;
  return others.say('lims.inbound.v1', alias, {
    type: 'ResultReported',
    sourceSystem: 'LIMS-1',
    messageId: `m-${String(messageNumber)}`,
    occurredAt: '2026-11-01T08:00:00.000Z',
    site: 'SZ1',
    operator: null,
    sample: 'S',
    lot: { system: 'MES', code: alias },
    stage: 'final',
    characteristic: 'flow',
    value,
    unit: 'P1',
    method: null,
    instrument: null,
  });
};
const LABELS = {
  type: 'LabelCheckRecorded',
  labelVersion: '3',
  sampled: 5,
  verdict: 'pass',
  inspector: 'li',
  note: null,
} as const;
const labelsChecked = (lot: string) => others.say('serialization.serial-range.v1', lot, { ...LABELS, lot });
const readiness = async (lot: string) => (await call('GET', `/lots/${lot}/release-readiness`)).body;
const ready = (lot: string) => until(async () => (await readiness(lot)).ready === true);
const sign = (record: SignedRecord | undefined, over: object = {}) =>
  new CompactSign(
    new TextEncoder().encode(
      JSON.stringify({
        ...record,
        signer: 'qa.li',
        signerName: '李质量',
        roles: [],
        meaning: 'release',
        reason: 'ok',
        signedAt: new Date().toISOString(),
        ...over,
      }),
    ),
  )
    .setProtectedHeader({ alg: 'EdDSA', kid: 'k1' })
    .sign(privateKey);
/** Another person, who looked at the same record before. */
const review = (record: SignedRecord | undefined, over: object = {}) =>
  sign(record, { signer: 'qa.wu', signerName: '吴检验', meaning: 'review', ...over });
const release = async (lot: string, signature?: string, reviewed?: string) => {
  const { record } = await readiness(lot);
  return call('POST', `/lots/${lot}/releases`, {
    market: 'CN',
    review: reviewed ?? (await review(record)),
    signature: signature ?? (await sign(record)),
  });
};

async function dispose(nonconformance: string, disposition: string, over: object = {}) {
  const path = `/nonconformances/${nonconformance}`;
  const record = (await call('POST', `${path}/closure-records`, { disposition })).body as unknown as SignedRecord;
  const signature = await sign(record, { meaning: 'dispose-nonconformance', ...over });
  return call('POST', `${path}/closures`, { disposition, signature });
}

async function readyLot(lot: string): Promise<void> {
  await declared(lot, 'IP-200');
  await measured(lot, '1');
  await labelsChecked(lot);
  await ready(lot);
}

/** A hold as recall places it; waits until the gate has acknowledged it. */
async function held(hold: string, lots: readonly string[]): Promise<void> {
  const named = { hold, case: 'RC-1', epoch: 1 };
  const all = lots.map((lot) => ({ lot, serials: { mode: 'all', ranges: [] } }));
  const placed = { type: 'HoldPlaced', ...named, chunk: 1, chunks: 1, provisional: true, lots: all } as const;
  await others.say('recall.hold.v1', hold, placed);
  await others.say('recall.hold.v1', hold, { type: 'HoldManifest', ...named, ...holdDigest(all) });
  await others.tick();
  await until(async () =>
    (await others.heard('qms.gate.v1')).some((e) => e.type === 'HoldAcknowledged' && e.hold === hold),
  );
}

const made = (operation: string, of: string, lot: string) => {
  const quantity = { value: '1', unit: 'EA' };
  return others.say('mes-bridge.operation.v1', operation, {
    type: 'OperationRecorded',
    operation,
    sourceSystem: 'MES',
    sourceOperation: operation,
    kind: 'make',
    workOrder: null,
    site: 'SZ1',
    equipment: null,
    operator: null,
    parameters: [],
    tools: [],
    gauges: [],
    softwareVersion: null,
    labelVersion: null,
    load: null,
    startedAt: '2026-11-01T08:00:00.000Z',
    endedAt: '2026-11-01T09:00:00.000Z',
    inputs: [{ lot: of, quantity, edge: 'material', certainty: 'scanned', serials: [] }],
    outputs: [{ lot, quantity, serials: [] }],
    scrap: [],
    violations: [],
  });
};

/** An output that its operation is told to have had afterwards. */
const madeToo = (operation: string, of: string, lot: string) => {
  const quantity = { value: '1', unit: 'EA' };
  return others.say('mes-bridge.operation.v1', operation, {
    type: 'OperationOutputAdded',
    operation,
    output: { lot, quantity, serials: [] },
    inputs: [{ lot: of, quantity, edge: 'material', certainty: 'scanned', serials: [] }],
    violations: [],
  });
};

test('a lot is released with everything in order and a signature on this very record', async () => {
  await specified('IP-200');
  await declared('F-1', 'IP-200');
  await until(async () => (await readiness('F-1')).missing?.join() === 'inspection-not-accepted,label-check-missing');
  // A gate that has just started is closed until it has caught up with the holds.
  await until(async () => (await release('F-1', 'x'.repeat(30))).body.code === 'lot-not-ready-for-release');
  await measured('F-1', '1');
  await labelsChecked('F-1');
  await ready('F-1');
  await readyLot('F-2');
  const record = (await readiness('F-1')).record;
  await until(
    async () =>
      (await release('F-1', await sign((await readiness('F-2')).record))).body.code === 'signature-for-another-record',
  );
  expect(await release('F-1', await sign(record, { signer: 'somebody' }))).toMatchObject({
    status: 403,
    body: { code: 'signature-of-another-person' },
  });
  expect(await release('F-1', await sign(record, { meaning: 'review' }))).toMatchObject({
    body: { code: 'signature-meaning-other' },
  });
  expect(
    (
      await call(
        'POST',
        '/lots/F-1/releases',
        { market: 'CN', review: await review(record), signature: await sign(record) },
        ['viewer'],
      )
    ).status,
  ).toBe(403);
  // 21 CFR 11.10(g), 820.40: two people.
  expect(await release('F-1', undefined, await review(record, { signer: 'qa.li' }))).toMatchObject({
    status: 403,
    body: { code: 'signature-same-person' },
  });
  expect(await release('F-1', undefined, await review(record, { deputyFor: ['qa.li'] }))).toMatchObject({
    body: { code: 'signature-same-person' },
  });
  expect(await release('F-1', undefined, await sign(record))).toMatchObject({
    body: { code: 'signature-meaning-other' },
  });
  const alone = await call('POST', '/lots/F-1/releases', { market: 'CN', signature: await sign(record) });
  expect(alone).toMatchObject({ status: 400, body: { code: 'body-invalid' } });
  const released = await release('F-1', await sign(record, { signatureId: 'S-1' }));
  // 21 CFR 11.50: name, meaning, time, and what proves it; both people.
  const shown = { account: 'qa.li', name: '李质量', meaning: { code: 'release', zh: '批准放行' }, signatureId: 'S-1' };
  const proved = { algorithm: 'EdDSA', keyId: 'k1', ofCurrentVersion: true, holds: true };
  expect(released).toMatchObject({
    status: 201,
    body: { markets: [{ market: 'CN', signatures: [{ name: '吴检验', meaning: { code: 'review' } }, { ...shown, ...proved }] }] }, // prettier-ignore
  });
  await until(async () =>
    (await others.heard('qms.release.v1')).some((e) => e.type === 'LotReleased' && e.lot === 'F-1'),
  );
  for (const said of ['李质量 (qa.li)', '批准放行', '已评审', '吴检验 (qa.wu)'])
    expect(await certificate('F-1')).toContain(said);
  await held('H-PDF', ['F-1']);
  expect(await certificate('F-1')).toContain('该批次已被冻结(H-PDF)');
});

test('11.10(d): whoever is bound to a site decides nothing about lots of another; what was used is used once', async () => {
  await readyLot('F-40');
  const { record } = await readiness('F-40');
  const asked = { market: 'CN', review: await review(record), signature: await sign(record) };
  const opening = { lot: 'F-40', code: 'dent', description: 'lid', severity: 'minor' };
  for (const [path, body] of [
    ['/lots/F-40/releases', asked],
    ['/nonconformances', opening],
  ] as const)
    expect(await elsewhere('POST', path, body)).toMatchObject({ status: 403, body: { code: 'site-not-yours' } });

  // The same for markets, and for who reviewed: another person's signature does not reach further than he does.
  expect(await elsewhere('POST', '/lots/F-40/releases', asked, { markets: ['US'] })).toMatchObject({ status: 403, body: { code: 'market-not-yours' } }); // prettier-ignore
  for (const [bound, code] of [
    [{ sites: ['CD1'] }, 'site-not-yours'],
    [{ markets: ['US'] }, 'market-not-yours'],
  ] as const)
    expect((await call('POST', '/lots/F-40/releases', { ...asked, review: await review(record, bound) })).body.code).toBe(code); // prettier-ignore

  // Both at once: one of them releases it, and never again with the same signatures.
  const both = await Promise.all([1, 2].map(() => call('POST', '/lots/F-40/releases', asked)));
  expect(both.filter(({ status }) => status === 201)).toHaveLength(1);
  expect((await call('POST', '/lots/F-40/releases', asked)).status).toBeGreaterThanOrEqual(400);
  const releases = async () => (await others.heard('qms.release.v1')).filter((e) => e.type === 'LotReleased' && e.lot === 'F-40'); // prettier-ignore
  await until(async () => (await releases()).length > 0);
  expect(await releases()).toHaveLength(1);
  expect(await elsewhere('POST', '/lots/F-40/revocations', { market: 'CN', reason: 'r', signature: await sign(record) })).toMatchObject({ body: { code: 'site-not-yours' } }); // prettier-ignore
});

/** As somebody who is bound to another site, or as it says. */
async function elsewhere(method: string, path: string, body: unknown, bound: object = { sites: ['CD1'] }) {
  const headers = await service.tokens.headers({ sub: 'qa.li', roles: ['quality-manager'], ...bound });
  const json = { 'content-type': 'application/json', ...headers };
  const reply = await fetch(service.address + path, { method, headers: json, body: JSON.stringify(body) });
  return { status: reply.status, body: (await reply.json()) as Body };
}

/** As printed in Chinese. */
async function certificate(lot: string): Promise<string> {
  const headers = await service.tokens.headers({ sub: 'qa.li', roles: ['auditor'] });
  const reply = await fetch(`${service.address}/lots/${lot}/release?format=pdf`, {
    headers: { ...headers, 'accept-language': 'zh-CN' },
  });
  return (await readPdf(await reply.bytes())).text;
}

test('11.70: a later change shows a signature as being of an earlier version, and so does a release that is taken back', async () => {
  await readyLot('F-30');
  expect((await release('F-30')).status).toBe(201);
  const asShown = async () => (await call('GET', '/lots/F-30/release')).body as unknown as ShownRelease;
  expect((await asShown()).markets[0]?.signatures.map(current)).toEqual([true, true]);
  await others.say('serialization.serial-range.v1', 'F-30', { ...LABELS, lot: 'F-30', labelVersion: '4' });
  await until(async () => (await asShown()).markets[0]?.signatures.map(current).join() === 'false,false');
  expect((await asShown()).markets[0]?.signatures).toMatchObject([{ holds: true }, { holds: true }]);

  const content = { lot: 'F-30', market: 'CN' };
  const record = signable('lot-release-revocation', 'F-30', 1, content);
  const signature = await sign(record, { meaning: 'revoke-release' });
  const revoked = await call('POST', '/lots/F-30/revocations', { market: 'CN', reason: 'label', signature });
  expect(revoked).toMatchObject({ status: 201, body: { markets: [] } });
  const [first] = (await asShown()).revoked;
  expect(first?.signatures.map(current)).toEqual([false, false, true]);
  expect((await release('F-30')).status).toBe(201);
  const again = await asShown();
  expect(again.markets[0]?.signatures.map(current)).toEqual([true, true]);
  expect(again.revoked[0]?.signatures.map(current)).toEqual([false, false, false]);
});

test('an open nonconformance keeps a lot from being released until it is disposed of', async () => {
  await readyLot('F-3');
  const opened = await call('POST', '/nonconformances', {
    lot: 'F-3',
    code: 'scratch',
    description: 'housing',
    severity: 'minor',
  });
  expect((await readiness('F-3')).missing).toEqual(['nonconformance-open']);
  expect(await release('F-3', 'x'.repeat(30))).toMatchObject({ body: { code: 'lot-not-ready-for-release' } });
  const number = opened.body.nonconformance ?? '';
  const close = (disposition: string) => dispose(number, disposition);
  expect(await close('use-as-is')).toMatchObject({ body: { code: 'disposition-needs-approval' } });
  expect(await close('rework')).toMatchObject({ status: 201, body: { status: 'closed' } });
  expect((await readiness('F-3')).ready).toBe(true);
});

test('11.200: no disposition and no decision by a token alone, nor by a signature for another one', async () => {
  await declared('F-20', 'IP-200');
  await until(async () => (await call('GET', '/inspections/I-F-20-final')).body.status === 'open');
  const opened = await call('POST', '/nonconformances', { lot: 'F-20', code: 'dent', description: 'lid', severity: 'minor' }); // prettier-ignore
  const number = opened.body.nonconformance ?? '';
  const bare = await call('POST', `/nonconformances/${number}/closures`, { disposition: 'scrap', reason: 'x' });
  expect(bare).toMatchObject({ status: 400, body: { code: 'body-invalid' } });
  expect(await dispose(number, 'scrap', { signer: 'somebody' })).toMatchObject({ body: { code: 'signature-of-another-person' } }); // prettier-ignore
  const record = (await call('POST', `/nonconformances/${number}/closure-records`, { disposition: 'rework' })).body;
  const forRework = await sign(record as unknown as SignedRecord, { meaning: 'dispose-nonconformance' });
  const scrapped = await call('POST', `/nonconformances/${number}/closures`, { disposition: 'scrap', signature: forRework }); // prettier-ignore
  expect(scrapped).toMatchObject({ body: { code: 'signature-for-another-record' } });
  expect(await dispose(number, 'scrap')).toMatchObject({ status: 201, body: { signature: { signer: 'qa.li', signerName: '李质量' }, signatures: [{ meaning: { code: 'dispose-nonconformance' }, ofCurrentVersion: true, holds: true }] } }); // prettier-ignore

  const inspection = '/inspections/I-F-20-final';
  const decide = async (verdict: string, signature: string) => call('POST', `${inspection}/decisions`, { verdict, signature }); // prettier-ignore
  const toSign = async (verdict: string) => (await call('POST', `${inspection}/decision-records`, { verdict })).body as unknown as SignedRecord; // prettier-ignore
  const signed = await sign(await toSign('reject'), { meaning: 'decide-inspection', reason: 'housing cracked' });
  expect(await decide('accept', signed)).toMatchObject({ body: { code: 'signature-for-another-record' } });
  expect(await decide('reject', await sign(await toSign('reject')))).toMatchObject({ body: { code: 'signature-meaning-other' } }); // prettier-ignore
  expect(await decide('reject', signed)).toMatchObject({ status: 201, body: { verdict: 'reject', decision: { signer: 'qa.li', reason: 'housing cracked' }, signatures: [{ ofCurrentVersion: true }] } }); // prettier-ignore
  // A result that comes late is no part of what was signed; also not in the table that somebody takes home.
  await measured('F-20', '1');
  await until(async () => !(await call('GET', inspection)).body.signatures?.[0]?.ofCurrentVersion);
  const csv = await fetch(`${service.address}/inspections?lot=F-20&format=csv`, { headers: await service.tokens.headers({ sub: 'qa.li', roles: ['auditor'] }) }); // prettier-ignore
  expect(await csv.text()).toMatch(
    /李质量 \(qa\.li\), Decided the inspection .*housing cracked \[of an earlier version\]/,
  );
});

test('results and lots may come before what they need; none is lost', async () => {
  await measured('EARLY', '1');
  await declared('F-4', 'IP-300', 'EARLY');
  await specified('IP-300');
  await until(async () => (await call('GET', '/inspections/I-F-4-final')).body.verdict === 'accept');
});

test('a value out of limits rejects the lot', async () => {
  await declared('F-5', 'IP-200');
  await measured('F-5', '9');
  await until(async () => (await call('GET', '/inspections/I-F-5-final')).body.verdict === 'reject');
  expect((await readiness('F-5')).missing).toContain('inspection-not-accepted');
});

test('nothing held is released, nor what was made of something held', async () => {
  for (const lot of ['F-6', 'F-7', 'F-8']) await readyLot(lot);
  await held('H-1', ['F-6', 'M-BAD']);
  await until(async () => (await release('F-6')).body.code === 'lot-on-hold');
  await made('OP-1', 'M-BAD', 'F-7');
  await until(async () => (await release('F-7')).body.code === 'lot-on-hold');
  await readyLot('F-7B');
  await madeToo('OP-1', 'M-BAD', 'F-7B');
  await until(async () => (await release('F-7B')).body.code === 'lot-on-hold');
  // Its operation was not heard of here, but the genealogy knows.
  ancestors = ['M-BAD'];
  expect(await release('F-8')).toMatchObject({ status: 409, body: { code: 'lot-on-hold' } });
  ancestors = [];
  expect(await release('F-8')).toMatchObject({ status: 201 });
});

test('what was held or not conforming under a name is so for the lot that has the name, in the same moment', async () => {
  await readyLot('F-9');
  const alias = { system: 'WMS-1', code: 'F9-W' };
  const placeholder = placeholderLotId(alias);
  await held('H-9', [placeholder]);
  expect((await readiness('F-9')).ready).toBe(true);
  const opened = await call('POST', '/nonconformances', {
    lot: placeholder,
    code: 'scratch',
    description: 'housing',
    severity: 'minor',
  });
  const signature = await sign((await readiness('F-9')).record);
  await others.say('mes-bridge.production-lot.v1', 'F-9', { type: 'LotAliasAssigned', lot: 'F-9', alias, placeholder });
  // Both came with the name: nobody sees one without the other.
  await until(async () => (await readiness('F-9')).missing?.join() === 'nonconformance-open');
  const number = opened.body.nonconformance ?? '';
  await dispose(number, 'rework');
  expect(await release('F-9', signature)).toMatchObject({ status: 409, body: { code: 'lot-on-hold' } });
  // From now on the placeholder is that lot.
  await call('POST', '/nonconformances', { lot: placeholder, code: 'dent', description: 'lid', severity: 'minor' });
  expect((await readiness('F-9')).missing).toEqual(['nonconformance-open']);
});

test('a lot that was held before it was declared is born held, and so is what was made of it meanwhile', async () => {
  const name = { system: 'MES', code: 'B-EARLY' };
  const placeholder = placeholderLotId(name);
  await held('H-10', [placeholder, 'P-10']);
  await readyLot('F-10');
  await made('OP-10', placeholderLotId({ system: 'MES', code: 'B-LATE' }), 'F-10');
  await declared('F-11', 'IP-200', 'B-EARLY');
  await measured('B-EARLY', '1');
  await labelsChecked('F-11');
  await ready('F-11');
  expect(await release('F-11')).toMatchObject({ status: 409, body: { code: 'lot-on-hold' } });
  // What F-10 was made of turns out to be a held lot.
  await declared('P-10', 'IP-200', 'B-LATE');
  await until(async () => (await release('F-10')).body.code === 'lot-on-hold');
});

test('a nonconformance on a lot that nobody knows is refused: it would keep nothing from being released', async () => {
  const nobody = { lot: 'F-TYPO', code: 'scratch', description: 'housing', severity: 'minor' };
  expect(await call('POST', '/nonconformances', nobody)).toMatchObject({ status: 404, body: { code: 'lot-unknown' } });
});

test('a database from before comes back: nothing is forgotten that keeps a lot, and no number is given again', async () => {
  await declared('F-12', 'IP-200');
  await until(async () => (await readiness('F-12')).missing?.length === 2);
  backup = await backUp(world, 'qms');
  const complain = async () => (await call('POST', '/complaints', { description: 'stops', reporter: 'H-1' })).body;
  const raise = async () =>
    (await call('POST', '/nonconformances', { lot: 'F-12', code: 'dent', description: 'lid', severity: 'minor' })).body;
  const [raised, complained] = [await raise(), await complain()];
  await measured('F-12', '1');
  await labelsChecked('F-12');
  await until(async () => (await readiness('F-12')).missing?.join() === 'nonconformance-open');
  const inspected = (await call('GET', '/inspections/I-F-12-final')).body;
  await backup.published();
  await service.stop();
  const caughtUp = await backup.restore();
  service = await start();
  expect((await readiness('F-12')).missing).toContain('nonconformance-open');
  expect((await raise()).nonconformance).not.toBe(raised.nonconformance);
  expect((await complain()).complaint).not.toBe(complained.complaint);
  // Partitions are read again from where the database is when their next messages come.
  await labelsChecked('F-12');
  await measured('F-12', '1');
  await caughtUp('serialization.serial-range.v1');
  await caughtUp('lims.inbound.v1');
  await until(async () => (await readiness('F-12')).missing?.join() === 'nonconformance-open');
  expect((await call('GET', '/inspections/I-F-12-final')).body).toMatchObject({ ...inspected, rev: expect.anything() });
});

test('no command passes without a good token, a permission, a body that fits and a key of its own', async () => {
  const complaint = (description: string) => ({ description, reporter: 'H-1' });
  const roles: Role[] = ['quality-manager'];
  const asked = { path: '/complaints', body: complaint('stops'), other: complaint('leaks'), roles };
  expect(await refusals(service, asked)).toEqual(REFUSED);
});

test.each([
  [
    'an unknown lot',
    '/lots/F-NONE/releases',
    { market: 'CN', review: 'x'.repeat(30), signature: 'x'.repeat(30) },
    409,
    'lot-not-ready-for-release',
  ],
  [
    'an unknown inspection',
    '/inspections/I-NONE/decisions',
    { verdict: 'reject', signature: 'x'.repeat(30) },
    404,
    'inspection-unknown',
  ],
  [
    'an unknown nonconformance',
    '/nonconformances/NCR-0/closures',
    { disposition: 'scrap', signature: 'x'.repeat(30) },
    404,
    'nonconformance-unknown',
  ],
  [
    'no market',
    '/lots/F-1/releases',
    { market: 'China', review: 'x'.repeat(30), signature: 'x'.repeat(30) },
    400,
    'body-invalid',
  ],
  [
    'an unheard-of verdict',
    '/inspections/I-F-1-final/decisions',
    { verdict: 'maybe', signature: 'x'.repeat(30) },
    400,
    'body-invalid',
  ],
  [
    'a decision that stands',
    '/inspections/I-F-1-final/decisions',
    { verdict: 'reject', signature: 'x'.repeat(30) },
    409,
    'inspection-already-decided',
  ],
  [
    'no signature',
    '/lots/F-2/releases',
    { market: 'CN', review: 'x'.repeat(30), signature: 'x'.repeat(30) },
    422,
    'signature-invalid',
  ],
])('%s is refused with its reason', async (_, path, body, status, code) => {
  const reply = await call('POST', path, body);
  expect([reply.status, reply.body.code]).toEqual([status, code]);
});

test('a signature on a version that is no longer so, or on another hash, releases nothing', async () => {
  const { record } = await readiness('F-2');
  expect(record).toBeDefined();
  for (const over of [{ recordVersion: 7 }, { recordHash: '0'.repeat(64) }, { recordId: 'F-3' }])
    expect((await release('F-2', await sign(record, over))).body.code).toBe('signature-for-another-record');
  // The labels were checked anew since it was signed.
  const signature = await sign(record);
  await others.say('serialization.serial-range.v1', 'F-2', { ...LABELS, lot: 'F-2', labelVersion: '4' });
  await until(async () => (await readiness('F-2')).record?.recordHash !== record?.recordHash);
  expect((await release('F-2', signature)).body.code).toBe('signature-for-another-record');
});

test('no released lot lacks inspection or signature; every code has words in two languages', async () => {
  expect((await call('GET', '/operations/invariants')).body).toMatchObject({
    invariants: [{ violators: [] }, { invariant: 'no-fact-is-kept-waiting', violators: [] }],
  });
  expect((await call('GET', '/openapi.json')).status).toBe(200);
  expect(await faultyMessages(new URL('./', import.meta.url), { ...platformMessages, ...messages })).toEqual([]);
});
