import Big from 'big.js';
import type { Cause, SerialRange, Violation } from '@lotwarden/contracts/events';
import { Rejected } from '@lotwarden/platform/errors';
import type { Quantity } from '@lotwarden/platform/quantity';
import type { LocationKind } from '../site/site.ts';
import type { Bucket } from './bucket.ts';
import type { Stock, StockEvent } from './stock.ts';

/** Goods that leave a place, whatever for. */
export type Leaving = 'StockIssued' | 'StockShipped' | 'StockDestroyed' | 'StockScrapped';

/** An amount of a lot at a site. */
export interface Goods {
  readonly lot: string;
  readonly site: string;
  readonly quantity: Quantity;
  /** Where a plant used what the books have at another one, it came from there: nobody reports such transfers. */
  readonly anySite?: boolean;
}

interface Taking extends Goods {
  readonly serials: readonly SerialRange[];
  readonly cause: Cause;
}

/** Places of a site in the order in which goods are taken from them; a place not named here is not taken from. */
export type PlaceOrder = (location: string) => number | null;

/** What may be shipped lies finished or at the shipping dock; never in quarantine. */
export const shippable = (kind: (location: string) => LocationKind): PlaceOrder =>
  rank(kind, ['shipping', 'finished', 'store']);

/** What is used up on the line; finished goods only for rework, so last. */
export const usable = (kind: (location: string) => LocationKind): PlaceOrder =>
  rank(kind, ['line', 'store', 'dock', 'finished', 'shipping', 'laboratory', 'quarantine']);

/** What is destroyed lies in quarantine first. */
export const disposable = (kind: (location: string) => LocationKind): PlaceOrder =>
  rank(kind, ['quarantine', 'laboratory', 'store', 'finished', 'shipping', 'line', 'dock']);

const rank =
  (kind: (location: string) => LocationKind, order: readonly LocationKind[]): PlaceOrder =>
  (location) => {
    const place = order.indexOf(kind(location));
    return place < 0 ? null : place;
  };

/** What a delivery is put away from: the dock first. */
export const unloadable = (kind: (location: string) => LocationKind, to: string): PlaceOrder => {
  const order = rank(kind, ['dock', 'quarantine', 'line', 'laboratory', 'store', 'finished', 'shipping']);
  return (location) => (location === to ? null : order(location));
};

/** One place only. */
export const only =
  (place: string): PlaceOrder =>
  (location) =>
    location === place ? 0 : null;

/** One place before all others. */
export const first =
  (place: string, others: PlaceOrder): PlaceOrder =>
  (location) =>
    location === place ? -1 : others(location);

/** A command takes what is there, or is refused with `quantity-not-available`. */
export function takeAvailable(stock: Stock, type: Leaving, taking: Taking, order: PlaceOrder): StockEvent[] {
  const taken = splitAvailable(stock, taking, order);
  return leaving(type, taking, taken, []);
}

/**
 * From which places a command takes. What is missing elsewhere at the site counts against it: those goods left in
 * truth, only the books took them from the wrong place. Throws `quantity-not-available`, `unit-not-convertible`.
 */
export function splitAvailable(stock: Stock, taking: Goods, order: PlaceOrder): Bucket[] {
  const { lot, site, quantity } = taking;
  const [other] = stock.buckets;
  if (other && stock.buckets.every((b) => b.quantity.unit !== quantity.unit))
    throw new Rejected('unit-not-convertible', { from: quantity.unit, to: other.quantity.unit });
  const there = stock.buckets
    .filter((b) => b.site === site && b.quantity.unit === quantity.unit)
    .filter((b) => order(b.location) !== null || new Big(b.quantity.value).lt(0))
    .reduce((total, b) => total.plus(b.quantity.value), new Big(0));
  const available = there.lt(0) ? new Big(0) : there;
  if (available.lt(quantity.value))
    throw new Rejected('quantity-not-available', {
      lot,
      site,
      asked: quantity.value,
      available: available.toFixed(),
    });
  return split(stock, taking, order).taken;
}

/** A fact takes what it says; what the books do not have goes negative at `fallback` and is a finding. */
export function takeReported(
  stock: Stock,
  type: Leaving,
  taking: Taking & { readonly violations: readonly Violation[] },
  order: PlaceOrder,
  fallback: string,
): StockEvent[] {
  const { taken, short } = split(stock, taking, order);
  const elsewhere = taken
    .filter(({ site }) => site !== taking.site)
    .map(({ site, quantity: { value } }): Violation => ({
      code: 'stock-at-other-site',
      lot: taking.lot,
      detail: `${value} used at ${taking.site} were booked at ${site}`,
    }));
  const violations = [...taking.violations, ...elsewhere];
  if (short.eq(0)) return leaving(type, taking, taken, violations);
  const quantity = { value: short.toFixed(), unit: taking.quantity.unit };
  const negative: Violation = {
    code: 'stock-negative',
    lot: taking.lot,
    detail: `${short.toFixed()} more than the books had at ${taking.site}`,
  };
  const rest = { site: taking.site, location: fallback, quantity };
  return leaving(type, taking, [...taken, rest], [...violations, negative]);
}

/** From which places, in order, and how much none of them has. */
export function split(
  stock: Stock,
  { site, quantity, anySite = false }: Goods,
  order: PlaceOrder,
): { taken: Bucket[]; short: Big } {
  const places = stock.buckets
    .filter((b) => (anySite || b.site === site) && b.quantity.unit === quantity.unit && new Big(b.quantity.value).gt(0))
    .flatMap((bucket) => {
      const place = order(bucket.location);
      return place === null ? [] : [{ bucket, place: bucket.site === site ? place : place + ELSEWHERE }];
    })
    .sort((a, b) => a.place - b.place || (a.bucket.location < b.bucket.location ? -1 : 1));
  let short = new Big(quantity.value);
  const taken: Bucket[] = [];
  for (const { bucket } of places) {
    if (short.lte(0)) break;
    const part = short.lt(bucket.quantity.value) ? short : new Big(bucket.quantity.value);
    taken.push({ ...bucket, quantity: { value: part.toFixed(), unit: quantity.unit } });
    short = short.minus(part);
  }
  return { taken, short };
}

/** What lies at the site itself comes first. */
const ELSEWHERE = 1000;

/** One event a place; the serials go with the first, since places do not know which serial lies where. */
const leaving = (
  type: Leaving,
  { lot, serials, cause }: Taking,
  taken: readonly Bucket[],
  violations: readonly Violation[],
): StockEvent[] =>
  taken.map(({ site, location, quantity }, index) => ({
    type,
    lot,
    quantity,
    site,
    location,
    serials: index === 0 ? serials : [],
    cause,
    violations: index === 0 ? violations : [],
  }));
