import { Worker } from 'node:worker_threads';
import type { SourceOffset } from '@lotwarden/contracts/events';
import { Rejected, Transient } from '@lotwarden/platform/errors';
import type { SnapshotNews, SnapshotSettings } from '../snapshot/settings.ts';
import type { FromGraph, GraphStart, StreamMessage, ToGraph } from './protocol.ts';
import type { QuestionName, Questions } from './questions.ts';
import type { Expected } from './watermarks.ts';

export interface AskOptions {
  /** The answer must have seen these; it waits for them, but not for ever. */
  readonly minOffsets?: readonly SourceOffset[];
  /** Milliseconds to wait for them; 5 s if absent. */
  readonly patience?: number;
  /** Whoever asked has left: what is not answered yet is given up. */
  readonly signal?: AbortSignal;
}

/** Hears of a change in the graph, with the traceparent of the last fact of the batch that made one and has one. */
export type OnChange = (trace?: string) => void;

/** The graph of this replica, as the service sees it. */
export interface Graph {
  /**
   * Throws `not-caught-up` (503) where `minOffsets` are not reached in time, `graph-unavailable` when it has ended,
   * `graph-busy` (503) where too much is asked at once.
   */
  ask<Name extends QuestionName>(
    name: Name,
    ask: Questions[Name]['ask'],
    options?: AskOptions,
  ): Promise<Questions[Name]['answer']>;
  /** Resolves when the messages are in the graph. */
  feed(messages: readonly StreamMessage[]): Promise<void>;
  /** Every answer names as unread what lies below the targets, and what is missing anyhow. */
  expect(expected: Expected): void;
  /** Called after each batch that changed something. */
  onChange(listener: OnChange): void;
  /** How far what it begins with was read. */
  readonly begun: Promise<readonly SourceOffset[]>;
  /** Settles with the reason if the thread ends by itself, or has to. */
  readonly failed: Promise<Error>;
  stop(): Promise<void>;
}

interface Pending {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
}

const PATIENCE = 5_000;
/** Questions that may wait for their answers at once: more would only wait longer, and keep facts from being read. */
const MOST_ASKED = 200;

interface GraphSettings {
  readonly onUnreadable: (gaps: readonly string[]) => void;
  readonly snapshots?: SnapshotSettings | undefined;
  readonly onNews?: (news: SnapshotNews) => void;
}

/** A snapshot was of other topics than those of its names now. */
export class StaleSnapshot extends Error {
  override readonly name = 'StaleSnapshot';
}

/** Starts the graph's thread. `onUnreadable` hears of messages that leave a gap. */
export function startGraph({ onUnreadable, snapshots, onNews }: GraphSettings): Graph {
  const workerData: GraphStart = { snapshots };
  const worker = new Worker(new URL('./graph.worker.ts', import.meta.url), { name: 'traceability-graph', workerData });
  const questions = new Map<number, Pending>();
  const feeds: Pending[] = [];
  const listeners: OnChange[] = [];
  const ending = Promise.withResolvers<Error>();
  const beginning = Promise.withResolvers<readonly SourceOffset[]>();
  let nextId = 0;
  let ended: Error | undefined;

  const end = (cause: Error): void => {
    ended ??= cause;
    const gone = new Transient('graph-unavailable', {}, { cause });
    for (const { reject } of [...questions.values(), ...feeds.splice(0)]) reject(gone);
    questions.clear();
  };
  const fail = (cause: Error): void => {
    end(cause);
    ending.resolve(cause);
    beginning.reject(cause);
  };
  worker.on('error', (error) => fail(error instanceof Error ? error : new Error(String(error))));
  worker.on('exit', (code) => (ended ? undefined : fail(new Error(`the graph's thread ended with ${code}`))));
  worker.on('message', (message: FromGraph) => {
    if (message.kind === 'fed') {
      feeds.shift()?.resolve(undefined as never);
      if (message.unreadable.length > 0) onUnreadable(message.unreadable);
      if (message.changed > 0) for (const listener of listeners) listener(message.trace);
      return;
    }
    if (message.kind === 'begun') {
      beginning.resolve(message.marks);
      return;
    }
    if (message.kind === 'news') {
      onNews?.(message.news);
      return;
    }
    if (message.kind === 'stale') {
      fail(new StaleSnapshot(message.reason));
      return;
    }
    const pending = questions.get(message.id);
    questions.delete(message.id);
    if (message.kind === 'answer') pending?.resolve(message.answer as never);
    else if (message.kind === 'busy') pending?.reject(new Transient('graph-busy'));
    else if (message.kind === 'rejected') pending?.reject(new Rejected(message.code, message.detail));
    else if (message.kind === 'behind') pending?.reject(notCaughtUp(message));
    else pending?.reject(new Error(message.reason));
  });

  // Who waits for it hears of it; nobody has to.
  beginning.promise.catch(() => ended);
  const post = (message: ToGraph): void => worker.postMessage(message);
  return {
    ask: (name, ask, { minOffsets = [], patience = PATIENCE, signal } = {}) =>
      new Promise((resolve, reject) => {
        if (ended) {
          reject(new Transient('graph-unavailable', {}, { cause: ended }));
          return;
        }
        if (questions.size >= MOST_ASKED) {
          reject(new Transient('graph-busy'));
          return;
        }
        const id = nextId++;
        const leave = (): void => {
          if (questions.delete(id)) post({ kind: 'forget', id });
          reject(new Transient('graph-busy'));
        };
        signal?.addEventListener('abort', leave, { once: true });
        const stay = <T>(settle: (value: T) => void) => (value: T): void => { signal?.removeEventListener('abort', leave); settle(value); }; // prettier-ignore
        questions.set(id, { resolve: stay(resolve), reject: stay(reject) });
        const question = { name, ask } as Extract<ToGraph, { kind: 'ask' }>['question'];
        post({ kind: 'ask', id, question, minOffsets, patience });
      }),
    feed: (messages) =>
      new Promise((resolve, reject) => {
        if (ended) {
          reject(new Transient('graph-unavailable', {}, { cause: ended }));
          return;
        }
        feeds.push({ resolve: () => resolve(), reject });
        post({ kind: 'feed', messages });
      }),
    expect: (expected) => post({ kind: 'expect', ...expected }),
    onChange: (listener) => void listeners.push(listener),
    begun: beginning.promise,
    failed: ending.promise,
    stop: async () => {
      end(new Error('stopped'));
      await worker.terminate();
    },
  };
}

function notCaughtUp({ lacking, at }: Extract<FromGraph, { kind: 'behind' }>): Transient {
  const reached = ({ topic, partition }: SourceOffset): number =>
    at.find((one) => one.topic === topic && one.partition === partition)?.next ?? 0;
  const behind = lacking.map((o) => `${o.topic}/${o.partition}: ${reached(o)} of ${o.next}`);
  return new Transient('not-caught-up', { behind: behind.join(', '), offsets: at });
}
