/** The narrow port to Kafka. Topic and group names are without the installation's prefix; the adapter adds it. */

/** Sending the same again cannot help: the broker will not have this message, or this topic. Others are not to blame. */
export class Refused extends Error {
  override readonly name = 'Refused';
  /** A refused topic takes nothing at all; otherwise it is about a message of the request. */
  readonly topic: string | undefined;

  constructor(reason: string, topic: string | undefined, options?: ErrorOptions) {
    super(reason, options);
    this.topic = topic;
  }
}

export interface Incoming {
  readonly partition: number;
  readonly offset: number;
  /** As text; null where the producer gave none. */
  readonly key: string | null;
  readonly rawKey: Buffer | null;
  readonly value: Buffer | null;
  /** Values as UTF-8 text; what is not a plain letter, digit, `_` or `-` in a name is percent-encoded. */
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds, as the broker or producer stamped it. */
  readonly timestamp: number;
}

export interface Batch {
  readonly topic: string;
  readonly partition: number;
  /** Never empty, in order of offsets; these may have gaps. */
  readonly messages: readonly Incoming[];
  /** Where reading began: between here and the first message there is nothing to see. */
  readonly from: number;
  /** Where reading goes on: behind the last message and whatever invisible follows it. */
  readonly next: number;
  /** Where the partition ended when this was read. */
  readonly end: number;
}

export interface BatchControl {
  /** False when the group was rebalanced or the consumer is stopping: what goes on now is for nobody. */
  readonly live: () => boolean;
  /** Keeps the membership while a batch takes long. Throws when the group rebalances: end the batch. */
  readonly heartbeat: () => Promise<void>;
  /** Everything below `next` is done: committed to Kafka (the truth is in MongoDB). */
  readonly done: (next: number) => Promise<void>;
  /** Leaves the rest of the batch; fetching goes on at `next`. */
  readonly seek: (next: number) => void;
  /** Leaves the partition alone for some milliseconds; what was not `done` comes again. Other partitions go on. */
  readonly pause: (milliseconds: number) => void;
}

export interface ConsumeRequest {
  readonly group: string;
  readonly topics: readonly string[];
  /** Only for a group that nobody is in: where it begins, instead of where it was; all others begin at the beginning. */
  readonly startAt?: readonly StartAt[];
  /** Partitions handled at the same time; 1 if absent. */
  readonly concurrency?: number;
  /**
   * Milliseconds between two commits of a partition's place; each time if absent. For whoever keeps its places itself and
   * bears hearing again what came since the last commit: a commit is a round trip for which the next fetch waits.
   */
  readonly commitEvery?: number;
  /** What it throws is tried again some times; then the subscription fails. */
  readonly onBatch: (batch: Batch, control: BatchControl) => Promise<void>;
  /** Partitions were assigned anew: whatever was remembered about places is void. */
  readonly onAssigned?: () => void;
}

export interface StartAt {
  readonly topic: string;
  readonly partition: number;
  readonly next: number;
}

export interface Subscription {
  /** Resolves once when the first assignment is there. */
  readonly ready: Promise<void>;
  readonly assigned: () => boolean;
  /** Settles with the reason when the consumer gave up for good; the supervisor restarts the service. */
  readonly failed: Promise<Error>;
  readonly stop: () => Promise<void>;
}

export interface Outgoing {
  readonly topic: string;
  readonly key: string | null;
  readonly value: Buffer | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Position {
  readonly partition: number;
  readonly offset: number;
}

/** Messages are in `low` ≤ offset < `next`. */
export interface PartitionEnd {
  readonly partition: number;
  readonly low: number;
  readonly next: number;
}

export interface TopicSettings {
  readonly topic: string;
  readonly partitions: number;
  /** Milliseconds, or for ever. */
  readonly retention: number | 'forever';
}

export interface KafkaPort {
  /**
   * Durable on all in-sync replicas before it returns; a position for each message, in their order. Throws `Refused` for
   * what Kafka will never take. Whatever it throws, some of the messages may have been written.
   */
  send(messages: readonly Outgoing[]): Promise<Position[]>;
  consume(request: ConsumeRequest): Promise<Subscription>;
  ends(topic: string): Promise<PartitionEnd[]>;
  /** Makes what is missing; what is there is left alone. */
  createTopics(topics: readonly TopicSettings[]): Promise<void>;
  /** Partitions of the topics that are there. */
  partitions(topics: readonly string[]): Promise<Map<string, number>>;
  close(): Promise<void>;
}
