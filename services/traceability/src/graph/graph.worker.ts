import { randomUUID } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { createCodec } from '@lotwarden/contracts/codec';
import type { SourceOffset } from '@lotwarden/contracts/events';
import { Rejected } from '@lotwarden/platform/errors';
import { createGenealogy } from '../genealogy/create-genealogy.ts';
import { fold } from '../genealogy/fold.ts';
import { keptTraces } from '../trace/kept-traces.ts';
import { makeReady } from '../trace/make-ready.ts';
import type { Pausing } from '../trace/walk.ts';
import { beginWith, keepSnapshots } from '../snapshot/keep-snapshots.job.ts';
import type { SnapshotNews } from '../snapshot/settings.ts';
import { createBackground } from './background.worker.ts';
import type { FromGraph, GraphStart, StreamMessage, ToGraph } from './protocol.ts';
import { answerers, isLong, type Knowledge } from './questions.ts';
import { isFactTopic, readFact } from './read-fact.mapper.ts';
import { createTurns } from './turns.worker.ts';
import { advance, lacking, nextOf, vectorOf, type Watermarks } from './watermarks.ts';

/**
 * The graph in a thread of its own, so that its work starves nobody's heartbeat (correctness rule 10). It is fed
 * messages in the order of their partitions and answers questions, at once or as soon as it has seen what they ask for.
 */
function serve(port: NonNullable<typeof parentPort>, { snapshots: settings }: GraphStart): void {
  const marks: Watermarks = new Map();
  const news = (about: SnapshotNews): void => port.postMessage({ kind: 'news', news: about } satisfies FromGraph);
  const restored = settings && beginWith(settings, news);
  for (const { topic, partition, next } of restored?.marks ?? []) advance(marks, topic, partition, next);
  const known: Knowledge = {
    graph: restored?.graph ?? createGenealogy(),
    marks,
    expected: { targets: [], missing: [] },
    unreadable: [...(restored?.unreadable ?? [])],
    traces: keptTraces({ now: Date.now, unique: randomUUID }),
    rooms: [],
  };
  const turns = createTurns({ now: () => performance.now(), later: setImmediate });
  const background = createBackground({
    begin: () => makeReady(known.graph),
    now: () => performance.now(),
    later: setImmediate,
    after: (milliseconds, go) => void setTimeout(go, milliseconds),
  });
  background.stir(true);
  /** Long answers that are being found, by id; each can be given up. */
  const underWay = new Map<number, () => void>();
  const codec = createCodec();
  const waiting = new Map<number, { ask: Ask; timer: NodeJS.Timeout }>();
  const say = (message: FromGraph): void => port.postMessage(message);
  const state = () => ({ graph: known.graph, marks: vectorOf(marks), unreadable: known.unreadable });
  const snapshots = settings && keepSnapshots({ settings, state, say: news }, restored);
  say({ kind: 'begun', marks: vectorOf(marks) });

  const missing = ({ minOffsets }: Ask): SourceOffset[] => lacking(marks, minOffsets, isFactTopic);

  const answer = ({ id, question }: Ask): void => {
    // Each question goes to the answerer of its own name; TypeScript cannot follow the pair through the union.
    const answerer = answerers[question.name] as (knowledge: Knowledge, ask: unknown) => unknown;
    const done = (found: unknown): void => {
      underWay.delete(id);
      port.postMessage({ kind: 'answer', id, answer: found } satisfies FromGraph, bytesIn(found));
    };
    const failed = (error: unknown): void => {
      underWay.delete(id);
      if (error instanceof Rejected) say({ kind: 'rejected', id, code: error.code, detail: error.detail });
      else say({ kind: 'failed', id, reason: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    };
    const refused = (): void => {
      underWay.delete(id);
      say({ kind: 'busy', id });
    };
    if (isLong(question.name)) {
      const begin = () => answerer(known, question.ask) as Pausing<unknown>;
      underWay.set(id, () => undefined);
      const giveUp = turns.start(begin, { done, failed, refused });
      if (underWay.has(id)) underWay.set(id, giveUp);
      return;
    }
    try {
      done(answerer(known, question.ask));
    } catch (error) {
      failed(error);
    }
  };

  const wait = (ask: Ask): void => {
    const giveUp = (): void => {
      waiting.delete(ask.id);
      say({ kind: 'behind', id: ask.id, lacking: missing(ask), at: vectorOf(marks) });
    };
    waiting.set(ask.id, { ask, timer: setTimeout(giveUp, ask.patience) });
  };

  const feed = (messages: readonly StreamMessage[]): void => {
    let changed = 0;
    const { rewrites } = known.graph.edges;
    let trace: string | undefined;
    const unreadable: string[] = [];
    for (const message of messages) {
      if (snapshots?.isStale(message.topic, message.partition, message.offset, message.headers['ce_id'] ?? '')) {
        say({ kind: 'stale', reason: `${message.topic}/${message.partition} has another message ${message.offset}` });
        return;
      }
      const expected = nextOf(marks, message.topic, message.partition);
      // Nothing is compacted or deleted on these topics: what was jumped over is lost to this replica (rule 8).
      if (message.offset > expected)
        unreadable.push(`skipped ${message.topic}/${message.partition} from ${expected} to ${message.offset}`);
      const read = readFact(codec, message);
      if ('fact' in read) {
        const applied = fold(known.graph, read.fact);
        changed += applied;
        if (applied > 0) trace = message.headers['traceparent'] ?? trace;
      } else if (!known.unreadable.includes(read.unreadable)) unreadable.push(read.unreadable);
      advance(marks, message.topic, message.partition, message.offset + 1);
    }
    if (known.graph.edges.rewrites > rewrites) turns.rewritten();
    known.unreadable.push(...unreadable);
    for (const { topic, partition, headers } of messages) snapshots?.folded(topic, partition, headers['ce_id'] ?? '');
    say({ kind: 'fed', changed, trace, unreadable });
    for (const { ask, timer } of waiting.values()) {
      if (missing(ask).length > 0) continue;
      clearTimeout(timer);
      waiting.delete(ask.id);
      answer(ask);
    }
  };

  const forget = (id: number): void => {
    const asked = waiting.get(id);
    if (asked) clearTimeout(asked.timer);
    waiting.delete(id);
    underWay.get(id)?.();
    underWay.delete(id);
  };

  port.on('message', (message: ToGraph) => {
    background.stir(message.kind === 'feed');
    if (message.kind === 'forget') forget(message.id);
    else if (message.kind === 'expect') known.expected = message;
    else if (message.kind === 'feed') feed(message.messages);
    else if (missing(message).length === 0) answer(message);
    else wait(message);
  });
}

/** Bytes go over to whoever asked; they are nobody else's. */
function bytesIn(answer: unknown): ArrayBuffer[] {
  const parts = answer instanceof Uint8Array ? [answer] : isRecord(answer) ? Object.values(answer) : [];
  return parts.flatMap((one) => (ownsBytes(one) ? [one.buffer] : []));
}

const isRecord = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const ownsBytes = (value: unknown): value is Uint8Array<ArrayBuffer> =>
  value instanceof Uint8Array && value.buffer instanceof ArrayBuffer && value.byteLength === value.buffer.byteLength;

type Ask = Extract<ToGraph, { kind: 'ask' }>;

if (parentPort) serve(parentPort, workerData as GraphStart);
