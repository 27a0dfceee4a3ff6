import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createCodec } from '@lotwarden/contracts/codec';
import type { KafkaPort } from '@lotwarden/platform/kafka';
import { neighbours } from '@lotwarden/platform/testing/neighbours';
import { startService, type TestService } from '@lotwarden/platform/testing/service';
import { until } from '@lotwarden/platform/testing/until';
import traceability from '../service.ts';
import { signatureOf } from './subscription.store.ts';

const CONTEXT = [
  'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld',
  { example: 'https://ns.example.com/' },
];
let running: TestService;
let kafka: KafkaPort;

beforeAll(async () => {
  const watched = {
    ...traceability,
    build: (deps: Parameters<typeof traceability.build>[0]) => {
      ({ kafka } = deps);
      return traceability.build(deps);
    },
  };
  running = await startService(watched, { environment: { COMPANY_PREFIXES: '0614141', ALLOW_LOOPBACK: 'true' } });
}, 60_000);
afterAll(async () => {
  await running.end();
});

interface Told {
  readonly status: number;
  readonly headers: Headers;
  readonly body: any; // eslint-disable-line @typescript-eslint/no-explicit-any -- replies are compared with what is expected
}

async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Told> {
  const reply = await fetch(`${running.address}${path}`, {
    method,
    headers: {
      ...(await running.tokens.headers({ sub: 'epcis-hub', kind: 'system', roles: ['system-epcis'] })),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await reply.text();
  return { status: reply.status, headers: reply.headers, body: text === '' ? undefined : JSON.parse(text) };
}

let minutes = 0;
const object = (more: Record<string, unknown> = {}) => {
  minutes += 1;
  return {
    type: 'ObjectEvent',
    eventTime: new Date(Date.UTC(2026, 9, 1, 0, minutes)).toISOString(),
    eventTimeZoneOffset: '+08:00',
    action: 'OBSERVE',
    bizStep: 'shipping',
    epcList: [`urn:epc:id:sgtin:0614141.107346.${minutes}`],
    ...more,
  };
};
const document = (...eventList: unknown[]) => ({
  '@context': CONTEXT,
  type: 'EPCISDocument',
  schemaVersion: '2.0',
  creationDate: '2026-11-01T08:00:00Z',
  epcisBody: { eventList },
});
const query = async (search: string, headers?: Record<string, string>) =>
  (await call('GET', `/epcis/events?${search}`, undefined, headers)).body.epcisBody.queryResults.resultsBody
    .eventList as Record<string, unknown>[];

async function capture(body: unknown, headers: Record<string, string> = {}) {
  const taken = await call('POST', '/epcis/capture', body, headers);
  expect(taken.status).toBe(202);
  const location = taken.headers.get('location') ?? '';
  let job: Told['body'];
  await until(async () => {
    job = (await call('GET', location)).body;
    return job.running === false;
  }, 60_000);
  return job;
}

test('a document is captured by a job, and its events answer queries with their ids as Digital Links', async () => {
  const lot = object({
    action: 'ADD',
    bizStep: 'commissioning',
    epcList: [],
    quantityList: [{ epcClass: 'urn:epc:class:lgtin:0614141.107346.LOT-A', quantity: 200, uom: 'KGM' }],
    ilmd: { 'cbvmda:lotNumber': 'LOT-A', 'cbvmda:itemExpirationDate': '2028-01-31', 'example:oven': 7 },
    readPoint: { id: 'urn:epc:id:sgln:0614141.00777.gate-2' },
    bizTransactionList: [{ type: 'po', bizTransaction: 'http://transaction.example.com/po/1' }],
    sourceList: [{ type: 'possessing_party', source: 'urn:epc:id:pgln:0614141.00001' }],
    sensorElementList: [{ sensorReport: [{ type: 'Temperature', value: 26.5, uom: 'CEL' }] }],
  });
  const job = await capture(document(lot, object({ bizStep: 'receiving' })));
  expect(job).toMatchObject({ success: true, captureErrorBehaviour: 'rollback', errors: [] });

  const one = async (search: string) => expect(await query(search)).toMatchObject([{ bizStep: 'commissioning' }]);
  for (const search of [
    'EQ_bizStep=commissioning',
    'EQ_bizStep=https://ref.gs1.org/cbv/BizStep-commissioning&eventType=ObjectEvent|AggregationEvent',
    'MATCH_anyEPCClass=urn:epc:class:lgtin:0614141.107346.LOT-A',
    'MATCH_epcClass=https://id.gs1.org/01/10614141073464/10/LOT-A',
    'MATCH_epcClass=urn:epc:idpat:sgtin:0614141.107346.*',
    'EQ_readPoint=https://id.gs1.org/414/0614141007776/254/gate-2',
    'WD_readPoint=urn:epc:id:sgln:0614141.00777.0',
    'EQ_bizTransaction_po=http://transaction.example.com/po/1',
    'EQ_source_possessing_party=https://id.gs1.org/417/0614141000012',
    'EQ_ILMD_cbvmda:lotNumber=LOT-A|LOT-B',
    'GE_ILMD_cbvmda:itemExpirationDate=2028-01-01&LT_ILMD_cbvmda:itemExpirationDate=2028-02-01',
    'EQ_ILMD_https%3A%2F%2Fns.example.com%2Foven=7',
    'EXISTS_ILMD_cbvmda:lotNumber=true',
    'GE_quantity=200&LT_quantity=200.5&EQ_quantity_KGM=200',
    'EQ_type=Temperature&GE_value_CEL=26&LT_value_CEL=27',
    'EQ_action=ADD',
  ])
    await one(search);
  expect(await query('EQ_ILMD_example:oven=7', { 'gs1-extensions': 'example=https://ns.example.com/' })).toHaveLength(
    1,
  );
  expect(await query('MATCH_anyEPCClass=urn:epc:class:lgtin:0614141.107346.LOT-B')).toEqual([]);
  const [shown] = await query('EQ_bizStep=commissioning');
  expect(shown).toMatchObject({
    eventID: expect.stringMatching(/^ni:\/\/\/sha-256;[0-9a-f]{64}\?ver=CBV2\.0$/),
    quantityList: [{ epcClass: 'https://id.gs1.org/01/10614141073464/10/LOT-A' }],
    recordTime: expect.any(String),
  });
  const [urn] = await query('EQ_bizStep=commissioning', { 'gs1-epc-format': 'Always_EPC_URN' });
  expect(urn).toMatchObject({ quantityList: [{ epcClass: 'urn:epc:class:lgtin:0614141.107346.LOT-A' }] });
});

test('with rollback nothing of a wrong document is kept, with proceed all that is right', async () => {
  const good = object({ bizStep: 'packing' });
  const bad = object({ bizStep: 'packing', action: 'TAKE' });
  const rolled = await capture(document(good, bad));
  expect(rolled).toMatchObject({
    success: false,
    errors: [{ type: 'epcisException:ValidationException', status: 400 }],
  });
  expect(await query('EQ_bizStep=packing')).toEqual([]);
  const proceeded = await capture(document(good, bad), { 'gs1-capture-error-behaviour': 'proceed' });
  expect(proceeded).toMatchObject({ success: false, errorCount: 1 });
  expect(await query('EQ_bizStep=packing')).toHaveLength(1);
});

test('thousands of events are captured as one', async () => {
  const job = await capture(document(...Array.from({ length: 2_000 }, () => object({ bizStep: 'cycle_counting' }))));
  expect(job).toMatchObject({ success: true, errorCount: 0 });
  const { body } = await call('GET', '/epcis/events?EQ_bizStep=cycle_counting&maxEventCount=2000&perPage=1');
  expect(body.epcisBody.queryResults.resultsBody.eventList).toHaveLength(1);
  expect((await call('GET', '/epcis/events?EQ_bizStep=cycle_counting&maxEventCount=1999')).status).toBe(413);
}, 90_000);

test('an event is kept once; its correction stands beside it', async () => {
  const event = { '@context': CONTEXT, ...object({ bizStep: 'destroying', eventID: 'urn:uuid:4d9b5d3c-0001' }) };
  const taken = await call('POST', '/epcis/events', event);
  expect([taken.status, taken.headers.get('location')]).toEqual([201, '/epcis/events/urn%3Auuid%3A4d9b5d3c-0001']);
  const again = await call('POST', '/epcis/events', event);
  expect([again.status, again.body.type]).toEqual([409, 'epcisException:ResourceAlreadyExistsException']);
  expect(await capture(document(event))).toMatchObject({ success: true });
  expect(await capture(document({ ...event, action: 'DELETE' }))).toMatchObject({
    success: false,
    errors: [{ status: 409 }],
  });
  const declaration = {
    declarationTime: '2026-11-02T00:00:00Z',
    reason: 'did_not_occur',
    correctiveEventIDs: ['urn:uuid:4d9b5d3c-0002'],
  };
  expect((await call('POST', '/epcis/events', { ...event, errorDeclaration: declaration })).status).toBe(201);
  expect(await query('EQ_eventID=urn:uuid:4d9b5d3c-0001')).toHaveLength(2);
  for (const search of [
    'EXISTS_errorDeclaration=true',
    'EQ_correctiveEventID=urn:uuid:4d9b5d3c-0002',
    'EQ_errorReason=did_not_occur',
  ])
    expect(await query(search)).toHaveLength(1);
  expect((await call('GET', taken.headers.get('location') ?? '')).body).toMatchObject({ bizStep: 'destroying' });
});

test('results are ordered, limited and paged', async () => {
  await capture(document(...Array.from({ length: 7 }, () => object({ bizStep: 'loading' }))));
  const times: unknown[] = [];
  let path: string | undefined =
    '/epcis/events?EQ_bizStep=loading&orderBy=eventTime&orderDirection=DESC&eventCountLimit=5&perPage=2';
  for (let pages = 0; path !== undefined; pages += 1) {
    const page: Told = await call('GET', path);
    times.push(
      ...page.body.epcisBody.queryResults.resultsBody.eventList.map((e: { eventTime: string }) => e.eventTime),
    );
    path = /^<(.*)>; rel="next"$/.exec(page.headers.get('link') ?? '')?.[1];
    expect(pages).toBeLessThan(4);
  }
  expect(times).toHaveLength(5);
  expect(times).toEqual([...times].sort().reverse());
  expect(await call('GET', '/epcis/events?EQ_bizStep=loading&maxEventCount=6')).toMatchObject({
    status: 413,
    body: { type: 'epcisException:QueryTooLargeException' },
  });
});

test('what is asked wrongly or is not supported is refused by name', async () => {
  for (const [search, status, code] of [
    ['EQ_unknown=1', 501, 'epcis-parameter-unsupported'],
    ['HASATTR_readPoint=x', 501, 'epcis-parameter-unsupported'],
    ['MATCH_epc=urn:epc:idpat:sgtin:0614141.*.*', 501, 'epcis-parameter-unsupported'],
    ['eventCountLimit=5', 400, 'epcis-parameter-invalid'],
    ['GE_eventTime=yesterday', 400, 'epcis-parameter-invalid'],
    ['nextPageToken=xyz', 400, 'epcis-token-invalid'],
  ] as const) {
    const { status: told, body } = await call('GET', `/epcis/events?${search}`);
    expect([search, told, body.code]).toEqual([search, status, code]);
  }
  const refused = async (body: unknown, headers?: Record<string, string>) => {
    const told = await call('POST', '/epcis/capture', body, headers);
    return [told.status, told.body.type];
  };
  expect(await refused('{')).toEqual([400, 'epcisException:ValidationException']);
  expect(await refused({ type: 'EPCISDocument' })).toEqual([400, 'epcisException:ValidationException']);
  expect(await refused('<xml/>', { 'content-type': 'application/xml' })).toEqual([415, 'epcisException:UnsupportedMediaTypeException']); // prettier-ignore
  expect(await refused(document(), { 'gs1-epcis-version': '1.2' })).toEqual([406, 'epcisException:NotAcceptableException']); // prettier-ignore
  expect(await refused(document(...Array.from({ length: 10_001 }, () => 0)))).toEqual([413, 'epcisException:CaptureLimitExceededException']); // prettier-ignore
  const large = await call('POST', '/epcis/capture', `{"x":"${'x'.repeat(11 * 1024 * 1024)}"}`);
  expect([large.status, large.headers.get('gs1-epcis-capture-limit')]).toEqual([413, '10000']);
  const anonymous = await fetch(`${running.address}/epcis/events`);
  expect([anonymous.status, ((await anonymous.json()) as { type: string }).type]).toEqual([401, 'epcisException:SecurityException']); // prettier-ignore
  const partner = await running.tokens.headers({ sub: 'partner', party: 'H1', roles: ['partner-epcis'] });
  expect((await fetch(`${running.address}/epcis/events`, { headers: partner })).status).toBe(403);
  const unknown = await call('GET', '/epcis/events?EQ_action=ADD', undefined, { 'gs1-epc-format': 'Always_XML' });
  expect(unknown.status).toBe(406);
});

test('a partner that is bound to no party captures nothing: its word would count as our own', async () => {
  const nobody = await running.tokens.headers({ sub: 'somebody', kind: 'system', roles: ['partner-epcis'] });
  for (const [path, body] of [
    ['/epcis/events', { '@context': CONTEXT, ...object() }],
    ['/epcis/capture', document(object())],
  ] as const)
    expect(await call('POST', path, body, nobody)).toMatchObject({
      status: 403,
      body: { type: 'epcisException:SecurityException' },
    });
});

test('resources lead to their events, and say what they can do', async () => {
  await call('POST', '/epcis/events', { '@context': CONTEXT, ...object({ bizStep: 'stocking', bizLocation: { id: 'urn:epc:id:sgln:0614141.00888.0' } }) }); // prettier-ignore
  const { body } = await call('GET', '/epcis/bizLocations');
  expect(body.member).toContain('https://id.gs1.org/414/0614141008889');
  const events = await call(
    'GET',
    `/epcis/bizLocations/${encodeURIComponent('https://id.gs1.org/414/0614141008889')}/events`,
  );
  expect(events.body.epcisBody.queryResults.resultsBody.eventList).toMatchObject([{ bizStep: 'stocking' }]);
  expect((await call('GET', '/epcis/eventTypes')).body.member).toContain('ObjectEvent');
  expect((await call('GET', '/epcis/epcs?perPage=2')).headers.get('link')).toContain('rel="next"');
  const discovery = await call('OPTIONS', '/epcis/capture');
  expect([discovery.status, discovery.headers.get('gs1-epcis-version'), discovery.headers.get('gs1-epcis-capture-limit')]).toEqual([204, '2.0.0', '10000']); // prettier-ignore
});

test('what is captured is published with who captured it', async () => {
  const codec = createCodec();
  const heard: unknown[] = [];
  const subscription = await kafka.consume({
    group: 'test.epcis',
    topics: ['traceability.epcis.v1'],
    onBatch: async ({ messages, next }, { done }) => {
      for (const { value } of messages) heard.push(codec.decode('traceability.epcis.v1', value ?? Buffer.alloc(0)));
      await done(next);
    },
  });
  const eventId = 'urn:uuid:4d9b5d3c-0009';
  await call('POST', '/epcis/events', { '@context': CONTEXT, ...object({ eventID: eventId }) });
  await until(() => heard.some((event) => (event as { eventId: string }).eventId === eventId));
  expect(heard).toContainEqual(
    expect.objectContaining({ eventId, capturer: 'epcis-hub', party: null, roles: ['system-epcis'] }),
  );
  await subscription.stop();
});

test('our own facts are there in the words of EPCIS', async () => {
  const others = await neighbours(running.world.topicPrefix);
  await others.say('warehouse.destruction.v1', 'D-1', {
    type: 'GoodsDestroyed',
    location: null,
    order: null,
    signature: null,
    destruction: 'D-1',
    site: 'SZ1',
    destroyedAt: '2026-11-05T07:00:00.000Z',
    witness: 'wang',
    lines: [{ lot: 'F1', quantity: { value: '4', unit: 'EA' }, serials: [], containers: [] }],
    violations: [],
  });
  await others.close();
  const found = async () =>
    (await call('GET', '/epcis/facts/events?MATCH_anyEPCClass=urn:lotwarden:lot:F1&EQ_bizStep=destroying')).body
      .epcisBody.queryResults.resultsBody.eventList as unknown[];
  await until(async () => (await found()).length === 1);
  expect(await found()).toMatchObject([
    { action: 'DELETE', disposition: 'destroyed', eventTime: '2026-11-05T07:00:00.000Z' },
  ]);
});

test('a query with a name is asked again by its name', async () => {
  const named = {
    name: 'harvests',
    query: { EQ_bizStep: ['collecting', 'picking'], orderBy: 'eventTime', orderDirection: 'ASC' },
  };
  const made = await call('POST', '/epcis/queries', named);
  expect([made.status, made.headers.get('location')]).toEqual([201, '/epcis/queries/harvests']);
  const again = await call('POST', '/epcis/queries', named);
  expect([again.status, again.body.type]).toEqual([409, 'epcisException:ResourceAlreadyExistsException']);
  const wrong = await call('POST', '/epcis/queries', { name: 'other', query: { EQ_unknown: '1' } });
  expect([wrong.status, wrong.body.code]).toEqual([501, 'epcis-parameter-unsupported']);
  await capture(document(object({ bizStep: 'collecting' }), object({ bizStep: 'picking' }), object()));
  const page = await call('GET', '/epcis/queries/harvests/events?perPage=1');
  expect(page.body.epcisBody.queryResults).toMatchObject({
    queryName: 'harvests',
    resultsBody: { eventList: [{ bizStep: 'collecting' }] },
  });
  expect(page.headers.get('link')).toMatch(/^<\/epcis\/queries\/harvests\/events\?perPage=1&nextPageToken=/);
  expect((await call('GET', '/epcis/queries')).body).toMatchObject([{ name: 'harvests' }]);
  expect((await call('DELETE', '/epcis/queries/harvests')).status).toBe(204);
  const gone = await call('GET', '/epcis/queries/harvests/events');
  expect([gone.status, gone.body.type]).toEqual([404, 'epcisException:NoSuchNameException']);
});

test('a subscriber is told signed what newly answers its query, until it has taken it', async () => {
  const token = 'a-token-of-the-subscriber';
  const told: { ids: string[]; signed: boolean }[] = [];
  let refusals = 1;
  const subscriber = createServer((request, reply) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const { eventList } = JSON.parse(body).epcisBody.queryResults.resultsBody;
      const ids = eventList.map(({ eventID }: { eventID: string }) => eventID);
      reply.statusCode = refusals > 0 ? 503 : 200;
      if (refusals > 0) refusals -= 1;
      else told.push({ ids, signed: request.headers['gs1-signature'] === signatureOf(token, body) });
      reply.end();
    });
  });
  await new Promise<void>((resolve) => subscriber.listen(0, '127.0.0.1', resolve));
  const dest = `http://127.0.0.1:${(subscriber.address() as AddressInfo).port}/told`;
  await call('POST', '/epcis/queries', { name: 'repairs', query: { EQ_bizStep: 'repairing' } });
  const path = '/epcis/queries/repairs/subscriptions';
  for (const wrong of [
    { dest },
    { dest, stream: true, schedule: { hour: '1' } },
    { dest, schedule: { hour: '25' } },
    { dest: 'http://10.0.0.1/x', stream: true },
  ])
    expect((await call('POST', path, wrong)).body.type).toBe('epcisException:SubscriptionControlsException');
  const made = await call('POST', path, { dest, stream: true, signatureToken: token });
  expect(made.status).toBe(201);
  await capture(document(object({ bizStep: 'repairing', eventID: 'urn:uuid:r-1' }), object({ bizStep: 'loading' })));
  await until(() => told.length > 0, 20_000);
  expect(told).toEqual([{ ids: ['urn:uuid:r-1'], signed: true }]);
  const location = made.headers.get('location') ?? '';
  await until(async () => (await call('GET', location)).body.lastNotifiedAt !== null);
  expect((await call('GET', path)).body).toMatchObject([{ dest, stream: true, failures: 0 }]);
  expect((await call('DELETE', location)).status).toBe(204);
  expect((await call('GET', location)).status).toBe(404);
  subscriber.close();
});

