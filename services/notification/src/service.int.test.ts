import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { platformMessages } from '@lotwarden/platform/messages';
import { faultyMessages } from '@lotwarden/platform/testing/messages';
import { neighbours, type Neighbours } from '@lotwarden/platform/testing/neighbours';
import { startService, testEnvironment, type TestService } from '@lotwarden/platform/testing/service';
import { until } from '@lotwarden/platform/testing/until';
import { Webhook } from 'standardwebhooks';
import { messages } from './messages.ts';
import notification from './service.ts';

interface Told {
  readonly notice: string;
  readonly version: number;
  readonly lines: readonly { readonly lot: string }[];
  readonly answerUrl: string;
}

const world = testEnvironment({
  NOTIFICATION_ALLOW_LOOPBACK: 'true',
  NOTIFICATION_ANSWER_URL: 'http://127.0.0.1:1/answers',
  NOTIFICATION_ESCALATE_AFTER: '100',
});
let service: TestService;
let others: Neighbours;
const servers: Server[] = [];

beforeAll(async () => {
  service = await startService(notification, { world });
  others = await neighbours(world.topicPrefix);
});
afterAll(async () => {
  // Those of a test that failed would keep the process.
  for (const server of servers) server.close().closeAllConnections();
  await others.close();
  await service.end();
});

