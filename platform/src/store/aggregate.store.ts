import { setTimeout as pause } from 'node:timers/promises';
import type { Db, Document, Filter } from 'mongodb';
import { Conflict, Rejected } from '../errors.ts';
import { stored, type Aggregate, type AggregateDefinition, type AggregateDocument } from './aggregate.ts';
import type { AggregateRef, AnyEvent, Change, Outcome, Stored } from './aggregate.ts';
import type { Context } from './context.ts';
import { afterCursor, BY_ID, cursorOf, type Page, type PageRequest } from './page.ts';
import { recoverAggregates } from './recover.ts';
import type { Work, WorkOptions } from './work.ts';

interface Parts {
  readonly db: Db;
  readonly work: <R>(context: Context, run: (work: Work) => Promise<R>, options?: WorkOptions) => Promise<R>;
  readonly clock: () => Date;
  readonly random: () => number;
}

const PAGE = 50;
const LARGEST_PAGE = 500;
/** A unit stays far below MongoDB's 16 MB and 60 s. */
const UNIT = 500;

export function createAggregate<S, E extends AnyEvent>(
  definition: AggregateDefinition<S, E>,
  parts: Parts,
): Aggregate<S, E> {
  const ref: AggregateRef<S, E> = { definition };
  const collection = parts.db.collection<AggregateDocument<S>>(definition.collection);
  const born: Filter<Document> = { version: { $gt: 0 } };

  async function find(filter: Filter<Document>, request: PageRequest = {}): Promise<Page<Stored<S>>> {
    const { after, sort = BY_ID } = request;
    const limit = Math.max(1, Math.min(request.limit ?? PAGE, LARGEST_PAGE));
    const conditions = [filter, born, ...(after === undefined ? [] : [afterCursor(after, sort)])];
    const documents = await collection
      .find({ $and: conditions } as Filter<AggregateDocument<S>>)
      .sort(sort.field === '_id' ? { _id: sort.direction } : { [sort.field]: sort.direction, _id: sort.direction })
      .limit(limit + 1)
      .toArray();
    const items = documents.slice(0, limit).map((document) => stored(definition, document as AggregateDocument<S>));
    const last = documents[limit - 1];
    return documents.length > limit && last ? { items, next: cursorOf(last, sort) } : { items };
  }

  async function together(batch: readonly Change<S, E>[], context: Context, tries: number): Promise<Outcome<S, E>[]> {
    const run = async (work: Work): Promise<Outcome<S, E>[]> => {
      await work.load(
        ref,
        batch.map(({ id }) => id),
      );
      const outcomes: Outcome<S, E>[] = [];
      for (const { id, decide } of batch) {
        try {
          outcomes.push({ id, changed: await work.change(ref, id, decide) });
        } catch (error) {
          // A decision that throws has appended nothing, so the unit is as it was.
          if (!(error instanceof Rejected)) throw error;
          outcomes.push({ id, rejected: error });
        }
      }
      return outcomes;
    };
    return parts.work(context, run, { tries });
  }

  async function unit(batch: readonly Change<S, E>[], context: Context): Promise<Outcome<S, E>[]> {
    try {
      return await together(batch, context, 3);
    } catch (error) {
      if (!(error instanceof Conflict) || context.idempotencyKey !== undefined) throw error;
    }
    const outcomes: Outcome<S, E>[] = [];
    for (const change of batch) {
      outcomes.push(...(await together([change], context, 20)));
      await pause(parts.random() * 2);
    }
    return outcomes;
  }

  return {
    definition,
    find,
    get: async (id) => {
      const document = await collection.findOne({ _id: id, ...born } as Filter<AggregateDocument<S>>);
      return document ? stored(definition, document as AggregateDocument<S>) : undefined;
    },
    change: (id, context, decide, { expectedRev } = {}) =>
      parts.work(context, (work) =>
        work.change(ref, id, (state, loaded) => {
          if (expectedRev !== undefined && expectedRev !== loaded.rev)
            throw new Rejected('version-stale', { id, expected: expectedRev, found: loaded.rev }, 412);
          return decide(state, loaded);
        }),
      ),
    changeMany: async (batch, context) => {
      const outcomes: Outcome<S, E>[] = [];
      for (let from = 0; from < batch.length; from += UNIT)
        outcomes.push(...(await unit(batch.slice(from, from + UNIT), context)));
      return outcomes;
    },
    recover: (events) => recoverAggregates(definition, collection, events, parts.clock),
  };
}
