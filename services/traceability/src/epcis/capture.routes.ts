import type { IncomingHttpHeaders } from 'node:http';
import type { Deps } from '@lotwarden/platform/service';
import { Rejected } from '@lotwarden/platform/errors';
import {
  accepted,
  created,
  decodeCursor,
  encodeCursor,
  media,
  noContent,
  ok,
  received,
  route,
} from '@lotwarden/platform/http';
import { Instant } from '@lotwarden/platform/http-schemas';
import type { Principal } from '@lotwarden/platform/principal';
import { z } from 'zod';
import { QUEUE, type Capturer, type CaptureJob, type Captures, type Capturing } from './capture.store.ts';
import { isObject } from './json.ts';
import { checkVersions, discovery, errorBehaviour, FILE_LIMIT, LIMITS, problemName, VERSIONS } from './negotiate.ts';
import { linkTo, pathOf } from './paging.ts';
import { PAGE } from './query.routes.ts';
import { parseJson, readEvent, rejected } from './read-capture.mapper.ts';
import type { EpcisSchema } from './schema.mapper.ts';
import type { StagedDocuments } from './staged.store.ts';

/** Documents of one capturer that wait or are being captured: more would only fill our disk. */
const RUNNING_LIMIT = 100;

const JobView = z
  .object({
    captureID: z.string(),
    createdAt: Instant,
    finishedAt: Instant.optional(),
    running: z.boolean(),
    success: z.boolean(),
    captureErrorBehaviour: z.string(),
    errors: z.array(z.object({ type: z.string(), title: z.string(), status: z.number().int(), detail: z.string() })),
    errorCount: z.number().int().meta({ description: 'All that was wrong; errors tells the first hundred' }),
  })
  .meta({ id: 'EpcisCaptureJob', description: 'EPCIS 2.0, capture job' });

const view = (job: CaptureJob) => ({
  captureID: job._id,
  createdAt: job.createdAt.toISOString(),
  ...(job.finishedAt && { finishedAt: job.finishedAt.toISOString() }),
  running: job.running,
  success: job.success,
  captureErrorBehaviour: job.behaviour,
  errors: job.errors,
  errorCount: job.errorCount,
});

const document = media('application/json', 'application/ld+json');
const withVersions = { headers: VERSIONS };

interface Needs {
  readonly deps: Pick<Deps, 'clock' | 'wake'>;
  readonly house: Captures;
  readonly capturing: Capturing;
  readonly schema: EpcisSchema;
  readonly staged: StagedDocuments;
}

/** A way in that answers to a principal always has one; this says so to the types. */
function capturerOf(principal: Principal | undefined): Capturer {
  if (!principal) throw new Error('a route that needs a permission was called by nobody');
  // Without a party it would count as our own word.
  if (principal.party === undefined && !principal.roles.includes('system-epcis'))
    throw new Rejected('epcis-party-missing', { caller: principal.id });
  return { id: principal.id, party: principal.party ?? null, roles: principal.roles };
}

