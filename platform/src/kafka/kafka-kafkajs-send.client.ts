import kafkajs, { type Admin, type Message, type Producer } from 'kafkajs';
import { Transient } from '../errors.ts';
import { Refused, type KafkaPort, type Outgoing, type Position } from './kafka.ts';

const { Partitioners } = kafkajs;

/** What goes to one partition in one request: a broker takes 1 MiB unless told otherwise, its own framing included. */
const LARGEST = 900_000;

/** Broker answers that another attempt with the same message does not change. */
const HOPELESS: ReadonlySet<string> = new Set([
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_RECORD',
  'INVALID_TIMESTAMP',
  'INVALID_TOPIC_EXCEPTION',
  'TOPIC_AUTHORIZATION_FAILED',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'POLICY_VIOLATION',
]);

interface Placed {
  readonly topic: string;
  readonly partition: number;
  readonly message: Message;
  readonly size: number;
}

interface SenderParts {
  readonly producer: Producer;
  readonly admin: Admin;
  readonly named: (name: string) => string;
}

/**
 * One request at a time. The partition is chosen here, by kafkajs's own partitioner (the one Java clients use), so
 * that each message's place is known: a request's messages stand in their partition in the order they were given.
 */
export function sender({ producer, admin, named }: SenderParts): KafkaPort['send'] {
  const choose = Partitioners.DefaultPartitioner();
  const counts = new Map<string, number>();
  let turn: Promise<unknown> = Promise.resolve();

  async function learn(topics: readonly string[]): Promise<void> {
    const unknown = topics.filter((topic) => !counts.has(named(topic)));
    if (unknown.length === 0) return;
    const there = new Set(await admin.listTopics());
    const missing = unknown.find((topic) => !there.has(named(topic)));
    if (missing !== undefined) throw new Refused(`there is no topic ${missing}`, missing);
    const metadata = await admin.fetchTopicMetadata({ topics: unknown.map(named) });
    for (const { name, partitions } of metadata.topics) counts.set(name, partitions.length);
  }

  function partitionOf(topic: string, key: string | null): number {
    if (key === null) return 0;
    const partitionMetadata = Array.from({ length: counts.get(topic) ?? 1 }, (_, partitionId) => ({
      partitionId,
      leader: 0,
      replicas: [],
      isr: [],
      partitionErrorCode: 0,
    }));
    return choose({ topic, partitionMetadata, message: { key, value: null } });
  }

  function placed({ topic: name, key, value, headers = {} }: Outgoing): Placed {
    const topic = named(name);
    const partition = partitionOf(topic, key);
    const size = Object.entries({ ...headers, '': key ?? '' }).reduce(
      (sum, [name, text]) => sum + name.length + Buffer.byteLength(text) + 10,
      (value?.length ?? 0) + 30,
    );
    return { topic, partition, size, message: { key, value, partition, headers: { ...headers } } };
  }

  async function request(messages: readonly Placed[]): Promise<Position[]> {
    const sent = await producer.sendBatch({
      acks: -1,
      topicMessages: [...Map.groupBy(messages, ({ topic }) => topic)].map(([topic, of]) => ({
        topic,
        messages: of.map(({ message }) => message),
      })),
    });
    const next = new Map(sent.map((s) => [place(s.topicName, s.partition), Number(s.baseOffset ?? s.offset)]));
    return messages.map(({ topic, partition }) => {
      const offset = next.get(place(topic, partition));
      // Not a formality: after a partition moved between two tries, kafkajs can report success without having sent it.
      if (offset === undefined || !(offset >= 0)) throw new Transient('kafka-position-unknown', { topic, partition });
      next.set(place(topic, partition), offset + 1);
      return { partition, offset };
    });
  }

  async function sendNow(messages: readonly Outgoing[]): Promise<Position[]> {
    const topics = [...new Set(messages.map(({ topic }) => topic))];
    try {
      await learn(topics);
      const positions: Position[] = [];
      for (const part of inRequests(messages.map(placed))) positions.push(...(await request(part)));
      return positions;
    } catch (error) {
      const reason = hopeless(error);
      if (reason === undefined) throw error;
      for (const topic of topics) counts.delete(named(topic));
      const [topic, another] = topics;
      const whole = reason.includes('TOPIC') && another === undefined;
      throw new Refused(reason, whole ? topic : undefined, { cause: error });
    }
  }

  return (messages) => {
    if (messages.length === 0) return Promise.resolve([]);
    const result = turn.then(() => sendNow(messages));
    turn = result.then(
      () => undefined,
      // The caller of that request was told; the next one is not to blame for it.
      () => undefined,
    );
    return result;
  };
}

/** In the order given, cut before any partition's share of a request would grow too large for the broker. */
function* inRequests(messages: readonly Placed[]): Generator<readonly Placed[]> {
  let open: Placed[] = [];
  let sizes = new Map<string, number>();
  for (const one of messages) {
    const where = place(one.topic, one.partition);
    const size = (sizes.get(where) ?? 0) + one.size;
    if (size > LARGEST && sizes.has(where)) {
      yield open;
      open = [];
      sizes = new Map();
    }
    open.push(one);
    sizes.set(where, (sizes.get(where) ?? 0) + one.size);
  }
  if (open.length > 0) yield open;
}

/** The broker's word for "never", also where kafkajs tried some times before it told. */
function hopeless(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { type, cause } = error as Error & { readonly type?: unknown };
  if (typeof type === 'string' && HOPELESS.has(type)) return type;
  return hopeless(cause);
}

const place = (topic: string, partition: number): string => `${topic}|${String(partition)}`;
