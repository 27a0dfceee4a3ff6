import type { Codec } from '@lotwarden/contracts/codec';
import type { Envelope } from '@lotwarden/platform/consumer';
import type { Deps } from '@lotwarden/platform/service';
import type { Work } from '@lotwarden/platform/store';
import { aboutOf, lotsIn, recordId, remembers, spanOf, systemOf, type FactRecord } from './record.ts';
import type { Newest } from './sources.ts';
import { subject } from './subjects.ts';

/** Lots of an operation, container, … for its later events that name only itself. */
interface SubjectLots {
  readonly _id: string;
  readonly lots: readonly string[];
}

const FACTS = 'facts';
const REMEMBERED = 'fact_lots';

export const openFacts = ({ collection }: Pick<Deps, 'collection'>) => {
  collection<SubjectLots>(REMEMBERED);
  return collection<FactRecord>(FACTS, [
    { key: { subjects: 1, occurredAt: 1, _id: 1 } },
    { key: { subjects: 1, recordedAt: 1, _id: 1 } },
    { key: { topic: 1, system: 1, recordedAt: 1 } },
  ]);
};

export type Facts = ReturnType<typeof openFacts>;

/** Keeps an event with everything that it is about, once: an event read twice finds itself there. */
export async function addToFacts(envelope: Envelope, work: Work, codec: Pick<Codec, 'encode'>): Promise<void> {
  const { event, topic, partition, offset, subject: aggregate, version, id, occurredAt, recordedAt, actor } = envelope;
  const told = aboutOf(topic, event);
  const remembered = remembers(topic) ? await rememberedLots(work, `${topic}|${aggregate}`, lotsIn(told)) : [];
  const record: FactRecord = {
    _id: recordId(topic, aggregate, version),
    topic,
    aggregate,
    version,
    type: event.type,
    partition,
    offset,
    id,
    occurredAt,
    recordedAt,
    actor,
    reason: envelope.reason ?? null,
    device: envelope.device ?? null,
    site: siteOf(event) ?? envelope.site ?? null,
    system: systemOf(topic, event),
    subjects: [...new Set([...told, ...remembered.map((lot) => subject('lot', lot))])],
    span: spanOf(event),
    value: codec.encode(topic, event),
  };
  work.reference(FACTS, { ...record });
}

async function rememberedLots(work: Work, name: string, lots: readonly string[]): Promise<readonly string[]> {
  const known = (await work.read<SubjectLots>(REMEMBERED, [name])).get(name)?.lots ?? [];
  const all = [...new Set([...known, ...lots])];
  if (all.length > known.length) work.replace(REMEMBERED, { _id: name, lots: all });
  return known;
}

const siteOf = (event: object): string | undefined =>
  'site' in event && typeof event.site === 'string' ? event.site : undefined;

/** The newest fact of each topic and system; by steps along the index, whose cost does not grow with the facts. */
export async function newestFacts(facts: Facts, topics: readonly string[]): Promise<Newest[]> {
  const ofTopic = async (topic: string): Promise<Newest[]> => {
    const systems = await facts.distinct('system', { topic });
    const projection = { _id: 0, topic: 1, system: 1, occurredAt: 1, recordedAt: 1 };
    const newest = systems.map((system) =>
      facts.findOne<Newest>({ topic, system }, { sort: { recordedAt: -1 }, projection }),
    );
    return (await Promise.all(newest)).filter((one) => one !== null);
  };
  return (await Promise.all(topics.map(ofTopic))).flat();
}
