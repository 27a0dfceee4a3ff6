import { Binary } from 'mongodb';
import type { Codec } from '@lotwarden/contracts/codec';
import { UndecodableError, UnknownSchemaIdError } from '@lotwarden/contracts/codec';
import { topics, type TopicName } from '@lotwarden/contracts/topics';
import { Conflict, Poison, Rejected, Transient } from '../errors.ts';
import type { Incoming } from '../kafka/kafka.ts';
import type { Log } from '../log/log.ts';
import type { Aggregate, Store, Work } from '../store/store.ts';
import { seenId } from '../store/work.ts';
import type { Consumer } from './consumer.ts';
import { contextOf, envelopeOf, type Envelope } from './envelope.ts';
import {
  evolve,
  messageId,
  NOT_PARKED,
  parkedKeyId,
  type DeadLetter,
  type ParkedKey,
  type ParkedKeyEvent,
  type ParkedMessage,
  type ParkReason,
} from './parking.ts';

/** How a message reads: an event, bytes nobody can read, or a schema nobody here knows yet. */
type Reading =
  | { readonly kind: 'event'; readonly envelope: Envelope }
  | { readonly kind: 'undecodable'; readonly reason: string }
  | { readonly kind: 'schema-unknown'; readonly reason: string };

export interface InboxSettings {
  readonly store: Store;
  readonly codec: Codec;
  readonly log: Log;
  readonly service: string;
  /** By inbound topic: who may write it. A topic not named here takes anybody (its Kafka ACL decides). */
  readonly allowedSources: Readonly<Partial<Record<string, readonly string[]>>>;
  readonly parkedKeys: Aggregate<ParkedKey, ParkedKeyEvent>;
}

/** Tries of one message before its key is parked. */
const TRIES = 3;

export const declareInbox = (store: Store): Aggregate<ParkedKey, ParkedKeyEvent> => {
  store.collection<ParkedMessage>('parked_messages', [{ key: { parkedKey: 1, partition: 1, offset: 1 } }]);
  store.collection('dead_letters', [{ key: { at: 1 } }]);
  store.collection('rejections', [{ key: { at: 1 } }]);
  return store.aggregate<ParkedKey, ParkedKeyEvent>({
    collection: 'parked_keys',
    initial: NOT_PARKED,
    evolve,
    indexes: [{ key: { 'state.count': 1 } }],
  });
};

/**
 * Applies messages of one consumer inside a unit of work: drops what was seen, parks what came too early or broke,
 * keeps unreadable bytes as dead letters, hands the rest to the handler. Runs again as a whole on conflicts.
 */
