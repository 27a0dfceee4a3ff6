import { Rejected } from '@lotwarden/platform/errors';
import { inStoredTrace } from '@lotwarden/platform/telemetry/spans';
import type { Deps } from '@lotwarden/platform/service';
import type { Aggregate, Context, Work } from '@lotwarden/platform/store';
import { evolve, NOT_CAPTURED, type CapturedEvent, type EpcisCaptured } from './captured-event.ts';
import { statementOf } from './goods-in-event.ts';
import { written, type Json } from './json.ts';
import type { ErrorBehaviour } from './negotiate.ts';
import { parseJson, readEvent, type ReadEvent } from './read-capture.mapper.ts';
import type { Fault } from './fault.ts';
import type { EpcisSchema } from './schema.mapper.ts';

export type CapturedEvents = Aggregate<CapturedEvent, EpcisCaptured>;

/** Who captures, as the token said; it goes onto every event, and decides what others do because of it. */
export interface Capturer {
  readonly id: string;
  readonly party: string | null;
  readonly roles: readonly string[];
}

export interface CaptureError {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
}

export interface CaptureJob {
  readonly _id: string;
  readonly capturer: Capturer;
  readonly context: Context;
  readonly behaviour: ErrorBehaviour;
  readonly running: boolean;
  readonly success: boolean;
  readonly errors: readonly CaptureError[];
  /** All that was wrong; `errors` tells the first of it. */
  readonly errorCount: number;
  readonly createdAt: Date;
  readonly finishedAt?: Date;
  readonly leasedUntil: Date;
  /** The document as it came, until the job is done. */
  readonly body?: string;
}

/** The name of an event belongs to whoever wrote it first, from before it can be seen. */
interface Reservation {
  readonly _id: string;
  readonly capture: string;
}

const EVENTS = 'epcis_events';
const CAPTURES = 'epcis_captures';
const RESERVED = 'epcis_reserved';
export const QUEUE = 'epcis-capture';

/** What one transaction takes: far below MongoDB's limits whatever the events weigh. */
const UNIT = { events: 200, bytes: 2 * 1024 * 1024 };
const LEASE = 60_000;
const ERRORS_TOLD = 100;

export function openCaptures({ aggregate, collection }: Pick<Deps, 'aggregate' | 'collection'>) {
  const events: CapturedEvents = aggregate({
    collection: EVENTS,
    topic: 'traceability.epcis.v1',
    initial: NOT_CAPTURED,
    evolve,
    indexes: [
      { key: { 'state.words': 1 } },
      { key: { 'state.recordTime': 1, _id: 1 } },
      { key: { 'state.eventTime': 1, _id: 1 } },
      { key: { 'state.capture': 1 } },
    ],
  });
  const captures = collection<CaptureJob>(CAPTURES, [
    { key: { running: 1, leasedUntil: 1 } },
    { key: { 'capturer.id': 1, createdAt: -1 } },
  ]);
  const reserved = collection<Reservation>(RESERVED, [{ key: { capture: 1 } }]);
  return { events, captures, reserved };
}

export type Captures = ReturnType<typeof openCaptures>;

interface Needs {
  readonly deps: Pick<Deps, 'work' | 'clock' | 'log'>;
  readonly house: Captures;
  readonly schema: EpcisSchema;
}

type Holders = ReadonlyMap<string, Reservation>;
type Verdict = 'kept' | 'there' | 'taken';

