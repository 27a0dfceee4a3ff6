import type { Envelope } from '@lotwarden/platform/consumer';
import type { Deps } from '@lotwarden/platform/service';
import type { Work } from '@lotwarden/platform/store';
import { detailFor, touchedLots } from './touched-lots.ts';

/** One event in the life of one lot. */
interface TimelineEntry {
  readonly _id: string;
  readonly lot: string;
  readonly type: string;
  readonly occurredAt: string;
  readonly recordedAt: string;
  readonly actor: string;
  readonly reason: string | null;
  readonly device: string | null;
  readonly site: string | null;
  readonly source: { readonly topic: string; readonly partition: number; readonly offset: number; readonly id: string };
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Lots of an operation or container, for its later events that name only itself. */
interface SubjectLots {
  readonly _id: string;
  readonly lots: readonly string[];
}

const ENTRIES = 'timeline';
const SUBJECTS = 'timeline_subjects';

export const timelineEntries = ({ collection }: Pick<Deps, 'collection'>) => {
  collection<SubjectLots>(SUBJECTS);
  return collection<TimelineEntry>(ENTRIES, [{ key: { lot: 1, occurredAt: 1, _id: 1 } }]);
};

export type TimelineEntries = ReturnType<typeof timelineEntries>;

/** Adds the event to the timeline of every lot it touches, once: an event read twice finds its entry there. */
export async function addToTimeline(envelope: Envelope, work: Work): Promise<void> {
  const { event, topic, partition, offset, subject, id } = envelope;
  const name = `${topic}|${subject}`;
  const told = touchedLots(event);
  const remembered = (await work.read<SubjectLots>(SUBJECTS, [name])).get(name)?.lots ?? [];
  const lots = [...new Set([...remembered, ...told])];
  if (REMEMBERS.includes(topic) && lots.length > remembered.length) work.replace(SUBJECTS, { _id: name, lots });
  for (const lot of lots) {
    const entry: TimelineEntry = {
      // Two services may have an aggregate of the same id.
      _id: `${topic}|${id}|${lot}`,
      lot,
      type: event.type,
      occurredAt: envelope.occurredAt,
      recordedAt: envelope.recordedAt,
      actor: envelope.actor,
      reason: envelope.reason ?? null,
      device: envelope.device ?? null,
      site: siteOf(event) ?? envelope.site ?? null,
      source: { topic, partition, offset, id },
      detail: detailFor(event, lot),
    };
    work.reference(ENTRIES, entry);
  }
}

/** Only these have events without any lot in them: a void, an opening. */
const REMEMBERS: readonly string[] = ['mes-bridge.operation.v1', 'serialization.container.v1'];

const siteOf = (event: object): string | undefined =>
  'site' in event && typeof event.site === 'string' ? event.site : undefined;
