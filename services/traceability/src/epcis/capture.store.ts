import { Rejected } from '@lotwarden/platform/errors';
import { inStoredTrace } from '@lotwarden/platform/telemetry/spans';
import type { Deps } from '@lotwarden/platform/service';
import type { Aggregate, Context, Work } from '@lotwarden/platform/store';
import { evolve, NOT_CAPTURED, type CapturedEvent, type EpcisCaptured } from './captured-event.ts';
import { statementOf } from './goods-in-event.ts';
import { written } from './json.ts';
import type { ErrorBehaviour } from './negotiate.ts';
import { readEvent, type ReadEvent } from './read-capture.mapper.ts';
import type { Fault } from './fault.ts';
import type { EpcisSchema } from './schema.mapper.ts';
import { contextOf, type Staged, type StagedDocuments } from './staged.store.ts';

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
  /** How often it broke off. */
  readonly attempts?: number;
  /** Every name is reserved and events are being written: from here on it can only succeed. */
  readonly writing?: boolean;
  /** The document, which lies ready until the job is done. */
  readonly document: Staged;
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

const LEASE = 60_000;
const ERRORS_TOLD = 100;
/** What breaks off so often, in about an hour, is told as failed: somebody waits for it. */
const MOST_ATTEMPTS = 20;
const RETRY = 5_000;
const LONGEST_RETRY = 300_000;

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
    { key: { 'capturer.id': 1, createdAt: -1, _id: -1 } },
  ]);
  const reserved = collection<Reservation>(RESERVED, [{ key: { capture: 1 } }]);
  return { events, captures, reserved };
}

export type Captures = ReturnType<typeof openCaptures>;

interface Needs {
  readonly deps: Pick<Deps, 'work' | 'clock' | 'log'>;
  readonly house: Captures;
  readonly schema: EpcisSchema;
  readonly staged: StagedDocuments;
}

type Holders = ReadonlyMap<string, Reservation>;
type Verdict = 'kept' | 'there' | 'taken';

export function capturer({ deps, house, schema, staged }: Needs) {
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
      log.error({ err: error, capture: id }, 'a capture broke off');
      await brokeOff(job);
    }
  }

  /**
   * The next round takes it up where it is; one that breaks off again and again ends as failed. Not where it stands or falls
   * as a whole and its events are being written: some of them would stay.
   */
  async function brokeOff({ _id, attempts: before = 0 }: CaptureJob): Promise<void> {
    const attempts = before + 1;
    const leasedUntil = new Date(clock.now().getTime() + Math.min(LONGEST_RETRY, RETRY * attempts));
    await captures.updateOne({ _id }, { $set: { attempts, leasedUntil } });
    if (attempts < MOST_ATTEMPTS) return;
    const job = await captures.findOne({ _id, running: true, writing: { $ne: true } });
    if (!job) return;
    log.error({ capture: _id, attempts }, 'a capture is given up');
    if (job.behaviour === 'rollback') await reserved.deleteMany({ capture: _id });
    const told = errorsTold();
    told.add(givenUp(attempts, job.behaviour));
    await finish(job, told);
  }

  const perform = (job: CaptureJob): Promise<void> => (job.behaviour === 'rollback' ? all(job) : each(job));

  /** Batch by batch what is sound of the document, each event once, and what is wrong with the others. */
  async function* soundIn(job: CaptureJob): AsyncGenerator<Batch, void, undefined> {
    const { party } = job.capturer;
    const context = contextOf(job.document);
    const seen = new Map<string, string>();
    let index = 0;
    for await (const candidates of staged.batchesOf(job.document)) {
      const batch: Batch = { sound: [], errors: [] };
      for (const candidate of candidates) {
        const reading = readEvent(candidate, { party, context, schema });
        if ('faults' in reading) batch.errors.push(invalid(index, reading.faults));
        else {
          const { event } = reading;
          const before = seen.get(event.key);
          seen.set(event.key, before ?? event.hash);
          if (before === undefined) batch.sound.push({ read: event, index });
          else if (before !== event.hash) batch.errors.push(taken(index, event));
        }
        index += 1;
      }
      yield batch;
      await extendLease(job);
    }
  }

  async function each(job: CaptureJob): Promise<void> {
    const told = errorsTold();
    for await (const { sound, errors } of soundIn(job)) {
      for (const error of errors) told.add(error);
      const refused = await work(job.context, async (unit) => {
        const holders = await lookAhead(unit, readsOf(sound));
        const found: CaptureError[] = [];
        for (const { read, index } of sound)
          if ((await keep(unit, read, job.capturer, job._id, holders)) === 'taken') found.push(taken(index, read));
        return found;
      });
      for (const error of refused) told.add(error);
    }
    await finish(job, told);
  }

  /** All or nothing: first every name is reserved, which can fail; then the events are written, which cannot. */
  async function all(job: CaptureJob): Promise<void> {
    const told = errorsTold();
    for await (const { sound, errors } of soundIn(job)) {
      for (const error of errors) told.add(error);
      if (told.count === 0) for (const error of await reserve(job, sound)) told.add(error);
    }
    if (told.count > 0) await reserved.deleteMany({ capture: job._id });
    else {
      await captures.updateOne({ _id: job._id }, { $set: { writing: true } });
      for await (const { sound } of soundIn(job))
        await work(job.context, async (unit) => {
          const holders = await lookAhead(unit, readsOf(sound));
          for (const { read } of sound) await keep(unit, read, job.capturer, job._id, holders);
        });
    }
    await finish(job, told);
  }

  const reserve = (job: CaptureJob, part: readonly Sound[]): Promise<CaptureError[]> =>
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

  async function finish({ _id }: CaptureJob, { count, first }: ErrorsTold): Promise<void> {
    const ended = { running: false, success: count === 0, errors: first, errorCount: count, finishedAt: clock.now() };
    await captures.updateOne({ _id }, { $set: ended });
    await staged.drop(_id);
  }

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

/** An event fit to be kept, and where it stands in its document. */
interface Sound {
  readonly read: ReadEvent;
  readonly index: number;
}

interface Batch {
  readonly sound: Sound[];
  readonly errors: CaptureError[];
}

interface ErrorsTold {
  count: number;
  readonly first: CaptureError[];
  readonly add: (error: CaptureError) => void;
}

function errorsTold(): ErrorsTold {
  const told: ErrorsTold = {
    count: 0,
    first: [],
    add: (error) => {
      told.count += 1;
      if (told.first.length < ERRORS_TOLD) told.first.push(error);
    },
  };
  return told;
}

const readsOf = (part: readonly Sound[]): ReadEvent[] => part.map(({ read }) => read);

const invalid = (index: number, faults: readonly Fault[]): CaptureError => ({
  type: 'epcisException:ValidationException',
  title: 'The event is not valid',
  status: 400,
  detail: `/epcisBody/eventList/${index}: ${faults.map(({ message }) => message).join('; ')}`,
});

const givenUp = (attempts: number, behaviour: ErrorBehaviour): CaptureError => ({
  type: 'epcisException:ImplementationException',
  title: 'The capture broke off again and again',
  status: 500,
  detail:
    behaviour === 'rollback'
      ? `After ${attempts} attempts nothing of it is kept. Capture it again.`
      : `After ${attempts} attempts some of its events may be kept. Capture it again: those are not kept twice.`,
});

const taken = (index: number, { eventId }: ReadEvent): CaptureError => ({
  type: 'epcisException:ResourceAlreadyExistsException',
  title: 'Another event has this eventID',
  status: 409,
  detail: `/epcisBody/eventList/${index}: ${eventId}`,
});
