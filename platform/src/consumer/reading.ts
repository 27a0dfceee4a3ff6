import { UnknownSchemaIdError, type Codec } from '@lotwarden/contracts/codec';
import type { Incoming } from '../kafka/kafka.ts';
import type { Consumer } from './consumer.ts';
import { envelopeOf, subjectOf, versionOf, type Envelope } from './envelope.ts';

interface Common {
  readonly message: Incoming;
  /** What its order is kept by; under this key it is parked. */
  readonly key: string;
  /** The aggregate's version; 0 where there is none. */
  readonly version: number;
}

/** How a message reads: an event, bytes nobody can read, or a schema nobody here knows yet. */
export type Reading =
  | (Common & { readonly kind: 'event'; readonly envelope: Envelope })
  | (Common & { readonly kind: 'undecodable'; readonly reason: string })
  | (Common & { readonly kind: 'schema-unknown'; readonly reason: string });

/** Never throws: whatever somebody put on a topic, the messages behind it have to be reached. */
export function read(codec: Codec, { topic }: Consumer, message: Incoming): Reading {
  const version = versionOf(topic, message);
  try {
    const envelope = envelopeOf(codec, topic, message);
    return { kind: 'event', message, key: envelope.subject, version, envelope };
  } catch (error) {
    const kind = error instanceof UnknownSchemaIdError ? 'schema-unknown' : 'undecodable';
    const reason = error instanceof Error ? error.message : String(error);
    return { kind, message, key: subjectOf(topic, message), version, reason };
  }
}