export function capturer({ deps, house, schema }: Needs) {
  const { work, clock, log } = deps;
  const { events, captures, reserved } = house;

  const told = (read: ReadEvent, by: Capturer, capture: string | null): EpcisCaptured => ({
    type: 'EpcisEventCaptured',
    eventId: read.eventId,
    hash: read.hash,
    eventType: written(read.event['type']),
    recordTime: clock.instant(),
    occurredAt: new Date(written(read.event['eventTime'])).toISOString(),
    event: read.json,
    ...statementOf(read.event),
    capture,
    capturer: by.id,
    party: by.party,
    roles: [...by.roles],
  });

  /** `there`: the same event, word for word; `taken`: another event has this name. */
  async function keep(
    unit: Work,
    read: ReadEvent,
    by: Capturer,
    capture: string | null,
    holders: Holders,
  ): Promise<Verdict> {
    const owner = capture ?? 'single';
    const [known] = await unit.load(events, [read.key]);
    if (known && known.rev > 0) return known.state.hash === read.hash ? 'there' : 'taken';
    const holder = holders.get(read.key);
    if (holder && holder.capture !== owner) return 'taken';
    if (!holder) unit.insert(RESERVED, { _id: read.key, capture: owner });
    await unit.append(events, read.key, [told(read, by, capture)]);
    return 'kept';
  }

  /** Two questions to the database for all events of a batch; tells whose names are taken. */
  async function lookAhead(unit: Work, reads: readonly ReadEvent[]): Promise<Holders> {
    const keys = reads.map(({ key }) => key);
    await unit.load(events, keys);
    return unit.read<Reservation>(RESERVED, keys);
  }

  /** One event, at once. Throws `epcis-event-duplicate` if its name is taken, by itself or by another. */
  async function captureOne(read: ReadEvent, by: Capturer, context: Context): Promise<void> {
    await work(context, async (unit) => {
      if ((await keep(unit, read, by, null, await lookAhead(unit, [read]))) !== 'kept')
        throw new Rejected('epcis-event-duplicate', { eventID: read.eventId });
    });
  }

  async function run(id: string): Promise<void> {
    const now = clock.now();
    const job = await captures.findOneAndUpdate(
      { _id: id, running: true, leasedUntil: { $lte: now } },
      { $set: { leasedUntil: new Date(now.getTime() + LEASE) } },
    );
    if (!job) return;
    try {
      await inStoredTrace('capture', job.context.trace, (trace) =>
        perform({ ...job, context: { ...job.context, trace } }),
      );
    } catch (error) {
      // Still running: the next round takes it up where it is.
      log.error({ err: error, capture: id }, 'a capture broke off');
      await captures.updateOne({ _id: id }, { $set: { leasedUntil: new Date(clock.now().getTime() + 5_000) } });
    }
  }

  async function perform(job: CaptureJob): Promise<void> {
    const { context, candidates } = contentOf(job);
    const errors: CaptureError[] = [];
    const sound: { read: ReadEvent; index: number }[] = [];
    const seen = new Map<string, string>();
    for (const [index, candidate] of candidates.entries()) {
      const reading = readEvent(candidate, context, schema);
      if ('faults' in reading) errors.push(invalid(index, reading.faults));
      else if (seen.get(reading.event.key) === undefined) {
        seen.set(reading.event.key, reading.event.hash);
        sound.push({ read: reading.event, index });
      } else if (seen.get(reading.event.key) !== reading.event.hash) errors.push(taken(index, reading.event));
      if (index % 100 === 99) await extendLease(job);
    }
    await (job.behaviour === 'rollback' ? all(job, sound, errors) : each(job, sound, errors));
  }

  type Sound = readonly { readonly read: ReadEvent; readonly index: number }[];

  async function each(job: CaptureJob, sound: Sound, errors: CaptureError[]): Promise<void> {
    for (const part of batches(sound)) {
      const refused = await work(job.context, async (unit) => {
        const holders = await lookAhead(unit, readsOf(part));
        const found: CaptureError[] = [];
        for (const { read, index } of part)
          if ((await keep(unit, read, job.capturer, job._id, holders)) === 'taken') found.push(taken(index, read));
        return found;
      });
      errors.push(...refused);
      await extendLease(job);
    }
    await finish(job, errors);
  }

  /** All or nothing: first every name is reserved, which can fail; then the events are written, which cannot. */
  async function all(job: CaptureJob, sound: Sound, errors: CaptureError[]): Promise<void> {
    if (errors.length === 0)
      for (const part of batches(sound)) {
        errors.push(...(await reserve(job, part)));
        await extendLease(job);
      }
    if (errors.length > 0) {
      await reserved.deleteMany({ capture: job._id });
      await finish(job, errors);
      return;
    }
    for (const part of batches(sound)) {
      await work(job.context, async (unit) => {
        const holders = await lookAhead(unit, readsOf(part));
        for (const { read } of part) await keep(unit, read, job.capturer, job._id, holders);
      });
      await extendLease(job);
    }
    await finish(job, []);
  }

  const reserve = (job: CaptureJob, part: Sound): Promise<CaptureError[]> =>
    work(job.context, async (unit) => {
      const keys = part.map(({ read }) => read.key);
      const known = await unit.load(events, keys);
      const holders = await unit.read<Reservation>(RESERVED, keys);
      return part.flatMap(({ read, index }, place) => {
        const found = known[place];
        const holder = holders.get(read.key);
        if (found && found.rev > 0) return found.state.hash === read.hash ? [] : [taken(index, read)];
        if (holder && holder.capture !== job._id) return [taken(index, read)];
        if (!holder) unit.insert(RESERVED, { _id: read.key, capture: job._id });
        return [];
      });
    });

  const extendLease = ({ _id }: CaptureJob) =>
    captures.updateOne({ _id }, { $set: { leasedUntil: new Date(clock.now().getTime() + LEASE) } });

  const finish = ({ _id }: CaptureJob, errors: readonly CaptureError[]) =>
    captures.updateOne(
      { _id },
      {
        $set: {
          running: false,
          success: errors.length === 0,
          errors: errors.slice(0, ERRORS_TOLD),
          errorCount: errors.length,
          finishedAt: clock.now(),
        },
        $unset: { body: '' },
      },
    );

  /** Those that a lost wake forgot, and those whose worker died. */
  async function runDue(): Promise<void> {
    const due = await captures
      .find({ running: true, leasedUntil: { $lte: clock.now() } }, { projection: { _id: 1 }, limit: 10 })
      .toArray();
    for (const { _id } of due) await run(_id);
  }

  return { captureOne, run, runDue };
}

export type Capturing = ReturnType<typeof capturer>;

function contentOf({ body = '{}' }: CaptureJob): { context: Json | undefined; candidates: readonly unknown[] } {
  const document = parseJson(body) as { '@context'?: Json; epcisBody?: { eventList?: unknown[] } };
  return { context: document['@context'], candidates: document.epcisBody?.eventList ?? [] };
}

const readsOf = (part: readonly { readonly read: ReadEvent }[]): ReadEvent[] => part.map(({ read }) => read);

function* batches<T extends { readonly read: ReadEvent }>(items: readonly T[]): Generator<readonly T[]> {
  let batch: T[] = [];
  let bytes = 0;
  for (const item of items) {
    const weight = item.read.json.length;
    if (batch.length > 0 && (batch.length >= UNIT.events || bytes + weight > UNIT.bytes)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(item);
    bytes += weight;
  }
  if (batch.length > 0) yield batch;
}

const invalid = (index: number, faults: readonly Fault[]): CaptureError => ({
  type: 'epcisException:ValidationException',
  title: 'The event is not valid',
  status: 400,
  detail: `/epcisBody/eventList/${index}: ${faults.map(({ message }) => message).join('; ')}`,
});

const taken = (index: number, { eventId }: ReadEvent): CaptureError => ({
  type: 'epcisException:ResourceAlreadyExistsException',
  title: 'Another event has this eventID',
  status: 409,
  detail: `/epcisBody/eventList/${index}: ${eventId}`,
});
