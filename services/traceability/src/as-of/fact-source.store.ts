import type { Codec } from '@lotwarden/contracts/codec';
import type { TopicName } from '@lotwarden/contracts/topics';
import { FACT_TOPICS, type Fact } from '../genealogy/facts.ts';
import type { Facts } from '../facts/facts.store.ts';
import type { FactRecord } from '../facts/record.ts';
import type { Subject } from '../facts/subjects.ts';
import { ALWAYS, type Want } from './leads-to.ts';
import type { Cited } from './past.ts';

export interface Recorded {
  readonly fact: Fact;
  readonly cited: Cited;
}

/** Facts of the topics that the graph is made of, by what they are about and when they were recorded. */
export interface FactSource {
  /** What is needed for every answer. */
  always(until: string): AsyncIterable<Recorded>;
  about(wants: readonly Want[], until: string): AsyncIterable<Recorded>;
  /** All of one aggregate. */
  stream(topic: string, aggregate: string, until: string): AsyncIterable<Recorded>;
  /** What had occurred by then and was recorded later, about these: the earliest recorded first, and how many. */
  late(subjects: readonly Subject[], at: string, limit: number): Promise<{ first: Cited[]; total: number }>;
}

const BYTES = { promoteBuffers: true } as const;
/** Subjects that one query asks for. */
const AT_ONCE = 200;

export function factSource(facts: Facts, codec: Pick<Codec, 'decode'>): FactSource {
  async function* find(filter: object, until: string): AsyncIterable<Recorded> {
    const known = { topic: { $in: [...FACT_TOPICS] }, recordedAt: { $lte: until } };
    for await (const record of facts.find({ $and: [filter, known] }, BYTES))
      yield { fact: factIn(record, codec), cited: citedAs(record) };
  }

  return {
    always: (until) => find({ topic: { $in: [...ALWAYS] } }, until),
    about: async function* (wants, until) {
      for (const filter of filtersOf(wants)) yield* find(filter, until);
    },
    stream: (topic, aggregate, until) =>
      find({ _id: { $gte: `${topic}|${aggregate}|`, $lt: `${topic}|${aggregate}|:` } }, until),
    late: async (subjects, at, limit) => {
      const first: Cited[] = [];
      let total = 0;
      for (let from = 0; from < subjects.length; from += AT_ONCE) {
        const filter = {
          subjects: { $in: subjects.slice(from, from + AT_ONCE) },
          topic: { $in: [...FACT_TOPICS] },
          recordedAt: { $gt: at },
          occurredAt: { $lte: at },
        };
        total += await facts.countDocuments(filter);
        const found = facts
          .find(filter, { projection: { value: 0 } })
          .sort({ recordedAt: 1, _id: 1 })
          .limit(limit);
        first.push(...(await found.toArray()).map(citedAs));
      }
      first.sort((a, b) => (a.recordedAt < b.recordedAt ? -1 : 1));
      return { first: first.slice(0, limit), total };
    },
  };
}

const citedAs = (record: Omit<FactRecord, 'value'>): Cited => {
  const { topic, aggregate, version, type, id, occurredAt, recordedAt, subjects } = record;
  return { topic, aggregate, version, type, id, occurredAt, recordedAt, subjects };
};

function factIn(record: FactRecord, codec: Pick<Codec, 'decode'>): Fact {
  const { topic, partition, offset, aggregate, version, id, occurredAt, value } = record;
  const event = codec.decode(topic as TopicName, Buffer.from(value));
  return { topic, partition, offset, aggregate, version, id, occurredAt, event } as Fact;
}

function filtersOf(wants: readonly Want[]): object[] {
  const groups = Map.groupBy(wants, ({ topics, span, occurred }) => JSON.stringify([topics, span, occurred]));
  return [...groups.values()].flatMap((group) => {
    const { topics, span, occurred } = group[0] ?? {};
    const narrowed = [
      ...(topics ? [{ topic: { $in: [...topics] } }] : []),
      ...(span?.from == null ? [] : [{ $or: [{ 'span.to': { $gte: span.from } }, { 'span.to': null }] }]),
      ...(span?.to == null ? [] : [{ 'span.from': { $lte: span.to } }]),
      ...(occurred?.from === undefined ? [] : [{ occurredAt: { $gte: occurred.from } }]),
      ...(occurred?.to === undefined ? [] : [{ occurredAt: { $lte: occurred.to } }]),
    ];
    return Array.from({ length: Math.ceil(group.length / AT_ONCE) }, (_, part) => {
      const subjects = group.slice(part * AT_ONCE, (part + 1) * AT_ONCE).map((want) => want.subject);
      return { $and: [{ subjects: { $in: subjects } }, ...narrowed] };
    });
  });
}