test('a query with a name keeps the prefixes of whoever named it', async () => {
  await capture(document(object({ action: 'ADD', bizStep: 'commissioning', ilmd: { 'example:oven': 'O9' } })));
  const headers = { 'gs1-extensions': 'example=https://ns.example.com/' };
  const named = { name: 'of-oven-9', query: { 'EQ_ILMD_example:oven': 'O9' } };
  expect((await call('POST', '/epcis/queries', named, headers)).status).toBe(201);
  const { body } = await call('GET', '/epcis/queries/of-oven-9/events');
  expect(body.epcisBody.queryResults.resultsBody.eventList).toMatchObject([{ ilmd: { 'example:oven': 'O9' } }]);
});

const insertCaptures = (jobs: readonly { readonly _id: string; readonly [field: string]: unknown }[]) =>
  running.world.inDatabase('traceability', (db) =>
    db.collection<{ _id: string }>('epcis_captures').insertMany([...jobs]),
  );

test('captures are listed page by page without loss, also those of one moment; a cursor that no page gave is refused', async () => {
  const createdAt = new Date();
  const ended = { running: false, success: true, errors: [], errorCount: 0, behaviour: 'rollback', finishedAt: createdAt, leasedUntil: createdAt }; // prettier-ignore
  const ids = ['same-1', 'same-2', 'same-3'];
  await insertCaptures(ids.map((_id) => ({ _id, capturer: { id: 'epcis-hub', party: null, roles: [] }, createdAt, ...ended }))); // prettier-ignore
  const listed: string[] = [];
  for (let path: string | undefined = '/epcis/capture?perPage=1'; path !== undefined && listed.length < 200;) {
    const reply = await call('GET', path);
    listed.push(...reply.body.map(({ captureID }: { captureID: string }) => captureID));
    path = /<([^>]*)>/.exec(reply.headers.get('link') ?? '')?.[1];
  }
  expect(new Set(listed).size).toBe(listed.length);
  expect(listed.filter((id) => ids.includes(id)).sort()).toEqual(ids);
  const forged = Buffer.from(JSON.stringify(['yesterday x'])).toString('base64url');
  for (const token of ['garbage', forged])
    expect((await call('GET', `/epcis/capture?nextPageToken=${token}`)).status).toBe(400);
});

