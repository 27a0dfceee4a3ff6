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
 * Where every unit is known by serial, only affected ones count; otherwise the whole quantity does.
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
  const gone = own.filter(({ book, cause }) => book === 'custody-reduced' && cause?.kind !== 'use');
  const unit = own[0]?.quantity.unit ?? 'EA';
  const quantity = total(has, unit) - total(gone, unit);
  const serials = subtract(ranges(has), ranges(gone));
  const containers = [...new Set(own.flatMap((entry) => entry.containers))].sort();
  if (quantity <= 0n && serials.length === 0) return undefined;
  const touched = affected === 'all' ? serials : intersect(serials, affected);
  const allKnown = fromExact(quantity) === String(count(serials));
  if (affected !== 'all' && allKnown && touched.length === 0) return undefined;
  const value = affected !== 'all' && allKnown ? String(count(touched)) : fromExact(quantity);
  return { lot, quantity: { value, unit }, serials: touched, containers };
}

const ranges = (entries: readonly GoodsEntry[]): SerialRange[] =>
  union(
    entries.flatMap(({ serials }) => [...serials]),
    [],
  );

const total = (entries: readonly GoodsEntry[], unit: string): bigint =>
  entries.filter((e) => e.quantity.unit === unit).reduce((sum, { quantity }) => sum + toExact(quantity.value), 0n);
