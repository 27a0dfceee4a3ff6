import { Binary, type AnyBulkWriteOperation, type Document, type UpdateFilter } from 'mongodb';
import { Rejected } from '../errors.ts';
import { stored, type AggregateDefinition, type AggregateDocument, type AnyEvent, type Changed } from './aggregate.ts';
import type { AggregateRef, Stored } from './aggregate.ts';
import type { Context } from './context.ts';
import { inherit, isHoldId, type HoldEntry } from './hold.ts';
import { eventHeaders, eventId, type OutboxEntry } from './outbox.ts';
import type { PlainDocument, Work } from './work.ts';

/** Encodes an event for a topic (the contracts' codec); throws for an event that does not fit its schema. */
export interface EventEncoder {
  encode(topic: string, event: AnyEvent): Uint8Array;
}

/** Reads documents by id; the only thing a unit does with the database before its end. */
export type Fetch = (collection: string, ids: readonly string[]) => Promise<Document[]>;

export interface UnitParts {
  readonly service: string;
  readonly incarnation: string;
  readonly codec: EventEncoder;
  readonly now: Date;
  readonly fetch: Fetch;
  readonly isAggregate: (collection: string) => boolean;
}

/** An aggregate as this unit sees it: what was read, and what was done to it since. */
interface Entry {
  readonly definition: AggregateDefinition<unknown, AnyEvent>;
  readonly read: { readonly rev: number; readonly version: number };
  readonly now: Stored<unknown>;
  readonly recovered: readonly string[];
  readonly addedHolds: Readonly<Record<string, HoldEntry>>;
  readonly dirty: boolean;
}

interface Write {
  readonly collection: string;
  readonly operation: AnyBulkWriteOperation<Document>;
}
/** What is guarded has to find the document as this unit read it. */
interface Plain extends Write {
  readonly guarded: boolean;
}
type PlainView = PlainDocument | 'removed' | 'updated';

interface View {
  readonly entries: Map<string, Entry>;
  readonly outbox: OutboxEntry[];
  readonly plain: Plain[];
  readonly documents: Map<string, PlainView>;
}

export interface Unit {
  work(context: Context): Work;
  /**
   * What is to be written, in a list of operations for each collection. Every single one of `aggregates` and `guarded` has
   * to find its document; `guarded` comes before `plain`.
   */
  writes(): {
    readonly aggregates: CollectionWrites[];
    readonly guarded: CollectionWrites[];
    readonly plain: CollectionWrites[];
    readonly outbox: OutboxEntry[];
  };
}

export interface CollectionWrites {
  readonly collection: string;
  readonly operations: AnyBulkWriteOperation<Document>[];
}

/** What this message leads to had been published before the database was restored, and came back. */
const isIn = ({ recovered }: Entry, { causationId }: Context): boolean =>
  causationId !== undefined && recovered.includes(causationId);

const at = (collection: string, id: string): string => `${collection}|${id}`;