test('a capture that breaks off again and again ends as failed, and nothing of it is kept', async () => {
  const past = new Date(Date.now() - 1_000);
  const document = { capture: 'never-staged', batches: 1, context: null };
  const job = { capturer: { id: 'epcis-hub', party: null, roles: [] }, context: { actor: 'system:epcis-hub' }, behaviour: 'rollback', running: true, success: true, errors: [], errorCount: 0, createdAt: past, leasedUntil: past, document }; // prettier-ignore
  await insertCaptures([
    { _id: 'hopeless', ...job, attempts: 19 },
    { _id: 'half-written', ...job, attempts: 19, writing: true },
  ]);
  await until(async () => (await call('GET', '/epcis/capture/hopeless')).body.running === false);
  const { body } = await call('GET', '/epcis/capture/hopeless');
  expect(body).toMatchObject({ success: false, errors: [{ type: 'epcisException:ImplementationException' }] });
  const again = { _id: 'half-written', attempts: { $gt: 19 } };
  await until(() => running.world.inDatabase('traceability', async (db) => (await db.collection<{ _id: string }>('epcis_captures').findOne(again)) !== null)); // prettier-ignore
  expect((await call('GET', '/epcis/capture/half-written')).body.running).toBe(true);
});

test('an operation that a partner told without a name of its own can be traced from by its hash id', async () => {
  const made = {
    '@context': CONTEXT,
    type: 'TransformationEvent',
    eventTime: '2026-10-20T08:00:00Z',
    eventTimeZoneOffset: '+08:00',
    inputQuantityList: [{ epcClass: 'urn:lotwarden:lot:RAW-90', quantity: 1 }],
    outputQuantityList: [{ epcClass: 'urn:lotwarden:lot:MADE-90', quantity: 1 }],
  };
  const taken = await call('POST', '/epcis/events', made);
  expect(taken.status).toBe(201);
  const operation = decodeURIComponent((taken.headers.get('location') ?? '').split('/').at(-1) ?? '');
  expect(operation).toMatch(/^ni:\/\/\/sha-256;/);
  const headers = await running.tokens.headers({ roles: ['quality-manager'] });
  const roots = [{ operation: `epcis:${operation}` }];
  const traced = () => call('POST', '/traces', { roots, skipUnknown: true }, headers);
  await until(async () => (await traced()).body.totalLots > 0);
  expect((await traced()).body.lots.items).toMatchObject([{ lot: 'MADE-90', hops: 0 }]);
});

