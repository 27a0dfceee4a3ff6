import { isDeepStrictEqual } from 'node:util';
import type { AnyBulkWriteOperation, Document } from 'mongodb';
import { Conflict } from '../../errors.ts';
import type { Aggregate, AggregateDefinition, AnyEvent, Store } from '../../store/store.ts';
import { OffsetFenced } from '../../store/failures.ts';
import { createUnit, type EventEncoder } from '../../store/unit.ts';
import { offsetId, type WorkOptions } from '../../store/work.ts';

/** What outlives a process: collections by name, documents by `_id`. */
export type Disk = Map<string, Map<string, Document>>;

interface MemoryProcess {
  readonly disk: Disk;
  readonly codec: EventEncoder;
  /** Before each read and each commit: others may run here, and this process may die here. */
  readonly turn: (at: 'read' | 'commit' | 'committed') => Promise<void>;
}

const TRIES = 8;

const collectionOf = (disk: Disk, name: string): Map<string, Document> => {
  const there = disk.get(name) ?? new Map<string, Document>();
  disk.set(name, there);
  return there;
};

/**
 * The store of one simulated process: the real unit of work on a disk in memory. As with MongoDB, reads are outside the
 * transaction and a commit is one step; only what compares and sets can notice that somebody was faster.
 */
export function memoryStore({ disk, codec, turn }: MemoryProcess): Store {
  const aggregates = new Set<string>();
  const clock = () => new Date(0);

  const work: Store['work'] = async (context, run, options = {}) => {
    for (let tries = 1; ; tries++) {
      const unit = createUnit({
        service: 'simulated',
        incarnation: 'i',
        codec,
        now: clock(),
        isAggregate: (name) => aggregates.has(name),
        fetch: async (name, ids) => {
          await turn('read');
          return ids.flatMap((id) => collectionOf(disk, name).get(id) ?? []);
        },
      });
      try {
        const result = await run(unit.work(context));
        await turn('commit');
        commit(disk, unit.writes(), options);
        await turn('committed');
        return result;
      } catch (error) {
        if (!(error instanceof Conflict) || tries >= TRIES) throw error;
      }
    }
  };

  const aggregate = <S, E extends AnyEvent>(definition: AggregateDefinition<S, E>): Aggregate<S, E> => {
    aggregates.add(definition.collection);
    const find = async (filter: Document) => ({
      items: matching(disk, definition.collection, filter).map((document) => ({ ...document, id: document['_id'] })),
    });
    return { definition, find } as unknown as Aggregate<S, E>;
  };

  const collection = (name: string) => ({
    findOne: async ({ _id }: { _id: string }) => {
      await turn('read');
      return collectionOf(disk, name).get(_id) ?? null;
    },
    countDocuments: async (filter: Document) => matching(disk, name, filter).length,
    find: (filter: Document) => ({
      toArray: async () => matching(disk, name, filter),
      sort: (order: Record<string, 1>) => ({
        limit: () => ({
          next: async () => {
            await turn('read');
            return matching(disk, name, filter).sort(by(Object.keys(order)))[0] ?? null;
          },
        }),
      }),
    }),
  });

  return { service: 'simulated', clock, work, aggregate, collection, db: { collection } } as unknown as Store;
}

/** All of it or nothing. */
function commit(
  disk: Disk,
  { aggregates, guarded, plain }: ReturnType<ReturnType<typeof createUnit>['writes']>,
  { offsets = [] }: WorkOptions,
): void {
  const staged = new Map<Map<string, Document>, Map<string, Document | undefined>>();
  const view = (name: string) => {
    const base = collectionOf(disk, name);
    const changes = staged.get(base) ?? new Map<string, Document | undefined>();
    staged.set(base, changes);
    return {
      get: (id: string) => (changes.has(id) ? changes.get(id) : base.get(id)),
      set: (id: string, document: Document | undefined) => void changes.set(id, document),
    };
  };
  const places = view('consumer_offsets');
  for (const { from, next, ...where } of offsets) {
    const id = offsetId(where);
    if ((places.get(id)?.['next'] ?? null) !== from) throw new OffsetFenced('offset-fenced');
    places.set(id, { _id: id, ...where, next });
  }
  for (const { collection, operations } of [...aggregates, ...guarded, ...plain])
    for (const operation of operations) write(view(collection), operation);
  for (const [base, changes] of staged)
    for (const [id, document] of changes) {
      if (document) base.set(id, document);
      else base.delete(id);
    }
}

interface View {
  readonly get: (id: string) => Document | undefined;
  readonly set: (id: string, document: Document | undefined) => void;
}

function write(view: View, operation: AnyBulkWriteOperation<Document>): void {
  if ('insertOne' in operation) {
    const document = operation.insertOne.document as Document;
    if (view.get(document['_id'] as string)) throw new Conflict('version-conflict');
    view.set(document['_id'] as string, document);
  } else if ('updateOne' in operation) {
    const { filter, update, upsert } = operation.updateOne as unknown as {
      filter: Document;
      update: Document;
      upsert?: boolean;
    };
    const id = filter['_id'] as string;
    const found = view.get(id);
    const matches = found !== undefined && Object.entries(filter).every(([name, value]) => found[name] === value);
    if (!matches && upsert !== true) throw new Conflict('version-conflict');
    const increased = Object.entries((update['$inc'] ?? {}) as Record<string, number>).map(
      ([name, by]) => [name, ((found?.[name] as number | undefined) ?? 0) + by] as const,
    );
    const onInsert = found === undefined ? (update['$setOnInsert'] as Document | undefined) : {};
    view.set(id, { _id: id, ...onInsert, ...found, ...(update['$set'] as Document), ...Object.fromEntries(increased) });
  } else if ('replaceOne' in operation) {
    const { filter, replacement } = operation.replaceOne as unknown as { filter: Document; replacement: Document };
    asItWasRead(view, filter);
    view.set(filter['_id'] as string, { _id: filter['_id'] as string, ...replacement });
  } else if ('deleteOne' in operation) {
    const filter = operation.deleteOne.filter as Document;
    asItWasRead(view, filter);
    view.set(filter['_id'] as string, undefined);
  } else throw new Error('the platform does not write like this');
}

/** What a unit read and then writes has to be as it read it; a filter by `_id` alone asks nothing. */
function asItWasRead(view: View, filter: Document): void {
  const read = (filter['$expr'] as { $eq: [string, { $literal: Document }] } | undefined)?.$eq[1].$literal;
  if (read && !isDeepStrictEqual(view.get(filter['_id'] as string), read)) throw new Conflict('version-conflict');
}

const at = (document: Document, path: string): unknown =>
  path.split('.').reduce<unknown>((value, name) => (value as Document | undefined)?.[name], document);

function matching(disk: Disk, name: string, filter: Document): Document[] {
  const alternatives = (filter['$or'] as Document[] | undefined) ?? [filter];
  const fits = (document: Document, wanted: Document): boolean =>
    Object.entries(wanted).every(([path, value]) => {
      const above = (value as { $gt?: number } | null)?.$gt;
      return above === undefined ? at(document, path) === value : (at(document, path) as number) > above;
    });
  return [...collectionOf(disk, name).values()].filter((document) => alternatives.some((one) => fits(document, one)));
}

const by =
  (paths: readonly string[]) =>
  (a: Document, b: Document): number =>
    paths.map((path) => Number(at(a, path)) - Number(at(b, path))).find((difference) => difference !== 0) ?? 0;
