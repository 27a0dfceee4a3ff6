import type { Codec } from '@lotwarden/contracts/codec';
import type { TopicName } from '@lotwarden/contracts/topics';
import { Conflict, Rejected, Transient } from '../errors.ts';
import type { Incoming } from '../kafka/kafka.ts';
import type { Log } from '../log/log.ts';
import type { Aggregate, Store, Work } from '../store/store.ts';
import type { Consumer } from './consumer.ts';
import { deadLetter, letterEntry } from './dead-letter.ts';
import { contextOf, isInbound, type Envelope } from './envelope.ts';
import {
  evolve,
  NOT_PARKED,
  parkedKeyId,
  parkedMessage,
  type ParkedKey,
  type ParkedKeyEvent,
  type ParkedMessage,
  type ParkReason,
} from './parking.ts';
import { read, type Reading } from './reading.ts';
import { seenBefore } from './seen.store.ts';

export interface InboxSettings {
  readonly store: Store;
  readonly codec: Codec;
  readonly log: Log;
  readonly service: string;
  /** By inbound topic: who may write it. A topic not named here takes anybody (its Kafka ACL decides). */
  readonly allowedSources: Readonly<Partial<Record<string, readonly string[]>>>;
  readonly parkedKeys: Aggregate<ParkedKey, ParkedKeyEvent>;
}

interface ApplyOptions {
  /** It came out of the park: order was waited for, so it is not parked behind itself. */
  readonly fromPark?: boolean;
  /** The handlers were tried often enough: what they would handle is parked instead, for this reason. */
  readonly giveUp?: string;
  /** A person decided to go on without it: it counts as seen, and no handler sees it. */
  readonly passOver?: boolean;
}

export interface Inbox {
  read(consumer: Consumer, message: Incoming): Reading;
  /**
   * Applies messages of one consumer inside a unit of work: drops what was seen, parks what came too early, keeps
   * unreadable bytes as dead letters, hands the rest to the handler. Tells which parked keys can follow now. Throws
   * HandlerFailed, StillParked, Conflict, Transient; the unit is void then.
   */
  apply(
    consumer: Consumer,
    readings: readonly Reading[],
    work: Work,
    options?: ApplyOptions,
  ): Promise<{ readonly unblocked: ReadonlySet<string> }>;
}

/** A handler threw what is neither the business's no nor a matter of time: a bug. */
export class HandlerFailed extends Error {
  override readonly name = 'HandlerFailed';
}

/** A message out of the park cannot be handled yet; it stays where it is. */
export class StillParked extends Error {
  override readonly name = 'StillParked';
}

export const declareInbox = (store: Store): Aggregate<ParkedKey, ParkedKeyEvent> => {
  store.collection<ParkedMessage>('parked_messages', [{ key: { parkedKey: 1, version: 1, partition: 1, offset: 1 } }]);
  store.collection('dead_letters', [{ key: { at: 1 } }]);
  store.collection('passed_over', [{ key: { at: 1 } }]);
  store.collection('stream_gaps');
  return store.aggregate<ParkedKey, ParkedKeyEvent>({
    collection: 'parked_keys',
    initial: NOT_PARKED,
    evolve,
    indexes: [{ key: { 'state.count': 1 } }],
  });
};

