import { Rejected } from '@lotwarden/platform/errors';
import { created, decodeCursor, encodeCursor, noContent, ok, route } from '@lotwarden/platform/http';
import { Instant } from '@lotwarden/platform/http-schemas';
import { addressGuard, mayBeCalled } from '@lotwarden/platform/safe-address';
import type { SecretBox } from '@lotwarden/platform/secret-box';
import type { Deps } from '@lotwarden/platform/service';
import { z } from 'zod';
import type { NamedQueries } from './named-query.routes.ts';
import { checkVersions, problemName, VERSIONS } from './negotiate.ts';
import { linkTo, pathOf } from './paging.ts';
import { PAGE } from './query.routes.ts';
import { nextTime } from './schedule.ts';
import type { Subscription, Subscriptions } from './subscription.store.ts';

const field = z.string().min(1).max(50).optional();
const Schedule = z.object({ minute: field, hour: field, dayOfMonth: field, month: field, dayOfWeek: field }).strict();

const Body = z.object({
  dest: z.url().max(2000),
  signatureToken: z.string().min(16).max(200).optional(),
  stream: z.boolean().default(false),
  schedule: Schedule.optional(),
  reportIfEmpty: z.boolean().default(false),
});

const View = z
  .object({
    subscriptionID: z.string(),
    dest: z.string(),
    stream: z.boolean(),
    schedule: z.record(z.string(), z.string().optional()).optional(),
    reportIfEmpty: z.boolean(),
    createdAt: Instant,
    lastNotifiedAt: Instant.nullable(),
    failures: z.number().int(),
    lastError: z.string().nullable(),
  })
  .meta({ id: 'EpcisSubscription', description: 'Its token is never told again' });

const view = (one: Subscription) => ({
  subscriptionID: one._id,
  dest: one.dest,
  stream: one.schedule === null,
  ...(one.schedule !== null && { schedule: { ...one.schedule } }),
  reportIfEmpty: one.reportIfEmpty,
  createdAt: one.createdAt.toISOString(),
  lastNotifiedAt: one.lastNotifiedAt?.toISOString() ?? null,
  failures: one.failures,
  lastError: one.lastError,
});

interface Needs {
  readonly deps: Pick<Deps, 'clock' | 'random'>;
  readonly queries: NamedQueries;
  readonly house: Subscriptions;
  readonly box: () => SecretBox;
  readonly allowLoopback: boolean;
}

export const subscriptionRoutes = ({ deps: { clock, random }, queries, house, box, allowLoopback }: Needs) => {
  const { subscriptions, pending } = house;
  const isSafe = addressGuard(allowLoopback);

  async function known(query: string): Promise<void> {
    if (!(await queries.findOne({ _id: query }))) throw new Rejected('epcis-query-unknown', { query });
  }

  return [
    route({
      method: 'post',
      path: '/epcis/queries/:query/subscriptions',
      requires: 'epcis.query',
      summary: { en: 'Be told what newly answers a query', zh: '订阅命名查询' },
      body: Body,
      reply: { 201: View },
      problemName,
      errors: ['epcis-query-unknown', 'epcis-subscription-invalid'],
      handle: async ({ params: { query }, body, headers }) => {
        checkVersions(headers);
        await known(query);
        const { dest, signatureToken, stream, schedule, reportIfEmpty } = body;
        const now = clock.now();
        if (stream === (schedule !== undefined))
          throw new Rejected('epcis-subscription-invalid', { why: 'either stream: true or a schedule' });
        const first = schedule ? nextTime(schedule, now.getTime()) : now.getTime();
        if (first === undefined)
          throw new Rejected('epcis-subscription-invalid', { why: 'a schedule that comes round' });
        if (!mayBeCalled(new URL(dest), isSafe, allowLoopback))
          throw new Rejected('epcis-subscription-invalid', { why: 'an https address outside this house as dest' });
        const _id = random.uuid();
        const made: Subscription = {
          _id,
          query,
          dest,
          sealedToken: signatureToken === undefined ? null : box().seal(signatureToken, _id),
          schedule: schedule ?? null,
          reportIfEmpty,
          createdAt: now,
          dueAt: new Date(first),
          leasedUntil: now,
          failures: 0,
          lastNotifiedAt: null,
          lastError: null,
        };
        await subscriptions.insertOne(made);
        const location = pathOf(`${pathOf('/epcis/queries', query)}/subscriptions`, _id);
        return created(view(made), { location, headers: VERSIONS });
      },
    }),
    route({
      method: 'get',
      path: '/epcis/queries/:query/subscriptions',
      requires: 'epcis.query',
      summary: { en: 'Who is told what newly answers a query', zh: '查询的订阅列表' },
      query: z.object(PAGE),
      reply: { 200: z.array(View) },
      problemName,
      errors: ['epcis-query-unknown'],
      handle: async ({ params, query: { perPage, nextPageToken }, headers }) => {
        checkVersions(headers);
        await known(params.query);
        const after = nextPageToken === undefined ? {} : { _id: { $gt: decodeCursor(nextPageToken) } };
        const found = await subscriptions
          .find({ query: params.query, ...after })
          .sort({ _id: 1 })
          .limit(perPage + 1)
          .toArray();
        const shown = found.slice(0, perPage);
        const last = found.length > perPage ? shown.at(-1) : undefined;
        const path = `${pathOf('/epcis/queries', params.query)}/subscriptions`;
        return ok(shown.map(view), {
          headers: { ...VERSIONS, ...(last && linkTo(path, { perPage }, encodeCursor(last._id))) },
        });
      },
    }),
    route({
      method: 'get',
      path: '/epcis/queries/:query/subscriptions/:subscription',
      requires: 'epcis.query',
      summary: { en: 'How a subscription goes', zh: '订阅状态' },
      reply: { 200: View },
      problemName,
      errors: ['epcis-resource-unknown'],
      handle: async ({ params: { query, subscription }, headers }) => {
        checkVersions(headers);
        const found = await subscriptions.findOne({ _id: subscription, query });
        if (!found) throw new Rejected('epcis-resource-unknown', { resource: `subscriptions/${subscription}` });
        return ok(view(found), { headers: VERSIONS });
      },
    }),
    route({
      method: 'delete',
      path: '/epcis/queries/:query/subscriptions/:subscription',
      requires: 'epcis.query',
      summary: { en: 'Be told no more', zh: '取消订阅' },
      reply: { 204: null },
      problemName,
      errors: ['epcis-resource-unknown'],
      handle: async ({ params: { query, subscription }, headers }) => {
        checkVersions(headers);
        const { deletedCount } = await subscriptions.deleteOne({ _id: subscription, query });
        if (deletedCount === 0)
          throw new Rejected('epcis-resource-unknown', { resource: `subscriptions/${subscription}` });
        await pending.deleteMany({ subscription });
        return noContent({ headers: VERSIONS });
      },
    }),
  ];
};