/** A party's web server; `status` decides what it answers. One more of a party that is there already, where it is named. */
async function party(name = `P${randomUUID().slice(0, 8)}`, endpoint = `${name}-hook`) {
  const told: { body: Told; headers: Record<string, string>; raw: string }[] = [];
  let status = 204;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks).toString();
      told.push({ body: JSON.parse(raw) as Told, headers: request.headers as Record<string, string>, raw });
      response.writeHead(status).end();
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
  const { body } = await call('POST', '/endpoints', { endpoint, party: name, url });
  return {
    name,
    told,
    secret: (body as { secret: string }).secret,
    answer: (next: number) => {
      status = next;
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const signedIn = await service.tokens.headers({
    sub: 'admin',
    roles: ['administrator', 'recall-manager', 'auditor'],
  });
  const response = await fetch(service.address + path, {
    method,
    headers: { 'content-type': 'application/json', ...signedIn, ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}

const units = (first: number, last: number) => [{ gtin: '09520123456788', prefix: 'IP', width: 6, first, last }];
const issue = (name: string, version = 1, answerBy = Date.now() + 60_000, context: { trace?: string } = {}) =>
  others.say(
    'recall.notice.v1',
    `RC-1|${name}`,
    {
      type: 'NoticeIssued',
      notice: `RC-1|${name}`,
      version,
      case: 'RC-1',
      party: name,
      recallClass: 'I',
      title: 'Pumps',
      instructions: 'Stop use',
      instructionsZh: '停止使用',
      issuedAt: new Date().toISOString(),
      answerBy: new Date(answerBy).toISOString(),
      lines: [{ lot: 'F1', quantity: { value: '3', unit: 'EA' }, serials: units(1, 3), containers: [] }],
    },
    context,
  );

/** As if the minute were over after which a delivery is looked at again. */
async function lookNow(name: string): Promise<void> {
  const past = new Date(0);
  await world.inDatabase('notification', (db) =>
    db
      .collection<{ _id: string }>('due_deliveries')
      .updateOne({ _id: `RC-1|${name}|v1` }, { $set: { dueAt: past, leasedUntil: past } }),
  );
}
interface DeliveryBody {
  status: string;
  attempts: number;
  endpoints: { endpoint: string; deliveredAt: string | null }[];
  /** Absent while nothing is known of the delivery. */
  escalations?: string[];
  answers: { late: boolean; findings: { code: string }[] }[];
}
const delivery = async (name: string, version = 1) =>
  (await call('GET', `/deliveries/${encodeURIComponent(`RC-1|${name}|v${String(version)}`)}`)).body as DeliveryBody;
const amounts = { onHand: '2', used: '1', returned: '0', passedOn: '0', destroyed: '0', unit: 'EA' };

function answered(name: string, secret: string, over: object = {}, id: string = randomUUID()) {
  const lines = [{ lot: 'F1', ...amounts, serials: units(1, 2) }];
  const body = JSON.stringify({ notice: `RC-1|${name}`, version: 1, respondent: 'head nurse', lines, ...over });
  const now = new Date();
  return call('POST', '/answers', body, {
    'x-endpoint': `${name}-hook`,
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, now, body),
  });
}

test('a party is told with a signature that a public library verifies, and answers with quantities', async () => {
  const p = await party();
  await issue(p.name);
  await until(() => p.told.length === 1);
  const [first] = p.told;
  expect(new Webhook(p.secret).verify(first?.raw ?? '', first?.headers ?? {})).toMatchObject({
    type: 'recall.notice',
    version: 1,
  });
  expect(await answered(p.name, p.secret)).toMatchObject({ status: 202, body: { findings: [] } });
  await until(async () => (await delivery(p.name)).status === 'answered');
  const events = async () =>
    (await others.heard('notification.delivery.v1')).filter((e) => e.party === p.name).map((e) => e.type);
  await until(async () => (await events()).length === 2);
  expect(await events()).toEqual(['NoticeDelivered', 'NoticeAnswered']);
  await p.close();
});

test('an endpoint that is down is tried again and told once it is back; a person was asked meanwhile', async () => {
  const p = await party();
  p.answer(503);
  await issue(p.name);
  await until(
    async () =>
      p.told.length >= 2 && (await delivery(p.name)).escalations?.includes('endpoint-does-not-answer') === true,
  );
  p.answer(200);
  await until(async () => (await delivery(p.name)).status === 'taken');
  const ids = new Set(p.told.map(({ headers }) => headers['webhook-id']));
  expect(ids.size).toBe(1);
  await p.close();
});

test('the trace of a notice goes on into the webhook, and into what is said of it', async () => {
  const p = await party();
  const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
  await issue(p.name, 1, Date.now() + 60_000, { trace: `00-${trace}-00f067aa0ba902b7-01` });
  await until(() => p.told.length === 1);
  expect(p.told[0]?.headers['traceparent']).toMatch(new RegExp(`^00-${trace}-[0-9a-f]{16}-01$`));
  await until(async () => (await delivery(p.name)).status === 'taken');
  const said = async () =>
    (await others.headers('notification.delivery.v1')).find(({ ce_subject: subject }) => subject?.includes(p.name));
  await until(async () => (await said()) !== undefined);
  expect((await said())?.['traceparent']).toContain(trace);
  await p.close();
});

test('every endpoint of a party is told; one that is down is tried on when another took it', async () => {
  const p = await party();
  const second = await party(p.name, `${p.name}-night`);
  p.answer(503);
  await issue(p.name);
  await until(() => p.told.length >= 2 && second.told.length === 1);
  await until(async () => (await delivery(p.name)).status === 'taken');
  p.answer(204);
  await until(async () => (await delivery(p.name)).endpoints.every(({ deliveredAt }) => deliveredAt !== null));
  expect(second.told).toHaveLength(1);
  expect([...p.told, ...second.told].map(({ headers }) => headers['webhook-id'])).toEqual(
    Array.from({ length: p.told.length + 1 }, () => `RC-1|${p.name}|v1`),
  );
  await Promise.all([p.close(), second.close()]);
});

test('an endpoint that is gone is not called again, a person is asked, and its party’s next one is told', async () => {
  const p = await party();
  p.answer(410);
  await issue(p.name);
  await until(async () => (await delivery(p.name)).escalations?.includes('endpoint-gone') === true);
  expect(p.told).toHaveLength(1);
  const next = await party(p.name, `${p.name}-new`);
  await lookNow(p.name);
  await until(async () => (await delivery(p.name)).status === 'taken');
  expect([p.told.length, next.told.length]).toEqual([1, 1]);
  await Promise.all([p.close(), next.close()]);
});

test('who has no endpoint goes to a person at once', async () => {
  await issue('nobody');
  await until(async () => (await delivery('nobody')).escalations?.includes('no-endpoint') === true);
});

test('a notice nobody answers in time goes to a person; a late answer says that it is late', async () => {
  const p = await party();
  await issue(p.name, 1, Date.now() + 300);
  await until(async () => (await delivery(p.name)).escalations?.includes('unanswered') === true);
  await answered(p.name, p.secret);
  expect((await delivery(p.name)).answers).toMatchObject([{ late: true }]);
  await p.close();
});

test('answers prove who they are from, count once, and what does not fit is found', async () => {
  const [p, stranger] = [await party(), await party()];
  await issue(p.name);
  await until(() => p.told.length === 1);
  expect(await answered(p.name, stranger.secret)).toMatchObject({
    status: 401,
    body: { code: 'answer-signature-invalid' },
  });
  expect(await answered(stranger.name, stranger.secret, { notice: `RC-1|${p.name}` })).toMatchObject({ status: 403 });
  expect(await answered(p.name, p.secret, { version: 9 })).toMatchObject({
    status: 404,
    body: { code: 'notice-unknown' },
  });
  const odd = { lines: [{ lot: 'F1', ...amounts, onHand: '1', serials: units(3, 4) }] };
  const [once, twice] = [await answered(p.name, p.secret, odd, 'same'), await answered(p.name, p.secret, odd, 'same')];
  expect(once).toMatchObject({
    status: 202,
    body: { findings: [{ code: 'answer-does-not-add-up' }, { code: 'serial-not-in-notice' }] },
  });
  expect(twice).toEqual(once);
  expect((await delivery(p.name)).answers).toHaveLength(1);
  await p.close();
  await stranger.close();
});

test('a newer version takes the place of one that was not taken; an answer to the old one says so', async () => {
  const p = await party();
  p.answer(500);
  await issue(p.name);
  await until(() => p.told.length >= 1);
  await issue(p.name, 2);
  p.answer(204);
  await until(async () => (await delivery(p.name, 2)).status === 'taken');
  expect(await answered(p.name, p.secret)).toMatchObject({ body: { findings: [{ code: 'newer-version-exists' }] } });
  await p.close();
});

test('no endpoint inside the house is registered, and no secret is shown twice', async () => {
  const inside = { endpoint: 'inside', party: 'P', url: 'http://10.0.0.1/' };
  expect(await call('POST', '/endpoints', inside)).toMatchObject({
    status: 422,
    body: { code: 'endpoint-address-refused' },
  });
  expect(JSON.stringify((await call('GET', '/endpoints')).body)).not.toContain('whsec_');
});

test('every notice is told, escalated or due; every code has words in two languages', async () => {
  const { body } = await call('GET', '/operations/invariants');
  expect(body).toMatchObject({ invariants: [{ violators: [] }, { violators: [] }] });
  expect(await faultyMessages(new URL('./', import.meta.url), { ...platformMessages, ...messages })).toEqual([]);
});
