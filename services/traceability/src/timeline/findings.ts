import { recordId } from '../facts/record.ts';
import type { TimelineEntry } from './entry.ts';

export interface Finding {
  /** recorded-late, occurred-in-future, version-missing, …; of a rule that its owner found broken, the owner's code */
  readonly code: string;
  readonly detail: string;
}

/** Beyond what a clock may be wrong, in milliseconds. */
export interface Tolerances {
  /** From when on an event counts as told late. */
  readonly late: number;
  /** By how much two clocks may differ. */
  readonly clock: number;
}

/** An event, and what it is compared with. */
export interface Told {
  readonly _id: string;
  readonly topic: string;
  readonly aggregate: string;
  readonly version: number;
  readonly type: string;
  readonly occurredAt: string;
  readonly recordedAt: string;
}

interface Seen {
  readonly record: Told;
  readonly event: object;
  readonly lots: readonly string[];
}

/** What is known beside an event. */
export interface Beside {
  /** The fact with this id, if it was told. */
  readonly fact: (id: string) => Told | undefined;
  /** The earliest event of a type that says what the lot is. */
  readonly first: (lot: string, type: string) => Told | undefined;
  /** Whether inputs of this operation were told later. */
  readonly hasInputs: (operation: string) => boolean;
}

const CUSTODY = 'field.custody.v1';
const SHIPMENTS = 'warehouse.shipment.v1';

/** Ids of the facts that an event is compared with, beside those that say what its lots are. */
export function comparedWith({ record, event }: Omit<Seen, 'lots'>): string[] {
  const { topic, aggregate, version } = record;
  const before = version > 1 ? [recordId(topic, aggregate, version - 1), recordId(topic, aggregate, 1)] : [];
  const shipment = shipmentOf(event);
  return [...before, ...(shipment === undefined ? [] : [recordId(SHIPMENTS, shipment, 1)])];
}

/** Everything about one event that does not add up: gaps, and clocks or sources that contradict each other. */
export function findingsOf(seen: Seen, beside: Beside, tolerances: Tolerances): Finding[] {
  return [
    ...clocks(seen, tolerances),
    ...missing(seen, beside),
    ...contradictions(seen, beside, tolerances),
    ...violations(seen),
  ];
}

function clocks({ record: { occurredAt, recordedAt } }: Seen, { late, clock }: Tolerances): Finding[] {
  const delay = Date.parse(recordedAt) - Date.parse(occurredAt);
  if (delay > late) return [{ code: 'recorded-late', detail: `${hours(delay)} h after it occurred` }];
  if (-delay > clock)
    return [
      { code: 'occurred-in-future', detail: `occurred ${String(Math.round(-delay / 1000))} s after it was recorded` },
    ];
  return [];
}

const hours = (ms: number): string => (ms / 3_600_000).toFixed(1);

function missing({ record, event }: Seen, { fact, hasInputs }: Beside): Finding[] {
  const { topic, aggregate, version, type } = record;
  const before = version > 1 && !fact(recordId(topic, aggregate, version - 1));
  const gap = before
    ? [{ code: 'version-missing', detail: `${topic} ${aggregate} version ${String(version - 1)}` }]
    : [];
  const { inputs } = event as { inputs?: readonly unknown[] };
  const empty = type === 'OperationRecorded' && inputs?.length === 0 && !hasInputs(aggregate);
  return empty ? [...gap, { code: 'operation-without-inputs', detail: aggregate }] : gap;
}

/** Something that has to be told of the lot before something else can happen to it. */
const BEFORE: readonly { readonly code: string; readonly types: readonly string[]; readonly cause: string }[] = [
  { code: 'consumed-before-received', types: ['OperationRecorded', 'OperationInputAdded', 'StockIssued'], cause: 'MaterialLotReceived' }, // prettier-ignore
  { code: 'accepted-before-received', types: ['MaterialLotAccepted'], cause: 'MaterialLotReceived' },
  { code: 'shipped-before-released', types: ['StockShipped', 'ShipmentDispatched'], cause: 'LotReleased' },
];

/** The same within one aggregate, whose first event comes first, or between two that name each other. */
function contradictions(seen: Seen, { fact, first }: Beside, { clock }: Tolerances): Finding[] {
  const { record, event, lots } = seen;
  const { topic, aggregate, version, type, occurredAt } = record;
  const after = (cause: Told | undefined): cause is Told =>
    cause !== undefined && Date.parse(cause.occurredAt) - Date.parse(occurredAt) > clock;
  const found: Finding[] = [];
  for (const { code, types, cause } of BEFORE) {
    if (!types.includes(type)) continue;
    const late = lots.map((lot) => first(lot, cause)).find(after);
    if (late) found.push({ code, detail: `${late.aggregate} ${cause} only at ${late.occurredAt}` });
  }
  const beginning = version > 1 ? fact(recordId(topic, aggregate, 1)) : undefined;
  if (topic === CUSTODY && type !== 'CustodyGained' && beginning?.type === 'CustodyGained' && after(beginning))
    found.push({ code: 'used-before-arrived', detail: `arrived only at ${beginning.occurredAt}` });
  if (beginning?.type === 'ContainerPacked' && after(beginning))
    found.push({ code: 'before-it-was-packed', detail: `packed only at ${beginning.occurredAt}` });
  const shipment = shipmentOf(event);
  const sent = type === 'CustodyGained' && shipment !== undefined ? fact(recordId(SHIPMENTS, shipment, 1)) : undefined;
  if (after(sent))
    found.push({ code: 'arrived-before-dispatched', detail: `${sent.aggregate} left only at ${sent.occurredAt}` });
  return found;
}

function shipmentOf(event: object): string | undefined {
  const { cause } = event as { cause?: { kind: string; id: string } };
  return cause?.kind === 'shipment' ? cause.id : undefined;
}

function violations({ event }: Seen): Finding[] {
  const { violations: broken = [] } = event as { violations?: readonly { code: string; detail: string }[] };
  return broken.map(({ code, detail }) => ({ code, detail }));
}

/** A finding stands right after the event that it is about. */
export const findingEntry = (about: TimelineEntry, { code, detail }: Finding): TimelineEntry => ({
  ...about,
  entry: 'finding',
  type: code,
  documents: [],
  files: [],
  detail: { detail, about: about.type },
});