/** Everything a unit of work decided, kept in memory until its one transaction. */
export function createUnit(parts: UnitParts): Unit {
  let view: View = { entries: new Map(), outbox: [], plain: [], documents: new Map() };
  // Null for what is not there. A savepoint takes back what was decided, and not what was read.
  const fetched = new Map<string, Document | null>();

  const keep = (entry: Entry): Entry => {
    view.entries.set(at(entry.definition.collection, entry.now.id), entry);
    return entry;
  };

  async function entries<S, E extends AnyEvent>(ref: AggregateRef<S, E>, ids: readonly string[]): Promise<Entry[]> {
    const definition = ref.definition as unknown as AggregateDefinition<unknown, AnyEvent>;
    const { collection } = definition;
    const unread = [...new Set(ids.filter((id) => !view.entries.has(at(collection, id))))];
    const documents = unread.length > 0 ? ((await parts.fetch(collection, unread)) as AggregateDocument[]) : [];
    const found = new Map(documents.map((document) => [document._id, document]));
    for (const id of unread) {
      const nothing: AggregateDocument = { _id: id, rev: 0, version: 0, holds: {}, updatedAt: parts.now };
      const document = found.get(id) ?? nothing;
      const now = stored(definition, document);
      const { recovered = [] } = document;
      keep({ definition, read: { rev: now.rev, version: now.version }, now, recovered, addedHolds: {}, dirty: false });
    }
    return ids.flatMap((id) => view.entries.get(at(collection, id)) ?? []);
  }

  async function only<S, E extends AnyEvent>(ref: AggregateRef<S, E>, id: string): Promise<Entry> {
    const [entry] = await entries(ref, [id]);
    if (!entry) throw new Error(`${ref.definition.collection} ${id} was read and is not there`);
    return entry;
  }

  function append(entry: Entry, events: readonly AnyEvent[], context: Context): Entry {
    let { state, version } = entry.now;
    for (const event of events) {
      version += 1;
      state = entry.definition.evolve(state, event);
      if (entry.definition.topic) view.outbox.push(toOutbox(entry, event, version, context));
    }
    return keep({ ...entry, dirty: true, now: { ...entry.now, state, version, updatedAt: parts.now } });
  }

  function toOutbox(
    { definition, now: { id } }: Entry,
    event: AnyEvent,
    version: number,
    context: Context,
  ): OutboxEntry {
    const topic = definition.topic;
    if (!topic) throw new Error(`${definition.collection} publishes nothing`);
    const { service, incarnation, now } = parts;
    const facts = { service, incarnation, type: event.type, aggregate: id, version, recordedAt: now.toISOString() };
    return {
      _id: `${topic}|${eventId(facts)}`,
      topic,
      key: definition.key?.(id) ?? id,
      aggregate: id,
      version,
      type: event.type,
      value: new Binary(parts.codec.encode(topic, event)),
      headers: eventHeaders(facts, context),
      createdAt: now,
      published: false,
    };
  }

  const changed = <S, E extends AnyEvent>(entry: Entry, events: readonly E[]): Changed<S, E> => ({
    ...(entry.now as Stored<S>),
    rev: entry.read.rev + (entry.dirty ? 1 : 0),
    events,
  });

  function plain(collection: string, id: string, write: Omit<Plain, 'collection'>, after: PlainView): void {
    if (parts.isAggregate(collection)) throw new Error(`${collection} holds aggregates; change them by events`);
    view.plain.push({ collection, ...write });
    view.documents.set(at(collection, id), after);
  }

  /** What this unit read of a document that it has not written yet: undefined if nothing, null if it was not there. */
  const asRead = (collection: string, id: string): Document | null | undefined =>
    view.documents.has(at(collection, id)) ? undefined : fetched.get(at(collection, id));

  function replace(collection: string, document: PlainDocument): void {
    const { _id, ...replacement } = document;
    const read = asRead(collection, _id);
    // If somebody else makes it meanwhile, that is a duplicate key, and a conflict too.
    if (read === null) return insert(collection, document);
    const operation = read
      ? { replaceOne: { filter: unchanged(read), replacement } }
      : { replaceOne: { filter: { _id } as Document, replacement, upsert: true } };
    plain(collection, _id, { operation, guarded: read !== undefined }, document);
  }

  function insert(collection: string, document: PlainDocument): void {
    const operation = { insertOne: { document: document as Document } };
    plain(collection, document._id, { operation, guarded: false }, document);
  }

  function remove(collection: string, id: string): void {
    const read = asRead(collection, id) ?? undefined;
    const filter = read ? unchanged(read) : ({ _id: id } as Document);
    plain(collection, id, { operation: { deleteOne: { filter } }, guarded: read !== undefined }, 'removed');
  }

  /** Makes or changes a document whatever it is by then; what it becomes is known to the database alone. */
  function update(collection: string, _id: string, changes: UpdateFilter<Document> | Document[]): void {
    const operation = { updateOne: { filter: { _id } as Document, update: changes, upsert: true } };
    plain(collection, _id, { operation, guarded: false }, 'updated');
  }

  async function read<T extends PlainDocument>(collection: string, ids: readonly string[]): Promise<Map<string, T>> {
    const wanted = [...new Set(ids)];
    const unread = wanted.filter((id) => !view.documents.has(at(collection, id)) && !fetched.has(at(collection, id)));
    const found = new Map((await parts.fetch(collection, unread)).map((each) => [String(each['_id']), each]));
    for (const id of unread) {
      // What was read first stands: it may have been decided by already.
      const first = fetched.get(at(collection, id));
      fetched.set(at(collection, id), first === undefined ? (found.get(id) ?? null) : first);
    }
    const result = new Map<string, T>();
    for (const id of wanted) {
      const document = view.documents.get(at(collection, id)) ?? fetched.get(at(collection, id)) ?? 'removed';
      if (document === 'updated') throw new Error(`${collection} ${id}: use replace for what this unit reads again`);
      if (document !== 'removed') result.set(id, document as T);
    }
    return result;
  }

  async function savepoint<R>(attempt: () => Promise<R>): Promise<R> {
    const before = view;
    view = {
      entries: new Map(before.entries),
      outbox: [...before.outbox],
      plain: [...before.plain],
      documents: new Map(before.documents),
    };
    try {
      return await attempt();
    } catch (error) {
      view = before;
      throw error;
    }
  }

  const work = (context: Context): Work => ({
    context,
    as: work,
    load: async <S, E extends AnyEvent>(ref: AggregateRef<S, E>, ids: readonly string[]) =>
      (await entries(ref, ids)).map((entry) => entry.now as Stored<S>),
    change: async (ref, id, decide) => {
      const entry = await only(ref, id);
      if (isIn(entry, context)) return changed(entry, []);
      const { state, ...loaded } = entry.now;
      const events = decide(state as Parameters<typeof decide>[0], loaded);
      return changed(events.length > 0 ? append(entry, events, context) : entry, events);
    },
    append: async (ref, id, events) => {
      const entry = await only(ref, id);
      if (isIn(entry, context)) return changed(entry, []);
      return changed(events.length > 0 ? append(entry, events, context) : entry, events);
    },
    touch: async (ref, id) => {
      keep({ ...(await only(ref, id)), dirty: true });
    },
    addHolds: async (ref, id, holds) => {
      const entry = await only(ref, id);
      const added: Record<string, HoldEntry> = {};
      for (const [hold, from] of Object.entries(holds)) {
        if (!isHoldId(hold)) throw new Rejected('hold-id-invalid', { hold });
        const merged = inherit(entry.now.holds[hold], from);
        if (merged) added[hold] = merged;
      }
      if (Object.keys(added).length === 0) return;
      const now = { ...entry.now, holds: { ...entry.now.holds, ...added } };
      keep({ ...entry, dirty: true, now, addedHolds: { ...entry.addedHolds, ...added } });
    },
    read,
    put: (collection, { _id }, changes) => {
      update(collection, _id, changes);
    },
    replace,
    insert,
    reference: (collection, { _id, ...fields }) => {
      update(collection, _id, { $setOnInsert: fields });
    },
    remove,
    savepoint,
  });

  return {
    work,
    writes: () => ({
      aggregates: grouped([...view.entries.values()].filter((entry) => entry.dirty).map(save)),
      guarded: grouped(view.plain.filter(({ guarded }) => guarded)),
      plain: grouped(view.plain.filter(({ guarded }) => !guarded)),
      outbox: view.outbox,
    }),
  };
}

