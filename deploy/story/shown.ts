import type { SerialRange } from '@lotwarden/platform/serial-range';
import { formatSerial } from '@lotwarden/platform/serial-range';
import { columns } from './layout.ts';

/** Answers of traceability as a person reads them: what, how many, how sure, why, and what is not known. */

interface Amount {
  readonly value: string;
  readonly unit: string;
}

export interface TracedLot {
  readonly lot: string;
  readonly item: string | null;
  readonly quantity: Amount | null;
  readonly serials: { readonly mode: string; readonly ranges: readonly SerialRange[] };
  readonly certainty: string;
  readonly via: { readonly lot: string; readonly taken: Amount | null } | null;
}

type NameOf = (lot: string) => string;

const amount = (of: Amount | null): string => (of ? `${of.value} ${of.unit}` : '');

/** Serials of one lot: IP000001–IP000040. */
export const serialsShown = (ranges: readonly SerialRange[]): string =>
  ranges
    .map((range) => [...new Set([formatSerial(range, range.first), formatSerial(range, range.last)])].join('–'))
    .join(', ');

/** A line for each lot, with the way to it: how much of each went into the next. */
export function traceShown(
  { direction, lots }: { readonly direction: string; readonly lots: readonly TracedLot[] },
  name: NameOf,
): string[] {
  const byId = new Map(lots.map((one) => [one.lot, one]));
  const way = ({ lot, via }: TracedLot): string => {
    const before = via && byId.get(via.lot);
    if (!via || !before) return name(lot);
    const taken = via.taken?.value ?? '?';
    return `${way(before)} ${direction === 'backward' ? `<-${taken}-` : `-${taken}->`} ${name(lot)}`;
  };
  return columns(
    [
      [
        'lot',
        'item',
        'how many',
        'affected',
        'how sure',
        direction === 'backward' ? 'what went in, with how many' : 'by which way, with how many that went in',
      ],
      ...lots.map((one) => [
        name(one.lot),
        one.item ?? '',
        amount(one.quantity),
        one.serials.mode === 'all' ? 'all of it' : serialsShown(one.serials.ranges),
        one.certainty,
        way(one),
      ]),
    ],
    [2],
  );
}

export interface ComparedScope {
  readonly name: string;
  readonly lots: number;
  readonly onlyHere: number;
  readonly custodians: number;
  readonly products: readonly {
    readonly item: string | null;
    readonly onHand: Amount;
    readonly atCustodian: Amount;
    readonly used: Amount;
    readonly supply: { readonly usableNotAffected: Amount; readonly daysLeft: string | null } | null;
  }[];
}

/** A column for each scope; of one product what has to be fetched back, and what is left to deliver. */
export function comparisonShown(scopes: readonly ComparedScope[], item: string): string[] {
  const products = scopes.map(({ products: all }) => all.find((one) => one.item === item));
  const row = (title: string, of: (scope: ComparedScope, at: number) => string | number | undefined): string[] => [
    title,
    ...scopes.map((scope, at) => String(of(scope, at) ?? 0)),
  ];
  const left = (at: number) => products[at]?.supply;
  return columns(
    [
      ['', ...scopes.map(({ name }) => name)],
      row('lots', ({ lots }) => lots),
      row('  of these in no other scope', ({ onlyHere }) => onlyHere),
      row('custodians to tell', ({ custodians }) => custodians),
      row(`affected ${item}: in our houses`, (_, at) => products[at]?.onHand.value),
      row('  at custodians', (_, at) => products[at]?.atCustodian.value),
      row('  used', (_, at) => products[at]?.used.value),
      row(`${item} that may still be shipped`, (_, at) => left(at)?.usableNotAffected.value),
      row('  enough for so many days', (_, at) => left(at)?.daysLeft ?? 'unknown'),
    ],
    scopes.map((_, at) => at + 1),
  );
}

const BUCKETS = ['onHand', 'atCustodian', 'used', 'consumed', 'scrapped', 'destroyed', 'unaccounted'] as const;
const TITLES = ['on hand', 'at custodians', 'used', 'went into others', 'scrapped', 'destroyed', 'unaccounted'];

/** A line for each lot: in which bucket its pieces are; what is nowhere is a dash. They add up to what there ever was. */
export function balanceShown(
  lots: readonly (readonly [name: string, buckets: Readonly<Record<string, number>>])[],
): string[] {
  const sum = (buckets: Readonly<Record<string, number>>): number =>
    Object.values(buckets).reduce((all, one) => all + one, 0);
  return columns(
    [
      ['lot', 'there were', ...TITLES],
      ...lots.map(([name, buckets]) => [
        name,
        String(sum(buckets)),
        ...BUCKETS.map((bucket) => String(buckets[bucket] ?? '-')),
      ]),
    ],
    [1, ...BUCKETS.map((_, at) => at + 2)],
  );
}

export interface TimelineEntry {
  readonly entry: 'event' | 'finding';
  readonly type: string;
  readonly occurredAt: string;
  readonly recordedAt: string;
  readonly actor: string;
  readonly status: string | null;
  readonly source: { readonly id: string };
}

const DAY = 86_400_000;

/** Days on the calendar (UTC) from what happened to when we heard of it, at whatever hour of the day the story is played. */
export const daysLate = ({ occurredAt, recordedAt }: Pick<TimelineEntry, 'occurredAt' | 'recordedAt'>): number =>
  Math.floor(Date.parse(recordedAt) / DAY) - Math.floor(Date.parse(occurredAt) / DAY);

/** A line for each event, by both clocks; its findings stand beside it. */
export function timelineShown(entries: readonly TimelineEntry[]): string[] {
  const findings = (id: string): string[] =>
    entries
      .filter((one) => one.entry === 'finding' && one.source.id === id)
      .map((one) => (one.type === 'recorded-late' ? `heard ${String(daysLate(one))} days late` : one.type));
  return columns([
    ['happened (UTC)', 'recorded (UTC)', 'what', 'who', 'findings', 'status'],
    ...entries
      .filter(({ entry }) => entry === 'event')
      .map(({ occurredAt, recordedAt, type, actor, status, source }) => [
        occurredAt.slice(5, 16).replace('T', ' '),
        recordedAt.slice(5, 19).replace('T', ' '),
        type,
        actor,
        findings(source.id).join(', '),
        status ?? '',
      ]),
  ]);
}

export interface Completeness {
  readonly complete: boolean;
  readonly gaps: readonly string[];
  readonly offsets: readonly { readonly topic: string }[];
  readonly sources: readonly { readonly text: string }[];
}

/** What stands between the answer and certainty. */
export function completenessShown({ complete, gaps, offsets, sources }: Completeness): string[] {
  const topics = new Set(offsets.map(({ topic }) => topic)).size;
  const things = gaps.length === 1 ? '1 thing is' : `${String(gaps.length)} things are`;
  return [
    complete ? 'COMPLETE: nothing that anybody reported is missing' : `NOT COMPLETE: ${things} missing`,
    ...gaps.map((gap) => `  ${gap}`),
    `as of ${String(offsets.length)} offsets of ${String(topics)} topics; newest facts, the oldest source first:`,
    ...lined(sources.map(({ text }) => text)),
  ];
}

const ON_A_LINE = 6;

const lined = (texts: readonly string[]): string[] =>
  texts.flatMap((_, at) => (at % ON_A_LINE === 0 ? [`  ${texts.slice(at, at + ON_A_LINE).join(', ')}`] : []));
