import type { Deps } from '@lotwarden/platform/service';
import { Rejected } from '@lotwarden/platform/errors';
import { eventIn, type CapturedEvent } from './captured-event.ts';
import type { CompiledQuery, Condition, Order } from './compile-query.ts';
import type { JsonObject } from './json.ts';

/** Stored events of one kind: those that others told us, or our own facts in the words of EPCIS. */
export interface EventSource {
  readonly page: (
    query: CompiledQuery,
    limit: number,
    after?: string,
  ) => Promise<{ events: JsonObject[]; next?: string }>;
  /** How many there are, but not beyond `limit`. */
  readonly count: (query: CompiledQuery, limit: number) => Promise<number>;
  readonly one: (eventId: string) => Promise<JsonObject | undefined>;
  /** Distinct values of a word, in the order of their characters. */
  readonly values: (word: string, limit: number, after?: string) => Promise<{ values: string[]; next?: string }>;
}

type Found = Pick<CapturedEvent, 'eventId' | 'event' | 'eventTime' | 'recordTime' | 'words' | 'figures'>;

interface StoredEvent {
  readonly _id: string;
  readonly state: Found;
}

/** A question that takes longer is too broad for a page. */
const MAX_TIME = 20_000;

/** `hidden`: captures whose events must not be seen yet. */
export function eventSource(
  { db }: Pick<Deps, 'db'>,
  collection: string,
  hidden: () => Promise<readonly string[]> = async () => [],
): EventSource {
  const events = db.collection<StoredEvent>(collection);

  async function visible(conditions: readonly Condition[]) {
    const unseen = await hidden();
    return { $and: [{ 'state.eventId': { $exists: true }, 'state.capture': { $nin: [...unseen] } }, ...conditions] };
  }

  return {
    page: async ({ conditions, order }, limit, after) => {
      const beyond = after === undefined ? [] : [afterCursor(after, order)];
      const found = await events
        .find(await visible([...conditions, ...beyond]), { maxTimeMS: MAX_TIME })
        .sort({ [`state.${order.field}`]: order.direction, _id: order.direction })
        .limit(limit + 1)
        .toArray();
      const shown = found.slice(0, limit);
      const last = found.length > limit ? shown.at(-1) : undefined;
      return {
        events: shown.map(({ state }) => ({ ...eventIn(state.event), recordTime: state.recordTime })),
        ...(last && { next: `${last.state[order.field]} ${last._id}` }),
      };
    },
    count: async ({ conditions }, limit) =>
      events.countDocuments(await visible(conditions), { limit, maxTimeMS: MAX_TIME }),
    one: async (eventId) => {
      const found = await events
        .find(await visible([{ 'state.words': `eventID=${eventId}` }]))
        .sort({ _id: 1 })
        .limit(1)
        .toArray();
      const [first] = found;
      return first && { ...eventIn(first.state.event), recordTime: first.state.recordTime };
    },
    values: async (word, limit, after) => {
      const wanted = { $regex: `^${word}=`, ...(after === undefined ? {} : { $gt: `${word}=${after}` }) };
      const found = await events
        .aggregate<{ _id: string }>(
          [
            { $match: await visible([{ 'state.words': wanted }]) },
            { $project: { 'state.words': 1 } },
            { $unwind: '$state.words' },
            { $match: { 'state.words': wanted } },
            { $group: { _id: '$state.words' } },
            { $sort: { _id: 1 } },
            { $limit: limit + 1 },
          ],
          { maxTimeMS: MAX_TIME, allowDiskUse: true },
        )
        .toArray();
      const values = found.slice(0, limit).map(({ _id }) => _id.slice(word.length + 1));
      const last = found.length > limit ? values.at(-1) : undefined;
      return { values, ...(last !== undefined && { next: last }) };
    },
  };
}

function afterCursor(cursor: string, { field, direction }: Order): Condition {
  const space = cursor.indexOf(' ');
  if (space < 1) throw new Rejected('epcis-token-invalid');
  const [time, id] = [cursor.slice(0, space), cursor.slice(space + 1)];
  const beyond = direction === 1 ? '$gt' : '$lt';
  return { $or: [{ [`state.${field}`]: { [beyond]: time } }, { [`state.${field}`]: time, _id: { [beyond]: id } }] };
}
