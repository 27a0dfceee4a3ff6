import type { Document, UpdateFilter } from 'mongodb';
import type { AggregateRef, AnyEvent, Changed, Decide, Stored } from './aggregate.ts';
import type { Context } from './context.ts';
import type { Holds } from './hold.ts';

export interface PlainDocument extends Document {
  readonly _id: string;
}

/**
 * One unit of work: everything in it happens in one transaction, or nothing. It reads before, decides in memory and
 * writes at the end; each aggregate it changed or touched must still have the `rev` that was read, and each plain document
 * that it read and then replaced or removed must still be as it was read, else all of it runs again. An aggregate that a
 * decision depends on without changing it needs `touch`: MongoDB lets a mere read pass.
 */
export interface Work {
  readonly context: Context;
  /** The same unit on behalf of somebody else: each message of a batch has its own actor and cause. */
  as(context: Context): Work;
  /** In the order of `ids`; what does not exist comes with the initial state and rev 0. Sees what this unit did. */
  load<S, E extends AnyEvent>(aggregate: AggregateRef<S, E>, ids: readonly string[]): Promise<Stored<S>[]>;
  change<S, E extends AnyEvent>(
    aggregate: AggregateRef<S, E>,
    id: string,
    decide: Decide<S, E>,
  ): Promise<Changed<S, E>>;
  append<S, E extends AnyEvent>(
    aggregate: AggregateRef<S, E>,
    id: string,
    events: readonly E[],
  ): Promise<Changed<S, E>>;
  /** Guards a document that was only read: if it changes meanwhile, this unit runs again. */
  touch<S, E extends AnyEvent>(aggregate: AggregateRef<S, E>, id: string): Promise<void>;
  /** Lets a lot inherit holds (births from held inputs, merges of placeholders); widens only. */
  addHolds<S, E extends AnyEvent>(aggregate: AggregateRef<S, E>, id: string, holds: Holds): Promise<void>;

  /**
   * Plain documents by id, as they will be after this unit; missing ones are left out. Not for ids given to `put`. Asked
   * again, it says the same.
   */
  read<T extends PlainDocument>(collection: string, ids: readonly string[]): Promise<Map<string, T>>;
  /** Updates, or makes, the plain document with this `_id`. Not visible to `read` in this unit. */
  put(collection: string, filter: { readonly _id: string }, update: UpdateFilter<Document> | Document[]): void;
  /** Replaces, or makes, a plain document as a whole; guarded if this unit read it. */
  replace(collection: string, document: PlainDocument): void;
  /** A new plain document; if its `_id` is taken this unit conflicts. */
  insert(collection: string, document: PlainDocument): void;
  /** A plain document that is written once: does nothing if its `_id` is there already. */
  reference(collection: string, document: PlainDocument): void;
  /** Guarded if this unit read it. */
  remove(collection: string, id: string): void;

  /** Runs `attempt`; if it throws, what it did to this unit is undone and the error goes on. */
  savepoint<R>(attempt: () => Promise<R>): Promise<R>;
}

/** A consumer's place in the streams, stored with the effects of what it read. */
export interface OffsetAdvance {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  /** The stored next offset this batch began at; null if none was stored yet. */
  readonly from: number | null;
  readonly next: number;
  /** Kafka's id of the topic: tells a recreated topic from the one these offsets belong to. */
  readonly topicId?: string;
}

export interface SeenVersion {
  readonly group: string;
  readonly topic: string;
  readonly key: string;
  readonly version: number;
}

export interface WorkOptions {
  readonly offsets?: readonly OffsetAdvance[];
  readonly seen?: readonly SeenVersion[];
  /** Ids of inbound messages; one that is there already fails the unit with AlreadyApplied. */
  readonly marks?: readonly string[];
  /** How often it may run on conflicts before Conflict is thrown; 8 if absent. */
  readonly tries?: number;
}

export const offsetId = (o: Pick<OffsetAdvance, 'group' | 'topic' | 'partition'>): string =>
  `${o.group}|${o.topic}|${String(o.partition)}`;

export const seenId = (s: Pick<SeenVersion, 'group' | 'topic' | 'key'>): string => `${s.group}|${s.topic}|${s.key}`;

export const commandMark = (actor: string, key: string): string => `http|${actor}|${key}`;
