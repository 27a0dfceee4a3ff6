import type { Aggregate, Store } from '../store/store.ts';
import type { Consumer } from './consumer.ts';
import type { Inbox } from './inbox.store.ts';
import { parkedKeyId, unparked, type ParkedKey, type ParkedKeyEvent, type ParkedMessage } from './parking.ts';

export interface Redriven {
  readonly group: string;
  readonly topic: string;
  readonly key: string;
  readonly handled: number;
  readonly remaining: number;
  /** Why it stopped, if anything remains. */
  readonly reason: string | null;
}

interface Which {
  readonly group?: string;
  readonly topic?: string;
  readonly key?: string;
  /** Only what was parked for this. */
  readonly reason?: string;
}

export interface Redrive {
  /** `alive` is awaited after each message; what it throws ends the redrive. */
  key(consumer: Consumer, key: string, alive?: () => Promise<void>): Promise<Redriven>;
  /** All parked keys of a group and topic, or of everything. */
  all(which?: Which): Promise<Redriven[]>;
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

  const nextOf = (parkedKey: string) =>
    messages.find({ parkedKey }).sort({ version: 1, partition: 1, offset: 1 }).limit(1).next();

  const key: Redrive['key'] = async (consumer, parked, alive = () => Promise.resolve()) => {
    const { group, topic } = consumer;
    const id = parkedKeyId(group, topic, parked);
    let handled = 0;
    let reason: string | null = null;
    for (let next = await nextOf(id); next !== null && reason === null; next = await nextOf(id)) {
      reason = await one(consumer, next);
      if (reason === null) handled += 1;
      await alive();
    }
    const remaining = await messages.countDocuments({ parkedKey: id });
    return { group, topic, key: parked, handled, remaining, reason: remaining > 0 ? reason : null };
  };

  /** Why it could not be handled, or null. */
  async function one(consumer: Consumer, parked: ParkedMessage): Promise<string | null> {
    const { _id, parkedKey } = parked;
    try {
      await store.work(SYSTEM, async (work) => {
        // The header first: another redrive or the consumer changes it with whatever it does to the key.
        await work.load(parkedKeys, [parkedKey]);
        if (!(await work.read('parked_messages', [_id])).has(_id)) return;
        await inbox.apply(consumer, [inbox.read(consumer, unparked(parked))], work, { fromPark: true });
        await work.append(parkedKeys, parkedKey, [{ type: 'MessageRedriven' }]);
        work.remove('parked_messages', _id);
      });
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  return {
    key,
    all: async (which = {}) => {
      const wanted = Object.fromEntries(
        Object.entries(which).flatMap(([name, value]) => (value === undefined ? [] : [[`state.${name}`, value]])),
      );
      const results: Redriven[] = [];
      let after: string | undefined;
      do {
        const page = await parkedKeys.find({ ...wanted, 'state.count': { $gt: 0 } }, { limit: 500, after });
        for (const { state } of page.items) {
          const consumer = consumers.find((c) => c.group === state.group && c.topic === state.topic);
          if (consumer) results.push(await key(consumer, state.key));
        }
        after = page.next;
      } while (after !== undefined);
      return results;
    },
  };
}
