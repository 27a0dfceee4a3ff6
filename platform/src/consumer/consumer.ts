import type { EventOf } from '@lotwarden/contracts/events';
import type { TopicName } from '@lotwarden/contracts/topics';
import type { Work } from '../store/work.ts';
import type { Envelope } from './envelope.ts';

export type { Envelope } from './envelope.ts';

type NameOf<E> = E extends { readonly type: infer Name extends string } ? Name : never;
type RecordName<T extends TopicName> = NameOf<EventOf<T>>;

/** The envelope of one record type of a topic. */
export type EnvelopeOf<T extends TopicName, Name extends RecordName<T>> = Omit<Envelope<T>, 'event'> & {
  readonly event: Extract<EventOf<T>, { type: Name }>;
};

type Handler<E> = (envelope: E, work: Work) => Promise<unknown> | void;

/** What it does about each record type; a type that is not named is passed over (but counts as seen). */
export type Handlers<T extends TopicName> = {
  readonly [Name in RecordName<T>]?: Handler<EnvelopeOf<T, Name>>;
};

/** One way in from Kafka. Everything it does to `work` happens in one transaction with its place in the stream. */
export interface Consumer {
  readonly topic: TopicName;
  /** `<service>.<purpose>`: whose place in the stream this is. */
  readonly group: string;
  readonly handle: (envelope: Envelope, work: Work) => Promise<void>;
}

/**
 * A consumer of one topic. Handlers are idempotent by their decisions; order, duplicates, gaps, poison and retries are
 * the platform's business. A thrown Rejected parks the message's key at once and is tried again now and then; any other
 * error is retried first.
 *
 *     consumer({ topic: 'qms.inspection.v1', group: 'receiving.material-lot',
 *                on: { InspectionDecided: ({ event }, work) => work.change(lots, event.lot, …) } })
 */
export function consumer<const T extends TopicName>(definition: {
  readonly topic: T;
  readonly group: string;
  readonly on: Handlers<T>;
}): Consumer {
  const { topic, group, on } = definition;
  const handlers = on as Readonly<Record<string, Handler<Envelope> | undefined>>;
  return {
    topic,
    group,
    handle: async (envelope, work) => {
      await handlers[(envelope.event as { type: string }).type]?.(envelope, work);
    },
  };
}
