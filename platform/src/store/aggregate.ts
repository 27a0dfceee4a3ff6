import type { Document, Filter, IndexDescription } from 'mongodb';
import type { TopicName } from '@lotwarden/contracts/topics';
import type { Rejected } from '../errors.ts';
import type { Context } from './context.ts';
import type { Holds } from './hold.ts';
import type { Page, PageRequest } from './page.ts';

export interface AnyEvent {
  readonly type: string;
}

/** What an aggregate is: where it lives, where its events go, and how they make its state. */
export interface AggregateDefinition<S, E extends AnyEvent> {
  readonly collection: string;
  /** Where its events are published; without one they only make the state. */
  readonly topic?: TopicName;
  /** Message key, by the aggregate's id; the id itself if absent. Order is kept per key. */
  readonly key?: (id: string) => string;
  readonly initial: S;
  readonly evolve: (state: S, event: E) => S;
  readonly indexes?: readonly IndexDescription[];
}

/** What a decision may look at beside the state. `rev` 0 = there is no document yet. */
export interface Loaded {
  readonly id: string;
  /** Bumped by events only. */
  readonly version: number;
  /** Bumped by every write, holds included; the ETag. */
  readonly rev: number;
  readonly holds: Holds;
}

export interface Stored<S> extends Loaded {
  readonly state: S;
  readonly updatedAt: Date;
}

export interface Changed<S, E> extends Stored<S> {
  readonly events: readonly E[];
}

/** Pure: what happens to this state, or a thrown Rejected. It runs again when somebody else was faster. */
export type Decide<S, E> = (state: S, loaded: Loaded) => readonly E[];

export interface Change<S, E extends AnyEvent> {
  readonly id: string;
  readonly decide: Decide<S, E>;
}

/** Anything that names an aggregate to a unit of work. */
export interface AggregateRef<S, E extends AnyEvent> {
  readonly definition: AggregateDefinition<S, E>;
}

export interface ChangeOptions {
  /** From If-Match: the `rev` the caller looked at. Throws `version-stale` (412) if it is another one. */
  readonly expectedRev?: number | undefined;
}

/** In the order of the batch: what changed, or the business's no. */
export type Outcome<S, E> =
  { readonly id: string; readonly changed: Changed<S, E> } | { readonly id: string; readonly rejected: Rejected };

export interface Aggregate<S, E extends AnyEvent> extends AggregateRef<S, E> {
  readonly definition: AggregateDefinition<S, E>;
  /** Undefined for what was never born, even if a hold waits for it. */
  get(id: string): Promise<Stored<S> | undefined>;
  /** Only what was born. `filter` speaks of document paths: `{ 'state.site': 'SZ1' }`. */
  find(filter: Filter<Document>, request?: PageRequest): Promise<Page<Stored<S>>>;
  change(id: string, context: Context, decide: Decide<S, E>, options?: ChangeOptions): Promise<Changed<S, E>>;
  /** All in one transaction, in order; if it keeps conflicting, one by one. A rejected one does not stop the others. */
  changeMany(batch: readonly Change<S, E>[], context: Context): Promise<readonly Outcome<S, E>[]>;
  /** Applies events that this service had published before its database was restored. Publishes nothing. */
  recover(events: readonly PublishedEvent<E>[]): Promise<{ readonly applied: number }>;
}

/** An event as this service once published it: subject and version from its headers. */
export interface PublishedEvent<E extends AnyEvent> {
  readonly id: string;
  readonly version: number;
  readonly event: E;
  /** Id of the message that led to it. */
  readonly cause?: string | undefined;
}

/** In MongoDB. `_id` is the aggregate's id. */
export interface AggregateDocument<S = unknown> {
  readonly _id: string;
  readonly rev: number;
  readonly version: number;
  readonly state?: S;
  readonly holds: Holds;
  readonly updatedAt: Date;
  /** Ids of messages whose events came back after a restore: they are read again, and are in the state already. */
  readonly recovered?: readonly string[];
}

export const stored = <S, E extends AnyEvent>(
  definition: AggregateDefinition<S, E>,
  document: AggregateDocument<S>,
): Stored<S> => ({
  id: document._id,
  // A hold may have come before the lot: then there is a document, but no state yet.
  state: document.state ?? definition.initial,
  version: document.version,
  rev: document.rev,
  holds: document.holds,
  updatedAt: document.updatedAt,
});
