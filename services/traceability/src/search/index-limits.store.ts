import type { SourceOffset } from '@lotwarden/contracts/events';
import { Transient } from '@lotwarden/platform/errors';
import type { KafkaPort } from '@lotwarden/platform/kafka';
import type { Deps } from '@lotwarden/platform/service';
import type { Written } from '../facts/caught-up.store.ts';
import { FACT_TOPICS } from '../genealogy/facts.ts';
import type { Limits } from '../graph/questions.ts';
import type { Replica } from '../graph/replica.client.ts';
import { lackingIn } from './lacking.ts';

/** Milliseconds for which the ends of streams are as good as new: searching must not ask the broker at each letter. */
const FRESH = 1_000;

interface Needs {
  readonly replica: Pick<Replica, 'ask'>;
  readonly written: Written;
  /** All that names are taken from. */
  readonly topics: readonly string[];
}

export type IndexLimits = (minOffsets: readonly SourceOffset[], signal: AbortSignal) => Promise<Limits>;

/**
 * How far the index of names goes: it is read from the same facts as the graph, into the database, and from what the graph
 * has no use for: suppliers, orders, records of quality and recall. What the graph or the streams have and the index has
 * not is a gap, and so is everything that is missing to the graph itself (correctness rule 25).
 */
export const indexLimits = ({ kafka, clock }: Pick<Deps, 'kafka' | 'clock'>, needs: Needs): IndexLimits => {
  const { replica, written, topics } = needs;
  const ends = endsOf(
    kafka,
    topics.filter((topic) => !(FACT_TOPICS as readonly string[]).includes(topic)),
    () => clock.now().getTime(),
  );

  return async (minOffsets, signal) => {
    const graph = await replica.ask('limits', null, { minOffsets, signal }).catch((error: unknown) => {
      // Names are found without the graph too; only then nobody can say that nothing is missing.
      if (error instanceof Transient && error.code === 'graph-unavailable' && minOffsets.length === 0) return UNSURE;
      throw error;
    });
    const others = await ends();
    await written.until(minOffsets, signal);
    const offsets = await written.offsets();
    const read = graph.offsets.filter(({ topic }) => topics.includes(topic));
    const gaps = [
      ...graph.gaps,
      ...others.unknown.map((topic) => `ends-unknown ${topic}`),
      ...lackingIn(offsets, [...read, ...others.ends]).map((where) => `unread-by-index ${where}`),
    ];
    return { offsets, complete: gaps.length === 0, gaps };
  };
};

interface Ends {
  readonly ends: readonly SourceOffset[];
  /** Streams of which the broker does not say it now. */
  readonly unknown: readonly string[];
}

/** Asked once for all who search in the same second. */
function endsOf(kafka: Pick<KafkaPort, 'ends'>, topics: readonly string[], now: () => number): () => Promise<Ends> {
  let [asked, last]: [number, Promise<Ends> | undefined] = [0, undefined];
  const ask = async (): Promise<Ends> => {
    const found = await Promise.allSettled(topics.map(async (topic) => ({ topic, at: await kafka.ends(topic) })));
    return {
      ends: found.flatMap((one) => (one.status === 'fulfilled' ? one.value.at.map(({ partition, next }) => ({ topic: one.value.topic, partition, next })) : [])), // prettier-ignore
      unknown: topics.filter((_, at) => found[at]?.status === 'rejected'),
    };
  };
  return () => {
    if (last === undefined || now() - asked > FRESH) [asked, last] = [now(), ask()];
    return last;
  };
}

const UNSURE: Limits = { offsets: [], complete: false, gaps: ['graph-unavailable'] };
