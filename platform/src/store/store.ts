import { setTimeout as pause } from 'node:timers/promises';
import { MongoClient, type Collection, type Db, type Document, type IndexDescription } from 'mongodb';
import { Conflict } from '../errors.ts';
import type { Aggregate, AggregateDefinition, AnyEvent } from './aggregate.ts';
import { createAggregate } from './aggregate.store.ts';
import { commit, DURABLE } from './commit.ts';
import type { Context } from './context.ts';
import { understand } from './failures.ts';
import { openMeta, type Meta } from './meta.ts';
import { createUnit, type EventEncoder } from './unit.ts';
import type { Work, WorkOptions } from './work.ts';

export type {
  Aggregate,
  AggregateDefinition,
  AnyEvent,
  Change,
  Changed,
  Decide,
  Loaded,
  Outcome,
  PublishedEvent,
  Stored,
} from './aggregate.ts';
export type { Context } from './context.ts';
export { AlreadyHandled, OffsetFenced } from './failures.ts';
export { sameState } from './filter.ts';
export { heldBy, heldSerials, type HoldEntry, type Holds } from './hold.ts';
export type { OutboxEntry } from './outbox.ts';
export type { Page, PageRequest, Sort } from './page.ts';
export { offsetId, seenId, type OffsetAdvance, type PlainDocument, type SeenVersion } from './work.ts';
export type { Work, WorkOptions } from './work.ts';

export interface StoreSettings {
  readonly mongoUrl: string;
  readonly database: string;
  readonly service: string;
  readonly clock: () => Date;
  readonly codec: EventEncoder;
  /** 0 ≤ n < 1, for jitter. */
  readonly random?: () => number;
}

export interface Store {
  readonly service: string;
  readonly db: Db;
  readonly client: MongoClient;
  readonly meta: Meta;
  readonly clock: () => Date;
  aggregate<S, E extends AnyEvent>(definition: AggregateDefinition<S, E>): Aggregate<S, E>;
  /** A collection of plain documents, with the indexes it needs. */
  collection<T extends Document>(name: string, indexes?: readonly IndexDescription[]): Collection<T>;
  /** One transaction around everything `run` does; runs it again when somebody else was faster. */
  work<R>(context: Context, run: (work: Work) => Promise<R>, options?: WorkOptions): Promise<R>;
  /** The migration step at start: collections and indexes of all that was declared. Idempotent. */
  ensureIndexes(): Promise<void>;
  /** Tells when new entries may wait in the outbox. Returns how to stop listening. */
  onOutbox(listener: () => void): () => void;
  close(): Promise<void>;
}

const TRIES = 8;

/** Waits 5, 10, 20 … 200 ms at most, a random part of it: those that met must not meet again. */
const backoff = (attempt: number, random: () => number): number => random() * Math.min(200, 5 * 2 ** attempt);

/**
 * Opens a service's own database. Nobody else reads or writes it. Throws `database-unavailable` (Transient) if MongoDB
 * does not answer within 10 s.
 */
export async function connectStore(settings: StoreSettings): Promise<Store> {
  const { service, codec, clock, random = Math.random } = settings;
  const client = new MongoClient(settings.mongoUrl, {
    writeConcern: DURABLE,
    readConcern: { level: 'majority' },
    ignoreUndefined: true,
    serverSelectionTimeoutMS: 10_000,
    appName: service,
  });
  const db = client.db(settings.database);
  let meta: Meta;
  try {
    await client.connect();
    meta = await openMeta(db.collection('meta'), clock);
  } catch (error) {
    await client.close();
    throw understand(error);
  }

  const declared = new Map<string, IndexDescription[]>(Object.entries(OWN));
  const aggregates = new Set<string>();
  const listeners = new Set<() => void>();

  const declare = (name: string, indexes: readonly IndexDescription[] = []): void => {
    declared.set(name, [...(declared.get(name) ?? []), ...indexes]);
  };

  const fetch = async (collection: string, ids: readonly string[]): Promise<Document[]> =>
    ids.length === 0
      ? []
      : db
          .collection(collection)
          .find({ _id: { $in: ids } } as Document)
          .toArray();

  async function attempt<R>(context: Context, run: (work: Work) => Promise<R>, options: WorkOptions): Promise<R> {
    const now = clock();
    const incarnation = meta.incarnation();
    const unit = createUnit({ service, incarnation, codec, now, fetch, isAggregate: (name) => aggregates.has(name) });
    const result = await run(unit.work(context));
    await commit(client, db, unit, context, options, now);
    const { outbox, plain } = unit.writes();
    if (outbox.length > 0 || plain.some(({ collection }) => collection === 'outbox'))
      for (const listener of listeners) listener();
    return result;
  }

  async function work<R>(context: Context, run: (work: Work) => Promise<R>, options: WorkOptions = {}): Promise<R> {
    const tries = options.tries ?? TRIES;
    for (let count = 1; ; count++) {
      try {
        return await attempt(context, run, options);
      } catch (error) {
        const reason = understand(error);
        if (!(reason instanceof Conflict) || count >= tries) throw reason;
      }
      await pause(backoff(count, random));
    }
  }

  const store: Store = {
    service,
    db,
    client,
    meta,
    clock,
    aggregate: (definition) => {
      declare(definition.collection, definition.indexes);
      aggregates.add(definition.collection);
      return createAggregate(definition, { db, work, clock, random });
    },
    collection: <T extends Document>(name: string, indexes?: readonly IndexDescription[]) => {
      declare(name, indexes);
      return db.collection<T>(name);
    },
    work,
    ensureIndexes: () => ensureIndexes(db, declared),
    onOutbox: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => client.close(),
  };
  return store;
}

/** What the platform itself keeps in every service's database. */
const OWN: Readonly<Record<string, IndexDescription[]>> = {
  outbox: [
    { key: { published: 1, aggregate: 1, version: 1 }, partialFilterExpression: { published: false }, name: 'waiting' },
  ],
  consumer_offsets: [],
  seen_versions: [],
  inbox: [],
  meta: [],
};

/** Each waits for the journal, and those under way share one wait; more of them would only cost connections. */
const AT_ONCE = 4;

async function ensureIndexes(db: Db, declared: ReadonlyMap<string, readonly IndexDescription[]>): Promise<void> {
  const there = new Set((await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name));
  const left = [...declared];
  const next = async (): Promise<void> => {
    for (let one = left.pop(); one !== undefined; one = left.pop()) {
      const [name, indexes] = one;
      // Made beforehand: a collection that comes to be inside a transaction makes others wait or fail.
      if (indexes.length > 0) await db.collection(name).createIndexes([...indexes]);
      else if (!there.has(name)) await createCollection(db, name);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
}

async function createCollection(db: Db, name: string): Promise<void> {
  const NAMESPACE_EXISTS = 48;
  try {
    await db.createCollection(name);
  } catch (error) {
    // Another replica was faster.
    if ((error as { code?: unknown }).code !== NAMESPACE_EXISTS) throw error;
  }
}