export function createInbox({ store, codec, log, service, allowedSources, parkedKeys }: InboxSettings): Inbox {
  const apply: Inbox['apply'] = async (consumer, readings, work, options = {}) => {
    const { fromPark = false, giveUp, passOver = false } = options;
    const { topic, group } = consumer;
    const at = store.clock();
    const parkIdOf = ({ key }: Reading): string => parkedKeyId(group, topic, key);
    // Before anything else: whoever changes what is read below has to change the key's header too.
    const headers = await work.load(parkedKeys, [...new Set(readings.map(parkIdOf))]);
    const parked = new Map(headers.map(({ id, state }) => [id, state.count]));
    const seen = await seenBefore(work, { group, topic }, readings, at);
    const unblocked = new Set<string>();

    const park = async (reading: Reading, reason: ParkReason, detail: string): Promise<void> => {
      if (fromPark) throw new StillParked(detail);
      const { key } = reading;
      const id = parkIdOf(reading);
      const event = { type: 'MessageParked', group, topic, key, reason, detail, at: at.toISOString() } as const;
      await work.append(parkedKeys, id, [event]);
      work.replace('parked_messages', { ...parkedMessage(group, topic, reading, at) });
      parked.set(id, (parked.get(id) ?? 0) + 1);
      const { partition, offset } = reading.message;
      if (reason !== 'behind') log.warn({ group, topic, key, reason, detail, partition, offset }, 'key parked');
    };

    const setAside = (reading: Reading, reason: string): void => {
      const { message } = reading;
      const { _id, ...letter } = deadLetter(topic, message, reason, at);
      work.reference('dead_letters', { _id, ...letter });
      work.reference('outbox', { ...letterEntry(service, topic, message, reason, at) });
      log.error({ group, topic, reason, partition: message.partition, offset: message.offset }, 'dead letter');
    };

    for (const reading of readings) {
      const waiting = !fromPark && (parked.get(parkIdOf(reading)) ?? 0) > 0;
      if (reading.kind === 'undecodable') {
        setAside(reading, reading.reason);
        // Whoever redrives it has decided to go on without it.
        if (!fromPark) await park(reading, 'undecodable', reading.reason);
        continue;
      }
      if (reading.kind === 'schema-unknown') {
        await park(reading, waiting ? 'behind' : 'schema-unknown', reading.reason);
        continue;
      }
      const { envelope } = reading;
      if (isStranger(topic, envelope)) {
        setAside(reading, `unknown producer ${envelope.source}`);
        continue;
      }
      const standing = seen.standing(reading);
      if (standing === 'handled') continue;
      if (standing === 'id-reused') {
        setAside(reading, `message id ${envelope.id} was used before, for something else`);
        continue;
      }
      if (standing === 'early') {
        const gap = `version ${String(reading.version)} after ${String(seen.last(reading))}`;
        await park(reading, waiting ? 'behind' : 'gap', gap);
        continue;
      }
      if (waiting && reading.version === 0) {
        await park(reading, 'behind', 'an earlier message of the key is parked');
        continue;
      }
      if (giveUp !== undefined) {
        await park(reading, 'failed', giveUp);
        continue;
      }
      const refusal = passOver ? undefined : await handle(consumer, envelope, work);
      if (refusal !== undefined) {
        await park(reading, 'refused', refusal);
        continue;
      }
      seen.handled(reading);
      if (waiting) {
        // The missing version has come: what waits behind it can follow.
        await work.append(parkedKeys, parkIdOf(reading), [{ type: 'GapClosed' }]);
        unblocked.add(reading.key);
      }
    }
    seen.write();
    return { unblocked };
  };

  const isStranger = (topic: TopicName, { source }: Envelope): boolean =>
    isInbound(topic) && allowedSources[topic]?.includes(source) === false;

  /**
   * What the business said no to, or undefined when it is done. What is told has happened: our no must not make it
   * vanish, so whoever gets one parks the message.
   */
  async function handle(consumer: Consumer, envelope: Envelope, work: Work): Promise<string | undefined> {
    try {
      await work.savepoint(() => consumer.handle(envelope, work.as(contextOf(envelope))));
      return undefined;
    } catch (error) {
      if (error instanceof Conflict || error instanceof Transient) throw error;
      if (error instanceof Rejected) return refusalOf(error);
      throw new HandlerFailed(error instanceof Error ? error.message : String(error), { cause: error });
    }
  }

  return { apply, read: (consumer, message) => read(codec, consumer, message) };
}

const refusalOf = ({ code, detail }: Rejected): string =>
  Object.keys(detail).length === 0 ? code : `${code} ${JSON.stringify(detail)}`;