test('each parameter that must work finds its event, and only that', async () => {
  const at = (second: number) => ({ eventTime: `2026-09-01T00:00:0${String(second)}Z`, eventTimeZoneOffset: '+00:00' });
  const unit = (serial: string) => `https://id.gs1.org/01/09520123456788/21/${serial}`;
  const kind = (lot: string) => `https://id.gs1.org/01/09520123456788/10/${lot}`;
  const seen = {
    type: 'ObjectEvent',
    action: 'OBSERVE',
    ...at(1),
    epcList: [unit('P-1')],
    disposition: 'in_transit',
    bizLocation: { id: 'https://id.gs1.org/414/9521321000010/254/dock' },
    destinationList: [{ type: 'owning_party', destination: 'https://id.gs1.org/417/9521321000010' }],
  };
  const packed = { type: 'AggregationEvent', action: 'ADD', ...at(2), parentID: 'https://id.gs1.org/00/095201234567891235', childEPCs: [unit('P-2')] }; // prettier-ignore
  const made = {
    type: 'TransformationEvent',
    ...at(3),
    inputEPCList: [unit('P-3')],
    outputEPCList: [unit('P-4')],
    inputQuantityList: [{ epcClass: kind('IN'), quantity: 3 }],
    outputQuantityList: [{ epcClass: kind('OUT'), quantity: 4 }],
  };
  const before = new Date(Date.now() - 60_000).toISOString();
  expect(await capture(document(seen, packed, made))).toMatchObject({ success: true });
  const within = 'GE_eventTime=2026-09-01T00:00:00Z&LT_eventTime=2026-09-01T00:01:00Z';
  const found: Record<string, string> = {
    'EQ_disposition=in_transit': 'ObjectEvent',
    'EQ_bizLocation=https://id.gs1.org/414/9521321000010/254/dock': 'ObjectEvent',
    'WD_bizLocation=https://id.gs1.org/414/9521321000010': 'ObjectEvent',
    'EQ_destination_owning_party=https://id.gs1.org/417/9521321000010': 'ObjectEvent',
    [`MATCH_epc=${unit('P-1')}`]: 'ObjectEvent',
    'MATCH_parentID=https://id.gs1.org/00/095201234567891235': 'AggregationEvent',
    [`MATCH_epc=${unit('P-2')}`]: 'AggregationEvent',
    [`MATCH_anyEPC=${unit('P-2')}`]: 'AggregationEvent',
    [`MATCH_inputEPC=${unit('P-3')}`]: 'TransformationEvent',
    [`MATCH_outputEPC=${unit('P-4')}`]: 'TransformationEvent',
    [`MATCH_anyEPC=${unit('P-3')}`]: 'TransformationEvent',
    [`MATCH_inputEPCClass=${kind('IN')}`]: 'TransformationEvent',
    [`MATCH_outputEPCClass=${kind('OUT')}`]: 'TransformationEvent',
    'GE_eventTime=2026-09-01T00:00:03Z': 'TransformationEvent',
    'LT_eventTime=2026-09-01T00:00:02Z': 'ObjectEvent',
    'eventType=AggregationEvent': 'AggregationEvent',
  };
  for (const [search, type] of Object.entries(found)) {
    const both = search.includes('eventTime') ? `${search}&${search.startsWith('GE') ? 'LT_eventTime=2026-09-01T00:01:00Z' : 'GE_eventTime=2026-09-01T00:00:00Z'}` : `${search}&${within}`; // prettier-ignore
    expect([search, (await query(both)).map((event) => event['type'])]).toEqual([search, [type]]);
  }
  for (const nobody of [
    `MATCH_inputEPC=${unit('P-4')}`,
    `MATCH_outputEPC=${unit('P-3')}`,
    `MATCH_inputEPCClass=${kind('OUT')}`,
    `MATCH_epc=${unit('P-3')}`,
  ])
    // prettier-ignore
    expect([nobody, await query(`${nobody}&${within}`)]).toEqual([nobody, []]);
  expect(await query(`${within}&GE_recordTime=${before}`)).toHaveLength(3);
  expect(await query(`${within}&LT_recordTime=${before}`)).toHaveLength(0);
});

test('a capture that is under way is a gap of every answer: what it tells is not in it yet', async () => {
  const later = new Date(Date.now() + 600_000);
  const job = { capturer: { id: 'epcis-hub', party: null, roles: [] }, context: { actor: 'system:epcis-hub' }, behaviour: 'proceed', running: true, success: true, errors: [], errorCount: 0, createdAt: new Date(), leasedUntil: later }; // prettier-ignore
  await insertCaptures([{ _id: 'slow', ...job, document: { capture: 'slow', batches: 1, context: null } }]);
  const headers = await running.tokens.headers({ roles: ['quality-manager'] });
  const gaps = async (): Promise<string[]> => (await call('GET', '/watermarks', undefined, headers)).body.gaps;
  const named = (gap: string): boolean => gap.startsWith('owner-unread traceability epcis-captures');
  await until(async () => (await gaps()).some(named), 30_000);
  await running.world.inDatabase('traceability', (db) => db.collection<{ _id: string }>('epcis_captures').deleteOne({ _id: 'slow' })); // prettier-ignore
}, 60_000);
