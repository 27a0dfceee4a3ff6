import type { TopicName } from '@lotwarden/contracts/topics';

export interface StreamMessage {
  readonly offset: number;
  readonly value: Buffer | null;
}

/** One partition's bounds: messages are in `low` ≤ offset < `next`. */
export interface PartitionEnd {
  readonly partition: number;
  readonly low: number;
  readonly next: number;
}

export interface Subscription {
  stop(): Promise<void>;
}

/** What a gate needs of Kafka; the messaging adapter gives it. Topic names are without prefix. */
export interface GateStreams {
  /**
   * Reads partition 0 of a topic in a group, from `position()` on (asked again at each assignment and after each
   * failure; undefined = from the beginning), one batch at a time. A handler that throws is called again from
   * `position()` after a pause; nothing is skipped or parked.
   */
  follow(request: {
    readonly topic: TopicName;
    readonly group: string;
    readonly position: () => Promise<number | undefined>;
    readonly handle: (messages: readonly StreamMessage[]) => Promise<void>;
  }): Promise<Subscription>;
  /** Every replica by itself, without a stored place: what is written from now on, and the last message before it. */
  tail(topic: TopicName, handle: (message: StreamMessage) => void): Promise<Subscription>;
  ends(topic: TopicName): Promise<readonly PartitionEnd[]>;
}
