import type { TopicName } from '@lotwarden/contracts/topics';
import type { PartitionEnd } from '../kafka/kafka.ts';

export interface StreamMessage {
  readonly offset: number;
  readonly value: Buffer | null;
}

export interface Subscription {
  stop(): Promise<void>;
  /** Settles with the reason when reading was given up for good; the supervisor restarts the service. */
  readonly failed: Promise<Error>;
}

/** What a gate needs of Kafka. Topic names are without prefix. */
export interface GateStreams {
  /**
   * Reads partition 0 of a topic in a group, from `position()` on (asked at each assignment and after each failure;
   * undefined = from the beginning), one batch at a time. A handler that throws is called again from `position()`
   * after a pause; nothing is skipped or parked.
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