function grouped(writes: readonly Write[]): CollectionWrites[] {
  const byCollection = new Map<string, AnyBulkWriteOperation<Document>[]>();
  for (const { collection, operation } of writes) {
    const operations = byCollection.get(collection);
    if (operations) operations.push(operation);
    else byCollection.set(collection, [operation]);
  }
  // Every unit writes its collections in the same order, so that two of them meet at the first one.
  return [...byCollection]
    .map(([collection, operations]) => ({ collection, operations }))
    .sort((a, b) => (a.collection < b.collection ? -1 : 1));
}

/**
 * The whole document as it was read, so that every way of changing it counts, also one that knows nothing of units. Its
 * operation carries the document twice: one of more than half of what MongoDB takes (16 MiB) cannot be written so.
 */
const unchanged = (read: Document): Document => ({
  _id: read['_id'] as unknown,
  $expr: { $eq: ['$$ROOT', { $literal: read }] },
});

/**
 * Compare-and-set on `rev`. What was not there (rev 0) is inserted; if somebody was faster, that is a duplicate key. Of
 * the holds only those that this unit added are written.
 */
function save({ definition, read, now, addedHolds }: Entry): Write {
  const { collection } = definition;
  const { id: _id, version, updatedAt } = now;
  const fields = { ...(version > read.version ? { state: now.state } : {}), version, updatedAt };
  if (read.rev === 0) {
    const document = { _id, rev: 1, ...fields, holds: addedHolds } as Document;
    return { collection, operation: { insertOne: { document } } };
  }
  const update = { $set: { ...fields, ...prefixed(addedHolds) }, $inc: { rev: 1 } };
  return { collection, operation: { updateOne: { filter: { _id, rev: read.rev } as Document, update } } };
}

const prefixed = (holds: Readonly<Record<string, HoldEntry>>): Record<string, HoldEntry> =>
  Object.fromEntries(Object.entries(holds).map(([hold, entry]) => [`holds.${hold}`, entry]));