export const captureRoutes = ({ deps, house, capturing, schema, staged }: Needs) => {
  const { clock, wake } = deps;
  const { captures } = house;
  /** Throws `epcis-party-missing` or `epcis-captures-running`. */
  const admitted = async (principal: Principal | undefined): Promise<Capturer> => {
    const by = capturerOf(principal);
    const running = await captures.countDocuments({ 'capturer.id': by.id, running: true });
    if (running >= RUNNING_LIMIT) throw new Rejected('epcis-captures-running', { running, limit: RUNNING_LIMIT });
    return by;
  };
  /** What can be seen without the document is said before it is read. */
  const receive = async (pieces: AsyncIterable<Uint8Array>, headers: IncomingHttpHeaders) => {
    checkVersions(headers);
    errorBehaviour(headers);
    return staged.receive(pieces);
  };

  return [
    route({
      method: 'post',
      path: '/epcis/capture',
      requires: 'epcis.capture',
      summary: { en: 'Capture an EPCIS document; a job does it', zh: '采集 EPCIS 文档(异步作业)' },
      body: received(receive, 'application/json', 'application/ld+json'),
      bodyLimit: FILE_LIMIT,
      reply: { 202: JobView },
      problemName,
      errors: [
        'epcis-party-missing',
        'epcis-document-invalid',
        'epcis-capture-too-large',
        'epcis-captures-running',
        'epcis-not-acceptable',
      ],
      handle: async ({ body, headers, context, principal }) => {
        const behaviour = errorBehaviour(headers);
        const by = await admitted(principal).catch(async (error: unknown) => {
          await staged.drop(body.capture);
          throw error;
        });
        const now = clock.now();
        const job: CaptureJob = {
          _id: body.capture,
          capturer: by,
          // The key is kept for the request; the job must be able to run again.
          context: { ...context, idempotencyKey: undefined },
          behaviour,
          running: true,
          success: true,
          errors: [],
          errorCount: 0,
          createdAt: now,
          leasedUntil: now,
          document: body,
        };
        await captures.insertOne(job);
        void wake(QUEUE, job._id);
        return accepted(view(job), {
          location: `/epcis/capture/${job._id}`,
          headers: { ...VERSIONS, 'gs1-capture-error-behaviour': behaviour },
        });
      },
    }),
    route({
      method: 'get',
      path: '/epcis/capture',
      requires: 'epcis.capture',
      summary: { en: 'The capture jobs of the caller, newest first', zh: '本调用方的采集作业' },
      query: z.object(PAGE),
      reply: { 200: z.array(JobView) },
      problemName,
      errors: ['epcis-token-invalid'],
      handle: async ({ query, headers, principal }) => {
        checkVersions(headers);
        const { perPage, nextPageToken } = query;
        const after = nextPageToken === undefined ? {} : olderThan(decodeCursor(nextPageToken));
        const found = await captures
          .find({ 'capturer.id': capturerOf(principal).id, ...after }, { projection: { document: 0 } })
          .sort({ createdAt: -1, _id: -1 })
          .limit(perPage + 1)
          .toArray();
        const shown = found.slice(0, perPage);
        const last = found.length > perPage ? shown.at(-1) : undefined;
        const next =
          last && linkTo('/epcis/capture', { perPage }, encodeCursor(`${last.createdAt.toISOString()} ${last._id}`));
        return ok(shown.map(view), { headers: { ...VERSIONS, ...next } });
      },
    }),
    route({
      method: 'get',
      path: '/epcis/capture/:capture',
      requires: 'epcis.capture',
      summary: { en: 'How a capture job goes', zh: '采集作业状态' },
      reply: { 200: JobView },
      problemName,
      errors: ['epcis-resource-unknown'],
      handle: async ({ params: { capture }, headers, principal }) => {
        checkVersions(headers);
        const job = await captures.findOne({ _id: capture, 'capturer.id': capturerOf(principal).id });
        if (!job) throw new Rejected('epcis-resource-unknown', { resource: `capture/${capture}` });
        return ok(view(job), withVersions);
      },
    }),
    route({
      method: 'post',
      path: '/epcis/events',
      requires: 'epcis.capture',
      summary: { en: 'Capture one event, at once', zh: '采集单个事件' },
      body: document,
      bodyLimit: FILE_LIMIT,
      reply: { 201: z.object({ eventID: z.string() }) },
      problemName,
      errors: ['epcis-document-invalid', 'epcis-event-duplicate', 'epcis-not-acceptable'],
      handle: async ({ body, headers, context, principal }) => {
        checkVersions(headers);
        const event = parseJson(body);
        if (!isObject(event)) throw rejected([{ path: '', message: 'it must be an event' }]);
        if (event['@context'] === undefined) throw rejected([{ path: '', message: 'it must have an @context' }]);
        const by = capturerOf(principal);
        const reading = readEvent(event, { party: by.party, context: undefined, schema });
        if ('faults' in reading) throw rejected(reading.faults);
        await capturing.captureOne(reading.event, by, context);
        const { eventId } = reading.event;
        return created({ eventID: eventId }, { location: pathOf('/epcis/events', eventId), headers: VERSIONS });
      },
    }),
    ...['/epcis/capture', '/epcis/events'].map((path) =>
      route({
        method: 'options',
        path,
        requires: 'epcis.capture',
        summary: { en: 'What this resource can do', zh: '资源能力说明' },
        reply: { 204: null },
        problemName,
        handle: async () =>
          noContent({
            headers: {
              ...discovery('OPTIONS, GET, POST'),
              ...LIMITS,
              'gs1-capture-error-behaviour': 'rollback, proceed',
            },
          }),
      }),
    ),
  ];
};

/** Jobs behind one in the list, also behind others of the same millisecond. Throws `epcis-token-invalid`. */
function olderThan(cursor: string) {
  const [time = '', id] = cursor.split(' ');
  const createdAt = new Date(time);
  if (id === undefined || Number.isNaN(createdAt.getTime())) throw new Rejected('epcis-token-invalid');
  return { $or: [{ createdAt: { $lt: createdAt } }, { createdAt, _id: { $lt: id } }] };
}