export function createInbox({ store, codec, log, service, allowedSources, parkedKeys }: InboxSettings) {
  const failures = new Map<string, number>();

  function read(consumer: Consumer, message: Incoming): Reading {
    try {
      return { kind: 'event', envelope: envelopeOf(codec, consumer.topic, topics[consumer.topic].kind, message) };
    } catch (error) {
      if (error instanceof UnknownSchemaIdError) return { kind: 'schema-unknown', reason: error.message };
      if (error instanceof UndecodableError) return { kind: 'undecodable', reason: error.message };
      throw error;
    }
  }

  /** Schema ids that are not known here, or undefined: they are waited for before anything of the batch is applied. */
  const unknownSchema = (consumer: Consumer, message: Incoming): string | undefined => {
    const reading = read(consumer, message);
    return reading.kind === 'schema-unknown' ? reading.reason : undefined;
  };

  /** `parked` = it came out of the park: order was waited for, so it is not parked behind itself. */
  async function apply(
    consumer: Consumer,
    messages: readonly Incoming[],
    work: Work,
    { fromPark = false }: { fromPark?: boolean } = {},
  ): Promise<{ unblocked: string[] }> {
    const { topic, group } = consumer;
    const inbound = topics[topic].kind === 'inbound';
    const readings = messages.map((message) => ({ message, reading: read(consumer, message) }));
    const parkIds = [
      ...new Set(readings.map(({ message, reading }) => parkedKeyId(group, topic, keyOf(message, reading)))),
    ];
    const parked = new Map((await work.load(parkedKeys, parkIds)).map(({ id, state }) => [id, state.count]));
    const seen = await seenBefore(work, group, topic, readings, inbound);
    const unblocked: string[] = [];

    const park = async (message: Incoming, reading: Reading, reason: ParkReason, detail: string): Promise<void> => {
      const key = keyOf(message, reading);
      const parkedKey = parkedKeyId(group, topic, key);
      const at = store.clock().toISOString();
      if (fromPark) throw new StillParked(detail);
      await work.append(parkedKeys, parkedKey, [{ type: 'MessageParked', group, topic, key, reason, detail, at }]);
      work.replace('parked_messages', parkedMessage(group, topic, parkedKey, message, store.clock()));
      parked.set(parkedKey, (parked.get(parkedKey) ?? 0) + 1);
      if (reason !== 'behind') log.warn({ group, topic, key, reason, detail, offset: message.offset }, 'key parked');
    };

    for (const { message, reading } of readings) {
      const key = keyOf(message, reading);
      const isParked = !fromPark && (parked.get(parkedKeyId(group, topic, key)) ?? 0) > 0;
      if (reading.kind === 'undecodable') {
        deadLetter(work, topic, message, reading.reason);
        log.error({ group, topic, key, reason: reading.reason, offset: message.offset }, 'undecodable message');
        if (!fromPark) await park(message, reading, 'undecodable', reading.reason);
        continue;
      }
      if (reading.kind === 'schema-unknown') {
        await park(message, reading, 'schema-unknown', reading.reason);
        continue;
      }
      const { envelope } = reading;
      const place = inbound ? envelope.id : envelope.subject;
      if (inbound) {
        if (allowedSources[topic]?.includes(envelope.source) === false) {
          deadLetter(work, topic, message, `unknown producer ${envelope.source}`);
          log.error({ topic, source: envelope.source, offset: message.offset }, 'unknown producer');
          continue;
        }
        if (seen.has(place)) continue;
      } else if (envelope.version > 0) {
        const last = seen.get(place) ?? 0;
        if (envelope.version <= last) continue;
        if (envelope.version > last + 1) {
          await park(
            message,
            reading,
            isParked ? 'behind' : 'gap',
            `version ${String(envelope.version)} after ${String(last)}`,
          );
          continue;
        }
        // The missing version has come: what waits behind it can follow.
        if (isParked) unblocked.push(key);
      }
      if (isParked && (inbound || envelope.version === 0)) {
        await park(message, reading, 'behind', 'an earlier message of the key is parked');
        continue;
      }
      const outcome = await handle(consumer, envelope, work);
      if (outcome !== undefined) {
        await park(message, reading, 'failed', outcome);
        continue;
      }
      seen.set(place, envelope.version);
      if (inbound) work.insert('inbox', { _id: markId(group, topic, envelope.id), at: store.clock() });
      else if (envelope.version > 0)
        work.put(
          'seen_versions',
          { _id: seenId({ group, topic, key: envelope.subject }) },
          { $set: { version: envelope.version } },
        );
    }
    return { unblocked };
  }

  /** Undefined when it is done (or was refused by the business, which is noted); else why its key must be parked. */
  async function handle(consumer: Consumer, envelope: Envelope, work: Work): Promise<string | undefined> {
    const { topic, group } = consumer;
    const id = messageId(group, topic, envelope.partition, envelope.offset);
    try {
      await work.savepoint(() => consumer.handle(envelope, work.as(contextOf(envelope))));
      failures.delete(id);
      return undefined;
    } catch (error) {
      if (error instanceof Conflict || error instanceof Transient) throw error;
      if (error instanceof Rejected) {
        const { code, detail } = error;
        work.reference('rejections', {
          _id: id,
          group,
          topic,
          subject: envelope.subject,
          code,
          detail,
          at: store.clock(),
        });
        log.warn({ group, topic, subject: envelope.subject, code }, 'message rejected');
        return undefined;
      }
      const tries = (failures.get(id) ?? 0) + 1;
      failures.set(id, tries);
      const reason = error instanceof Error ? error.message : String(error);
      if (error instanceof Poison || tries >= TRIES) {
        failures.delete(id);
        log.error({ err: error, group, topic, subject: envelope.subject }, 'handler failed');
        return reason;
      }
      log.warn({ err: error, group, topic, subject: envelope.subject, tries }, 'handler failed, trying again');
      throw new HandlerFailed(reason, { cause: error });
    }
  }

  /** The bytes as they came, in the database and on the service's dead-letter topic. */
  function deadLetter(work: Work, topic: TopicName, message: Incoming, reason: string): void {
    const { partition, offset, rawKey, value, headers } = message;
    const place = `${topic}|${String(partition)}|${String(offset)}`;
    const at = store.clock();
    const letter: DeadLetter = {
      _id: place,
      topic,
      partition,
      offset,
      key: rawKey === null ? null : new Binary(rawKey),
      value: value === null ? null : new Binary(value),
      headers,
      reason,
      at,
    };
    work.reference('dead_letters', letter);
    work.reference('outbox', {
      _id: `dead-letter|${place}`,
      topic: `${service}.dead-letter.v1`,
      key: message.key ?? '',
      aggregate: `dead-letter|${place}`,
      version: 1,
      type: 'DeadLetter',
      value: new Binary(value ?? Buffer.alloc(0)),
      headers: {
        ...headers,
        'lotwarden-topic': topic,
        'lotwarden-partition': String(partition),
        'lotwarden-offset': String(offset),
        'lotwarden-reason': encodeURIComponent(reason),
      },
      createdAt: at,
      published: false,
    });
  }

  return { apply, unknownSchema };
}

