import type { ScopeCustodian } from '@lotwarden/contracts/events';
import { count, intersect, subtract, union, type SerialRange } from '@lotwarden/platform/serial-range';
import { fromExact, toExact } from '../balance/exact.ts';
import type { GoodsEntry } from '../balance/goods-entry.ts';
import type { Units } from './carry-serials.ts';

type Line = ScopeCustodian['lines'][number];

/**
 * What one party must be told about one lot: what it has, what is on its way to it, and what it used. Used units stay
 * in the line: whoever used an affected unit has to hear of it. Returned, destroyed and passed on goods leave it.
 *
 * `entries` stand in the order of each book, those of placeholders first. Where every unit is known by serial, only affected ones count; otherwise the whole quantity does.
 */
export function custodyLine(
  lot: string,
  party: string,
  entries: readonly GoodsEntry[],
  affected: Units,
): Line | undefined {
  const own = entries.filter((entry) => entry.party === party);
  const arrived = new Set(own.filter((e) => e.book === 'custody-gained').map(({ cause }) => cause?.id));
  const onTheWay = own.filter((entry) => entry.book === 'dispatched' && !arrived.has(entry.cause?.id));
  const has = [...own.filter(({ book }) => book === 'custody-gained'), ...onTheWay];
  const gone = own.filter(isGone);
  const unit = own[0]?.quantity.unit ?? 'EA';
  const quantity = total(has, unit) - total(gone, unit);
  const serials = [...own.filter(({ book }) => book !== 'dispatched'), ...onTheWay].reduce(heldAfter, []);
  const containers = [...new Set(own.flatMap((entry) => entry.containers))].sort();
  if (quantity <= 0n && serials.length === 0) return undefined;
  const touched = affected === 'all' ? serials : intersect(serials, affected);
  const allKnown = fromExact(quantity) === String(count(serials));
  if (affected !== 'all' && allKnown && touched.length === 0) return undefined;
  const value = affected !== 'all' && allKnown ? String(count(touched)) : fromExact(quantity);
  return { lot, quantity: { value, unit }, serials: touched, containers };
}

const isGone = ({ book, cause }: GoodsEntry): boolean => book === 'custody-reduced' && cause?.kind !== 'use';

/** In the order of the books: a unit that came back may be sent again. */
function heldAfter(held: SerialRange[], entry: GoodsEntry): SerialRange[] {
  if (isGone(entry)) return subtract(held, entry.serials);
  return entry.book === 'custody-gained' || entry.book === 'dispatched' ? union(held, entry.serials) : held;
}

const total = (entries: readonly GoodsEntry[], unit: string): bigint =>
  entries.filter((e) => e.quantity.unit === unit).reduce((sum, { quantity }) => sum + toExact(quantity.value), 0n);
