import { Rejected } from '../errors.ts';
import { sameState } from '../store/filter.ts';
import type { Aggregate, Context, Store, Work } from '../store/store.ts';
import type { Consumer } from './consumer.ts';
import { StillParked, type Inbox } from './inbox.store.ts';
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

/** A message that a person decided to go on without, whole, with who and why. */
export interface PassedOver extends ParkedMessage {
  readonly group: string;
  readonly topic: string;
  readonly place: string;
  /** Why it was parked. */
  readonly was: string;
  readonly actor: string;
  readonly reason: string;
  readonly at: Date;
}

/** Which message, so that pressing twice does not pass over two. */
interface Place {
  readonly partition: number;
  readonly offset: number;
}

export interface Redrive {
  /** `alive` is awaited after each message; what it throws ends the redrive. */
  key(consumer: Consumer, key: string, alive?: () => Promise<void>): Promise<Redriven>;
  /** All parked keys of a group and topic, or of everything. */
  all(which?: Which): Promise<Redriven[]>;
  /**
   * Goes on without the first message of a parked key, keeps it with who and why, and redrives the rest. Throws
   * `parked-message-unknown` if another message is first by now, `parked-message-early` if a version is missing before it.
   */
  passOver(consumer: Consumer, key: string, place: Place, by: Context & { readonly reason: string }): Promise<Redriven>;
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

  /** False if it is not in the park any more. */
  async function leave(
    work: Work,
    consumer: Consumer,
    { _id, parkedKey, ...parked }: ParkedMessage,
    event: ParkedKeyEvent,
  ): Promise<boolean> {
    // The header first: another redrive or the consumer changes it with whatever it does to the key.
    await work.load(parkedKeys, [parkedKey]);
    if (!(await work.read('parked_messages', [_id])).has(_id)) return false;
    const passOver = event.type === 'MessagePassedOver';
    const reading = inbox.read(consumer, unparked({ _id, parkedKey, ...parked }));
    await inbox.apply(consumer, [reading], work, { fromPark: true, passOver });
    await work.append(parkedKeys, parkedKey, [event]);
    work.remove('parked_messages', _id);
    return true;
  }

  /** Why it could not be handled, or null. */
  async function one(consumer: Consumer, parked: ParkedMessage): Promise<string | null> {
    try {
      await store.work(SYSTEM, (work) => leave(work, consumer, parked, { type: 'MessageRedriven' }));
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  return {
    key,
    all: async (which = {}) => {
      const wanted = sameState(which);
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
    passOver: async (consumer, parked, { partition, offset }, by) => {
      const { group, topic } = consumer;
      const id = parkedKeyId(group, topic, parked);
      const unknown = new Rejected('parked-message-unknown', { topic, key: parked, partition, offset });
      const first = await nextOf(id);
      if (first?.partition !== partition || first.offset !== offset) throw unknown;
      await store.work(by, async (work) => {
        const [header] = await work.load(parkedKeys, [id]);
        const was = `${header?.state.reason ?? ''}: ${header?.state.detail ?? ''}`;
        try {
          if (!(await leave(work, consumer, first, { type: 'MessagePassedOver' }))) throw unknown;
        } catch (error) {
          if (!(error instanceof StillParked)) throw error;
          throw new Rejected('parked-message-early', { topic, key: parked, why: error.message });
        }
        const { actor, reason } = by;
        const kept: PassedOver = { ...first, group, topic, place: parked, was, actor, reason, at: store.clock() };
        work.replace('passed_over', { ...kept });
      });
      return key(consumer, parked);
    },
  };
}
