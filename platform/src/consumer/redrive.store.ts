import type { Incoming } from '../kafka/kafka.ts';
import type { Aggregate, Store } from '../store/store.ts';
import type { Consumer } from './consumer.ts';
import { StillParked, type Inbox } from './inbox.store.ts';
import { parkedKeyId, type ParkedKey, type ParkedKeyEvent, type ParkedMessage } from './parking.ts';

export interface Redriven {
  readonly group: string;
  readonly topic: string;
  readonly key: string;
  readonly handled: number;
  readonly remaining: number;
  /** Why it stopped, if anything remains. */
  readonly reason: string | null;
}

export interface Redrive {
  key(consumer: Consumer, key: string): Promise<Redriven>;
  /** All parked keys of a group and topic, or of everything. */
  all(filter?: { readonly group?: string; readonly topic?: string; readonly key?: string }): Promise<Redriven[]>;
}

interface RedriveSettings {
  readonly store: Store;
  readonly inbox: Inbox;
  readonly parkedKeys: Aggregate<ParkedKey, ParkedKeyEvent>;
  readonly consumers: readonly Consumer[];
}

const SYSTEM = { actor: 'system', reason: 'redrive' };

/** Handles the messages of parked keys in their order, each in one transaction with leaving the park. */
export function createRedrive({ store, inbox, parkedKeys, consumers }: RedriveSettings): Redrive {
  const messages = store.db.collection<ParkedMessage>('parked_messages');

  const nextOf = (parkedKey: string) => messages.find({ parkedKey }).sort({ partition: 1, offset: 1 }).limit(1).next();

  async function key(consumer: Consumer, parked: string): Promise<Redriven> {
    const { group, topic } = consumer;
    const id = parkedKeyId(group, topic, parked);
    let handled = 0;
    let reason: string | null = null;
    for (;;) {
      const next = await nextOf(id);
      if (next === null) break;
      reason = await one(consumer, next);
      if (reason !== null) break;
      handled += 1;
    }
    const remaining = await messages.countDocuments({ parkedKey: id });
    return { group, topic, key: parked, handled, remaining, reason };
  }

  async function one(consumer: Consumer, parked: ParkedMessage): Promise<string | null> {
    try {
      await store.work(SYSTEM, async (work) => {
        await inbox.apply(consumer, [incoming(parked)], work, { fromPark: true });
        await work.append(parkedKeys, parked.parkedKey, [{ type: 'MessageRedriven' }]);
        work.remove('parked_messages', parked._id);
      });
      return null;
    } catch (error) {
      if (error instanceof StillParked) return error.message;
      return error instanceof Error ? error.message : String(error);
    }
  }

  return {
    key,
    all: async (filter = {}) => {
      const wanted = Object.fromEntries(
        Object.entries(filter).flatMap(([name, value]) => (value === undefined ? [] : [[`state.${name}`, value]])),
      );
      const results: Redriven[] = [];
      const { items } = await parkedKeys.find({ ...wanted, 'state.count': { $gt: 0 } }, { limit: 500 });
      for (const { state } of items) {
        const consumer = consumers.find((c) => c.group === state.group && c.topic === state.topic);
        if (consumer) results.push(await key(consumer, state.key));
      }
      return results;
    },
  };
}

const incoming = ({ partition, offset, key, value, headers, timestamp }: ParkedMessage): Incoming => ({
  partition,
  offset,
  key,
  rawKey: key === null ? null : Buffer.from(key),
  value: value === null ? null : Buffer.from(value.buffer),
  headers,
  timestamp,
});
