import type { FactRecord } from '../facts/record.ts';
import { detailFor } from './touched-lots.ts';

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

export interface Document {
  /** purchase-order, work-order, shipment, report, … */
  readonly kind: string;
  readonly id: string;
}

/** One event in the life of a lot, unit, container, party or operation. */
export interface TimelineEntry {
  /** `event`, or `finding`: something about the event before it that does not add up. */
  readonly entry: 'event' | 'finding';
  readonly type: string;
  /** Lots that it is about, among those that were asked for. */
  readonly lots: readonly string[];
  readonly occurredAt: string;
  readonly recordedAt: string;
  readonly actor: string;
  readonly reason: string | null;
  readonly device: string | null;
  readonly site: string | null;
  readonly where: readonly Document[];
  readonly status: string | null;
  readonly documents: readonly Document[];
  /** SHA-256 of files that the event names. */
  readonly files: readonly { readonly name: string; readonly sha256: string }[];
  readonly source: {
    readonly topic: string;
    readonly partition: number;
    readonly offset: number;
    readonly id: string;
    readonly aggregate: string;
    readonly version: number;
    readonly system: string;
  };
  readonly detail: Readonly<Record<string, unknown>>;
}

const DOCUMENTS: ReadonlyMap<string, string> = new Map([
  ['purchaseOrder', 'purchase-order'],
  ['workOrder', 'work-order'],
  ['shipment', 'shipment'],
  ['return', 'return'],
  ['destruction', 'destruction'],
  ['inspection', 'inspection'],
  ['nonconformance', 'nonconformance'],
  ['complaint', 'complaint'],
  ['sourceOperation', 'report'],
  ['sourceMount', 'report'],
  ['sourceLoad', 'report'],
  ['eventId', 'epcis-event'],
  ['case', 'recall'],
  ['hold', 'hold'],
  ['notice', 'notice'],
]);

const PLACES: ReadonlyMap<string, string> = new Map([
  ['site', 'site'],
  ['location', 'location'],
  ['fromLocation', 'from'],
  ['toLocation', 'to'],
  ['equipment', 'equipment'],
  ['position', 'position'],
  ['readPoint', 'read-point'],
  ['custodian', 'custodian'],
  ['shipTo', 'ship-to'],
  ['from', 'from'],
  ['party', 'party'],
]);

const SHA256 = /^[0-9a-f]{64}$/;

/** @param lot whose part of the event is shown; all of it if null */
export function entryOf(
  record: Omit<FactRecord, 'value'>,
  event: object,
  { lot, lots, status }: { lot: string | null; lots: readonly string[]; status: string | null },
): TimelineEntry {
  const { topic, partition, offset, id, aggregate, version, system } = record;
  return {
    entry: 'event',
    type: record.type,
    lots,
    occurredAt: record.occurredAt,
    recordedAt: record.recordedAt,
    actor: record.actor,
    reason: record.reason,
    device: record.device,
    site: record.site,
    where: named(event, PLACES),
    status,
    documents: [...named(event, DOCUMENTS), ...causeOf(event)],
    files: filesIn(event as Json),
    source: { topic, partition, offset, id, aggregate, version, system },
    detail: detailFor(event, lot),
  };
}

function named(event: object, names: ReadonlyMap<string, string>): Document[] {
  return Object.entries(event as Record<string, unknown>).flatMap(([field, value]) => {
    const kind = names.get(field);
    return kind !== undefined && typeof value === 'string' && value !== '' ? [{ kind, id: value }] : [];
  });
}

function causeOf(event: object): Document[] {
  if (!('cause' in event)) return [];
  const { kind, id } = event.cause as { kind?: unknown; id?: unknown };
  return typeof kind === 'string' && typeof id === 'string' ? [{ kind, id }] : [];
}

/** Whatever looks like the digest of a file, wherever in the event it stands. */
function filesIn(value: Json, name = 'file'): { name: string; sha256: string }[] {
  if (typeof value === 'string') return SHA256.test(value) ? [{ name, sha256: value }] : [];
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return (value as Json[]).flatMap((one) => filesIn(one, name));
  return Object.entries(value).flatMap(([field, inner]) => filesIn(inner, field));
}
