import type { Collection, Filter } from 'mongodb';
import { Refused, type KafkaPort, type Outgoing } from '../kafka/kafka.ts';
import type { Log } from '../log/log.ts';
import type { OutboxEntry } from '../store/outbox.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { withProduceSpan } from '../telemetry/spans.ts';

interface PublisherParts {
  readonly service: string;
  readonly outbox: Collection<OutboxEntry>;
  readonly kafka: Pick<KafkaPort, 'send'>;
  readonly log: Log;
  readonly now: () => Date;
  readonly metrics?: Pick<Metrics, 'published'> | undefined;
}

/** What Kafka does not take: all of a topic, or one aggregate from one entry on. Others go on. */
interface Hold {
  readonly topic: string;
  readonly aggregate?: string;
  readonly until: number;
  readonly tries: number;
}

export const BATCH = 500;
/** A message may have a megabyte; five hundred of them need not be in memory together. */
const BATCH_BYTES = 8_000_000;
const LONGEST_HOLD = 60_000;

/**
 * Takes unpublished entries in (aggregate, version) order, sends them and marks them. What Kafka refuses for good is
 * held with all that follows it in its aggregate, told as an error, and tried again by itself now and then.
 */
export function createPublisher({ service, outbox, kafka, log, now, metrics }: PublisherParts) {
  const holds = new Map<string, Hold>();

  const isHeld = (hold: Hold | undefined): boolean => hold !== undefined && hold.until > now().getTime();
  const holdsOf = ({ topic, aggregate }: OutboxEntry): string[] => [topic, `${topic}|${aggregate}`];
  const whatOf = ({ topic, aggregate }: Hold): Filter<OutboxEntry> =>
    ({ topic, ...(aggregate !== undefined && { aggregate }) }) as Filter<OutboxEntry>;

  async function pick(which: Filter<OutboxEntry>): Promise<OutboxEntry[]> {
    const cursor = outbox
      .find({ ...which, published: false })
      .sort({ aggregate: 1, version: 1 })
      .limit(BATCH);
    const picked: OutboxEntry[] = [];
    let bytes = 0;
    for await (const entry of cursor) {
      picked.push(entry);
      bytes += entry.value.length();
      if (bytes >= BATCH_BYTES) break;
    }
    return picked;
  }

  /** Returns how many were published. What it throws is a matter of time; the same entries go again. */
  async function publish(entries: readonly OutboxEntry[]): Promise<number> {
    const open = entries.filter((entry) => !holdsOf(entry).some((id) => isHeld(holds.get(id))));
    const [first] = open;
    if (first === undefined) return 0;
    const sending = {
      service,
      topic: first.topic,
      traces: open.map(({ headers }) => headers['traceparent']),
      count: open.length,
    };
    try {
      const positions = await withProduceSpan(sending, () => kafka.send(open.map(outgoing)));
      await mark(open, positions);
      return open.length;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.topic !== undefined) {
        await hold({ topic: error.topic }, first, error);
        return publish(open);
      }
      if (open.length === 1) {
        await hold({ topic: first.topic, aggregate: first.aggregate }, first, error);
        return 0;
      }
      // One of them is refused. In order: what follows it in its aggregate is held by the time it is reached.
      const middle = Math.ceil(open.length / 2);
      return (await publish(open.slice(0, middle))) + (await publish(open.slice(middle)));
    }
  }

  async function mark(
    entries: readonly OutboxEntry[],
    positions: readonly { partition: number; offset: number }[],
  ): Promise<void> {
    const publishedAt = now();
    await outbox.bulkWrite(
      entries.map(({ _id }, index) => ({
        updateOne: { filter: { _id }, update: { $set: { published: true, publishedAt, ...positions[index] } } },
      })),
      { ordered: false },
    );
    if (holds.size > 0) for (const id of entries.flatMap(holdsOf)) holds.delete(id);
    for (const [topic, of] of Map.groupBy(entries, (entry) => entry.topic)) metrics?.published(topic, of.length);
  }

  async function hold(
    what: Pick<Hold, 'topic' | 'aggregate'>,
    { _id, aggregate, version, topic }: OutboxEntry,
    reason: Refused,
  ): Promise<void> {
    const id = what.aggregate === undefined ? what.topic : `${what.topic}|${what.aggregate}`;
    const tries = (holds.get(id)?.tries ?? 0) + 1;
    holds.set(id, { ...what, tries, until: now().getTime() + Math.min(LONGEST_HOLD, 1_000 * 2 ** Math.min(tries, 6)) });
    log.error({ err: reason, topic, aggregate, version, tries }, 'Kafka refuses an event; what follows it waits');
    await outbox.updateOne({ _id }, { $set: { refused: reason.message } });
  }

  return {
    /** Publishes some of what waits; fewer than BATCH when nothing more can be done at the moment. */
    publishSome: async (): Promise<number> => {
      const due = [...holds.values()].filter((one) => !isHeld(one));
      // Alone, so that the others are not sent again because of it.
      let published = 0;
      for (const one of due) {
        const entries = await pick(whatOf(one));
        if (entries.length === 0)
          holds.delete(one.aggregate === undefined ? one.topic : `${one.topic}|${one.aggregate}`);
        published += await publish(entries);
      }
      const held = [...holds.values()].map(whatOf);
      return published + (await publish(await pick(held.length > 0 ? { $nor: held } : {})));
    },
    /** What is held and for how often it was refused, by topic or `topic|aggregate`. */
    refused: (): readonly string[] => [...holds.keys()],
  };
}

const outgoing = ({ topic, key, value, headers }: OutboxEntry): Outgoing => ({
  topic,
  key,
  value: Buffer.from(value.buffer.subarray(0, value.position)),
  headers,
});
