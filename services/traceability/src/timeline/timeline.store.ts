import type { Codec } from '@lotwarden/contracts/codec';
import type { TopicName } from '@lotwarden/contracts/topics';
import { decodeCursor, encodeCursor } from '@lotwarden/platform/http';
import type { Facts } from '../facts/facts.store.ts';
import type { FactRecord } from '../facts/record.ts';
import { idsOf, subject, type Subject } from '../facts/subjects.ts';
import { around, narrowed, type Inside } from './container-windows.ts';
import { entryOf, type TimelineEntry } from './entry.ts';
import { comparedWith, findingEntry, findingsOf, type Beside, type Told, type Tolerances } from './findings.ts';
import { madeOf, NO_STATUS, statusAfter, statusText, type LotStatus } from './status.ts';

export interface TimelineAsk {
  readonly subjects: readonly Subject[];
  /** Ids of one lot, itself and its placeholders, or several lots. */
  readonly oneLot: boolean;
  readonly order: 'occurred' | 'recorded';
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Only what had been recorded until then. */
  readonly asOf?: string | undefined;
  readonly kinds?: readonly string[] | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
  /** Which of its events are told; all if absent. */
  readonly wanted?: (record: FactRecord, event: object) => boolean;
}

interface Page {
  readonly items: readonly TimelineEntry[];
  readonly next: string | null;
}

export type Opened = { readonly record: FactRecord; readonly event: { readonly type: string } };

export interface Timelines {
  page(ask: TimelineAsk): Promise<Page>;
  /** Has anything ever been recorded about it? */
  isKnown(subject: Subject): Promise<boolean>;
  /** Every event of these topics about any of the subjects, with its contents. */
  told(subjects: readonly Subject[], topics: readonly string[], asOf?: string): AsyncIterable<Opened>;
  /** What a container was in, and what that was in, and when. */
  inside(container: string, asOf?: string): Promise<readonly Inside[]>;
}

const BYTES = { promoteBuffers: true } as const;
const CONTAINERS = 'serialization.container.v1';
/** Unit pack, carton, case, pallet, load: deeper than that nothing is packed. */
const LEVELS = 6;

