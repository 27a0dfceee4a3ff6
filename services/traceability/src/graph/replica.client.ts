import { setTimeout as pause } from 'node:timers/promises';
import { Transient } from '@lotwarden/platform/errors';
import type { SourceOffset } from '@lotwarden/contracts/events';
import type { Batch, KafkaPort, Subscription } from '@lotwarden/platform/kafka';
import type { Log } from '@lotwarden/platform/log';
import { FACT_TOPICS } from '../genealogy/facts.ts';
import type { SnapshotNews, SnapshotSettings } from '../snapshot/settings.ts';
import { StaleSnapshot, startGraph, type AskOptions, type Graph, type OnChange } from './graph.client.ts';
import type { StreamMessage } from './protocol.ts';
import type { QuestionName, Questions } from './questions.ts';
import type { Expected } from './watermarks.ts';

export interface Replica {
  ask: Graph['ask'];
  /** Called after each batch of facts that changed the graph, and when a rebuilt graph takes over. */
  onChange: (listener: OnChange) => void;
  /**
   * From now on answers are complete only if the graph has read the fact topics to their present ends and nothing is
   * missing.
   */
  expect: (missing: readonly string[]) => Promise<Expected>;
  start: () => Promise<void>;
  stop: () => Promise<void>;
}

interface Settings {
  readonly kafka: KafkaPort;
  readonly log: Log;
  /** Tells this replica's consumer group from every other's. */
  readonly unique: () => string;
  /** By name, until somebody has found out. */
  readonly missing: readonly string[];
  /** Without them it is rebuilt from the beginning of every topic at each start. */
  readonly snapshots?: SnapshotSettings | undefined;
}

interface Life {
  readonly graph: Graph;
  readonly subscription: Subscription;
}

const RETRY_EVERY = 1_000;
/** Milliseconds. The graph knows how far it is, and a fact that comes again changes nothing. */
const COMMIT_EVERY = 5_000;
const ENDS_UNKNOWN = 'ends-unknown fact topics';
const NOT_OURS = 'the snapshot is of other topics; the genealogy of this replica is rebuilt from the beginning';

/**
 * The memory of this replica: rebuilt from its last snapshot, or from the beginning of every fact topic, by a consumer group
 * of its own, and kept up to date from there (correctness rule 26). If its thread or its subscription dies, it is rebuilt.
 * A snapshot that is ahead of its topics, or does not fit them, belongs to others: then everything is read.
 */
export function createReplica({ kafka, log, unique, missing: unknown, snapshots }: Settings): Replica {
  const listeners: OnChange[] = [];
  const stopping = new AbortController();
  const changed: OnChange = (trace) => {
    for (const listener of listeners) listener(trace);
  };
  let graph: Graph | undefined;
  let missing = unknown;
  let targets: readonly SourceOffset[] = [];
  let supervising: Promise<void> = Promise.resolve();

  const onNews = ({ kind, ...about }: SnapshotNews): void => {
    if (kind === 'snapshot-failed') log.error(about, 'a snapshot of the genealogy cannot be written');
    else if (kind === 'snapshot-unusable') log.warn(about, 'a snapshot of the genealogy cannot be used');
    else
      log.info(about, kind === 'snapshot-read' ? 'the genealogy is read from its snapshot' : 'a snapshot is written');
  };

  const begin = async (ignore: boolean): Promise<Life> => {
    const fresh = startGraph({
      onUnreadable: (gaps) => log.error({ gaps }, 'facts that cannot be read leave gaps in the genealogy'),
      snapshots: snapshots && { ...snapshots, ignore },
      onNews,
    });
    fresh.onChange(changed);
    try {
      targets = await endsNow(kafka);
      const begun = snapshots ? await fresh.begun : [];
      const beyond = lacking(begun, targets);
      if (beyond) throw new StaleSnapshot(`${beyond.topic}/${beyond.partition} ends before ${beyond.next}`);
      fresh.expect({ targets, missing });
      const onBatch = (batch: Batch, { done }: { done: (next: number) => Promise<void> }) => take(fresh, batch, done);
      const group = `traceability.graph.${unique()}`;
      // The last message that was read comes again: by it the topic is known.
      const startAt = begun.map(({ topic, partition, next }) => ({ topic, partition, next: next - 1 }));
      const subscription = await kafka.consume({
        group,
        topics: FACT_TOPICS,
        concurrency: 4,
        commitEvery: COMMIT_EVERY,
        onBatch,
        startAt,
      });
      graph = fresh;
      return { graph: fresh, subscription };
    } catch (error) {
      await fresh.stop();
      if (ignore || !(error instanceof StaleSnapshot)) throw error;
      log.warn({ err: error }, NOT_OURS);
      return begin(true);
    }
  };

  const stopped = (): boolean => stopping.signal.aborted;

  const supervise = async (first: Life): Promise<void> => {
    let life: Life | undefined = first;
    let ignore = false;
    while (!stopped()) {
      if (life) {
        const reason = await Promise.race([life.graph.failed, life.subscription.failed, aborted(stopping.signal)]);
        await Promise.all([life.subscription.stop(), life.graph.stop()]);
        if (stopped()) return;
        ignore = reason instanceof StaleSnapshot;
        log.error({ err: reason }, ignore ? NOT_OURS : 'the genealogy of this replica died and is rebuilt');
      }
      try {
        life = await begin(ignore);
        changed();
      } catch (error) {
        life = undefined;
        log.error({ err: error }, 'the genealogy of this replica cannot be rebuilt yet');
        await pause(RETRY_EVERY);
      }
    }
    await Promise.all([life?.subscription.stop(), life?.graph.stop()]);
  };

  return {
    ask: <Name extends QuestionName>(name: Name, ask: Questions[Name]['ask'], options?: AskOptions) =>
      graph ? graph.ask(name, ask, options) : Promise.reject(new Transient('graph-unavailable')),
    onChange: (listener) => void listeners.push(listener),
    expect: async (found) => {
      missing = found;
      try {
        targets = await endsNow(kafka);
      } catch (error) {
        log.warn({ err: error }, 'where the fact topics end cannot be found out');
        missing = [...found, ENDS_UNKNOWN];
      }
      graph?.expect({ targets, missing });
      return { targets, missing };
    },
    start: async () => {
      supervising = supervise(await begin(false));
    },
    stop: async () => {
      stopping.abort();
      await supervising;
    },
  };
}

/** The first place beyond the end of its partition. */
const lacking = (begun: readonly SourceOffset[], ends: readonly SourceOffset[]): SourceOffset | undefined =>
  begun.find(
    ({ topic, partition, next }) =>
      !ends.some((end) => end.topic === topic && end.partition === partition && end.next >= next),
  );

async function take(graph: Graph, batch: Batch, done: (next: number) => Promise<void>): Promise<void> {
  const { topic, partition, messages } = batch;
  const last = messages.at(-1);
  if (!last) return;
  await graph.feed(
    messages.map(({ offset, value, headers }): StreamMessage => ({ topic, partition, offset, value, headers })),
  );
  await done(last.offset + 1);
}

async function endsNow(kafka: KafkaPort) {
  const ends = await Promise.all(
    FACT_TOPICS.map(async (topic) =>
      (await kafka.ends(topic)).map(({ partition, next }) => ({ topic, partition, next })),
    ),
  );
  return ends.flat().filter(({ next }) => next > 0);
}

const aborted = (signal: AbortSignal): Promise<Error> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(new Error('stopped')), { once: true }));