export type Inbox = ReturnType<typeof createInbox>;

/** The unit runs again: the same message may do better on what is there now. */
export class HandlerFailed extends Error {
  override readonly name = 'HandlerFailed';
}

/** A message out of the park cannot be handled yet; it stays where it is. */
export class StillParked extends Error {
  override readonly name = 'StillParked';
}

const keyOf = (message: Incoming, reading: Reading): string =>
  reading.kind === 'event' ? reading.envelope.subject : (message.headers['ce_subject'] ?? message.key ?? '');

const markId = (group: string, topic: string, id: string): string => `${group}|${topic}|${id}`;

/** What was handled before: message ids on inbound topics, last versions by aggregate elsewhere. */
async function seenBefore(
  work: Work,
  group: string,
  topic: TopicName,
  readings: readonly { readonly reading: Reading }[],
  inbound: boolean,
): Promise<Map<string, number>> {
  const envelopes = readings.flatMap(({ reading }) => (reading.kind === 'event' ? [reading.envelope] : []));
  if (inbound) {
    const marks = new Map(envelopes.map((e) => [markId(group, topic, e.id), e.id]));
    const found = await work.read('inbox', [...marks.keys()]);
    return new Map([...found.keys()].map((id) => [marks.get(id) ?? '', 0]));
  }
  const ids = new Map(envelopes.map((e) => [seenId({ group, topic, key: e.subject }), e.subject]));
  const found = await work.read<{ _id: string; version: number }>('seen_versions', [...ids.keys()]);
  return new Map([...found].map(([id, { version }]) => [ids.get(id) ?? '', version]));
}

const parkedMessage = (
  group: string,
  topic: string,
  parkedKey: string,
  { partition, offset, key, value, headers, timestamp }: Incoming,
  parkedAt: Date,
): ParkedMessage => ({
  _id: messageId(group, topic, partition, offset),
  parkedKey,
  partition,
  offset,
  key,
  value: value === null ? null : new Binary(value),
  headers,
  timestamp,
  parkedAt,
});