export function createTimelines(facts: Facts, codec: Pick<Codec, 'decode'>, tolerances: Tolerances): Timelines {
  const open = (record: FactRecord): Opened => ({
    record,
    event: codec.decode(record.topic as TopicName, Buffer.from(record.value)),
  });

  const page = async (ask: TimelineAsk): Promise<Page> => {
    const { order, limit, cursor, wanted } = ask;
    const by = order === 'occurred' ? 'occurredAt' : 'recordedAt';
    const found: Opened[] = [];
    let last: FactRecord | undefined;
    const stream = facts.find({ $and: filtersOf(ask, by, cursor) }, BYTES).sort({ [by]: 1, _id: 1 });
    for await (const record of wanted ? stream : stream.limit(limit + 1)) {
      if (found.length === limit) {
        last = found.at(-1)?.record;
        break;
      }
      const opened = open(record);
      if (!wanted || wanted(record, opened.event)) found.push(opened);
    }
    return { items: await entries(ask, found), next: last ? encodeCursor(`${last[by]} ${last._id}`) : null };
  };

  const entries = async (ask: TimelineAsk, found: readonly Opened[]): Promise<TimelineEntry[]> => {
    const lots = idsOf('lot', ask.subjects);
    const asked = new Set(lots);
    const telling = await statusFacts(lots, ask.asOf);
    const beside = await compared(ask, found, telling);
    const statuses = statusLine(ask, telling);
    return found.flatMap((opened) => {
      const { record, event } = opened;
      const own = idsOf('lot', record.subjects).filter((lot) => asked.has(lot));
      const [lot = null] = own;
      const status = lot === null ? madeOf(record.type) : statusText(statuses(lot, opened));
      const entry = entryOf(record, event, { lot: ask.oneLot ? lot : null, lots: own, status });
      const findings = findingsOf({ record, event, lots: own }, beside, tolerances);
      return [entry, ...findings.map((finding) => findingEntry(entry, finding))];
    });
  };

  const statusFacts = async (lots: readonly string[], asOf: string | undefined): Promise<Opened[]> => {
    if (lots.length === 0) return [];
    const subjects = lots.map((lot) => subject('status', lot));
    const known = asOf === undefined ? {} : { recordedAt: { $lte: asOf } };
    return (await facts.find({ subjects: { $in: subjects }, ...known }, BYTES).toArray()).map(open);
  };

  const compared = async (ask: TimelineAsk, found: readonly Opened[], telling: readonly Opened[]): Promise<Beside> => {
    const ids = found.flatMap(comparedWith);
    const known = ask.asOf === undefined ? {} : { recordedAt: { $lte: ask.asOf } };
    const told = await facts.find({ _id: { $in: ids }, ...known }, { projection: { value: 0, subjects: 0 } }).toArray();
    const byId = new Map<string, Told>(told.map((one) => [one._id, one]));
    const empty = found
      .filter(({ event }) => event.type === 'OperationRecorded')
      .map(({ record }) => subject('operation', record.aggregate));
    const added = await facts
      .find({ subjects: { $in: empty }, type: { $in: ['OperationInputAdded', 'SerialsMovedOut'] }, ...known })
      .project<{ subjects: string[] }>({ subjects: 1 })
      .toArray();
    const withInputs = new Set(added.flatMap(({ subjects }) => idsOf('operation', subjects)));
    return {
      fact: (id) => byId.get(id),
      hasInputs: (operation) => withInputs.has(operation),
      first: (lot, type) =>
        telling
          .filter(({ record }) => record.type === type && (ask.oneLot || record.subjects.includes(subject('lot', lot))))
          .map(({ record }) => record)
          .reduce<Told | undefined>((a, b) => (a && a.occurredAt <= b.occurredAt ? a : b), undefined),
    };
  };

  async function* told(subjects: readonly Subject[], topics: readonly string[], asOf?: string): AsyncIterable<Opened> {
    const known = asOf === undefined ? {} : { recordedAt: { $lte: asOf } };
    const stream = facts.find({ subjects: { $in: [...subjects] }, topic: { $in: [...topics] }, ...known }, BYTES);
    for await (const record of stream) yield open(record);
  }

  const directlyInside = async (container: string, asOf?: string): Promise<Inside[]> => {
    const own: Opened[] = [];
    for await (const one of told([subject('container', container)], [CONTAINERS], asOf)) own.push(one);
    const outer = [...new Set(own.map(({ record }) => record.aggregate))].filter((id) => id !== container);
    const ofOuter = outer.map((id) => subject('container', id));
    for await (const one of told(ofOuter, [CONTAINERS], asOf)) own.push(one);
    return around(
      container,
      own.map(({ record, event }) => ({ container: record.aggregate, occurredAt: record.occurredAt, event })),
    );
  };

  const inside = async (container: string, asOf?: string): Promise<Inside[]> => {
    const found = await directlyInside(container, asOf);
    let level: readonly Inside[] = found;
    for (let depth = 1; depth < LEVELS && level.length > 0; depth++) {
      const next: Inside[] = [];
      for (const one of level)
        for (const outer of await directlyInside(one.container, asOf)) {
          const both = narrowed(outer, one);
          if (both) next.push(both);
        }
      found.push(...next);
      level = next;
    }
    return found;
  };

  const isKnown = async (one: Subject): Promise<boolean> =>
    (await facts.findOne({ subjects: one }, { projection: { _id: 1 } })) !== null;

  return { page, isKnown, told, inside };
}

function filtersOf({ subjects, from, to, asOf, kinds }: TimelineAsk, by: 'occurredAt' | 'recordedAt', cursor?: string) {
  return [
    { subjects: { $in: [...subjects] } },
    ...(from === undefined ? [] : [{ [by]: { $gte: from } }]),
    ...(to === undefined ? [] : [{ [by]: { $lt: to } }]),
    ...(asOf === undefined ? [] : [{ recordedAt: { $lte: asOf } }]),
    ...(kinds === undefined ? [] : [{ type: { $in: [...kinds] } }]),
    ...(cursor === undefined ? [] : [after(by, decodeCursor(cursor))]),
  ];
}

function after(by: string, cursor: string) {
  const [at = '', ...id] = cursor.split(' ');
  return { $or: [{ [by]: { $gt: at } }, { [by]: at, _id: { $gt: id.join(' ') } }] };
}

/** What each lot is after an event, in the order that was asked for. */
function statusLine({ order, oneLot }: TimelineAsk, telling: readonly Opened[]) {
  const at = ({ record }: Opened): string =>
    `${order === 'occurred' ? record.occurredAt : record.recordedAt} ${record._id}`;
  const inOrder = [...telling].sort((a, b) => (at(a) < at(b) ? -1 : 1));
  return (lot: string, until: Opened): LotStatus =>
    inOrder
      .filter((one) => at(one) <= at(until) && (oneLot || one.record.subjects.includes(subject('lot', lot))))
      .reduce((status, { event }) => statusAfter(status, event), NO_STATUS);
}
