export type TopicKind = 'fact' | 'hold' | 'tick' | 'inbound' | 'dead-letter';

export type Topic = {
  readonly kind: TopicKind;
  /** The service that answers for it: it publishes the facts, or reads what outside systems report. */
  readonly owner: string;
  /** What the message key holds: the aggregate's id, by its field name. Order is kept per key. */
  readonly key: string;
  readonly partitions: number;
  /** Milliseconds, or for ever. */
  readonly retention: 'forever' | number;
  /** Record types, by simple name; none where the value is raw bytes. */
  readonly records: readonly string[];
  readonly readers: readonly string[];
  /** Services or outside systems; nobody else may write. */
  readonly writers: readonly string[];
};

export type Topics = Readonly<Record<string, Topic>>;
