import { createHmac } from 'node:crypto';
import { consumer } from '@lotwarden/platform/consumer';
import type { Outgoing } from '@lotwarden/platform/outgoing';
import type { SecretBox } from '@lotwarden/platform/secret-box';
import type { Deps } from '@lotwarden/platform/service';
import { eventIn, keyOf } from './captured-event.ts';
import type { Captures } from './capture.store.ts';
import { compileQuery, type Condition } from './compile-query.ts';
import type { NamedQueries } from './named-query.routes.ts';
import { namespacesOf } from './namespaces.ts';
import { VERSIONS } from './negotiate.ts';
import { queryDocument } from './query-document.ts';
import { render } from './render.ts';
import { nextTime, type Schedule } from './schedule.ts';

/** Somebody who wants to be told what newly answers a query. */
export interface Subscription {
  readonly _id: string;
  readonly query: string;
  readonly dest: string;
  /** base64 of a sealed text; null where nothing is to be signed. */
  readonly sealedToken: string | null;
  /** null: told as it comes. */
  readonly schedule: Schedule | null;
  readonly reportIfEmpty: boolean;
  readonly createdAt: Date;
  readonly dueAt: Date;
  readonly leasedUntil: Date;
  readonly failures: number;
  readonly lastNotifiedAt: Date | null;
  readonly lastError: string | null;
}

/** An event that a subscriber has not taken yet. */
interface Pending {
  readonly _id: string;
  readonly subscription: string;
  readonly key: string;
}

const PENDING = 'epcis_pending';
/** Events in one message to a subscriber. */
const BATCH = 100;
const LEASE = 60_000;
/** Milliseconds between two looks at whether there is something to send. */
const LOOK = 1_000;
const LONGEST_PAUSE = 3_600_000;

export function openSubscriptions({ collection }: Pick<Deps, 'collection'>) {
  return {
    subscriptions: collection<Subscription>('epcis_subscriptions', [
      { key: { dueAt: 1 } },
      { key: { query: 1, _id: 1 } },
    ]),
    pending: collection<Pending>(PENDING, [{ key: { subscription: 1, _id: 1 } }]),
  };
}

export type Subscriptions = ReturnType<typeof openSubscriptions>;

interface Needs {
  readonly deps: Pick<Deps, 'clock' | 'log'>;
  readonly house: Subscriptions;
  readonly queries: NamedQueries;
  readonly captured: Captures;
  readonly out: Outgoing;
  readonly box: () => SecretBox;
}

export function subscriber({ deps, house, queries, captured, out, box }: Needs) {
  const { clock, log } = deps;
  const { subscriptions, pending } = house;
  const { events, captures } = captured;

  /** What a captured event is to whom; asked of the stored event, so that a query means the same here and there. */
  const noted = consumer({
    topic: 'traceability.epcis.v1',
    group: 'traceability.epcis-subscriptions',
    on: {
      EpcisEventCaptured: async ({ event }, work) => {
        const key = keyOf(event.eventId, eventIn(event.event), event.party);
        for await (const { _id, query } of subscriptions.find()) {
          const named = await queries.findOne({ _id: query });
          if (!named) continue;
          const { conditions } = compileQuery(named.query, { ...namespacesOf(undefined), ...named.namespaces });
          const { items } = await events.find({ $and: [{ _id: key }, ...conditions] }, { limit: 1 });
          if (items.length > 0)
            work.reference(PENDING, { _id: `${_id}|${event.recordTime}|${key}`, subscription: _id, key });
        }
      },
    },
  });

  async function tellDue(): Promise<void> {
    const now = clock.now();
    for await (const { _id } of subscriptions.find({ dueAt: { $lte: now }, leasedUntil: { $lte: now } })) {
      const leasedUntil = new Date(now.getTime() + LEASE);
      const mine = await subscriptions.findOneAndUpdate(
        { _id, dueAt: { $lte: now }, leasedUntil: { $lte: now } },
        { $set: { leasedUntil } },
      );
      if (mine) await tell(mine);
    }
  }

  async function tell(subscription: Subscription): Promise<void> {
    const { _id, schedule, reportIfEmpty } = subscription;
    const now = clock.now().getTime();
    const after = schedule === null ? now + LOOK : (nextTime(schedule, now) ?? now + LONGEST_PAUSE);
    const waiting = await pending.find({ subscription: _id }).sort({ _id: 1 }).limit(BATCH).toArray();
    const open = (await captures.find({ running: true, behaviour: 'rollback' }).toArray()).map((job) => job._id);
    const named: Condition = { _id: { $in: waiting.map(({ key }) => key) } };
    const found = await events.find({ $and: [named] }, { limit: BATCH });
    const shown = found.items.filter(({ state: { capture } }) => capture === null || !open.includes(capture));
    const taken = waiting.filter(({ key }) => shown.some(({ id }) => id === key));
    if (taken.length === 0 && !(reportIfEmpty && schedule !== null)) {
      await subscriptions.updateOne({ _id }, { $set: { dueAt: new Date(after), leasedUntil: new Date(now) } });
      return;
    }
    const list = taken.flatMap(({ key }) => shown.filter(({ id }) => id === key));
    const sent = await send(
      subscription,
      list.map(({ state }) => ({ ...eventIn(state.event), recordTime: state.recordTime })),
    );
    if (sent !== null) {
      const failures = subscription.failures + 1;
      const pause = Math.min(LONGEST_PAUSE, LOOK * 2 ** Math.min(failures, 12));
      log.warn({ subscription: _id, failures, error: sent }, 'a subscriber did not take its events');
      const dueAt = new Date(now + pause);
      await subscriptions.updateOne(
        { _id },
        { $set: { failures, lastError: sent, dueAt, leasedUntil: new Date(now) } },
      );
      return;
    }
    await pending.deleteMany({ _id: { $in: taken.map((one) => one._id) } });
    // More than one message holds: the rest follows at once.
    const dueAt = new Date(waiting.length === BATCH ? now : after);
    const settled = { failures: 0, lastError: null, lastNotifiedAt: new Date(now), dueAt, leasedUntil: new Date(now) };
    await subscriptions.updateOne({ _id }, { $set: settled });
  }

  /** null if it was taken, else why not. */
  async function send({ query, dest, sealedToken, _id }: Subscription, list: readonly ReturnType<typeof eventIn>[]) {
    const shown = list.map((event) => render(event, 'Always_GS1_Digital_Link', []).event);
    const body = JSON.stringify(queryDocument(query, shown, clock.instant(), _id));
    const signature = sealedToken === null ? undefined : signatureOf(box().open(sealedToken, _id), body);
    const headers = { ...VERSIONS, ...(signature !== undefined && { 'gs1-signature': signature }) };
    const sent = await out.post({ url: dest, headers, body, trace: null });
    return sent.taken ? null : sent.error;
  }

  return { noted, tellDue };
}

/** HMAC-SHA256 over the bytes of the body, hexadecimal; the key is the subscriber's token. */
export const signatureOf = (token: string, body: string): string =>
  `sha256=${createHmac('sha256', token).update(body, 'utf8').digest('hex')}`;
