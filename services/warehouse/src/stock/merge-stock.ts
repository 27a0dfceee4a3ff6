import { isNegative, negate } from '@lotwarden/platform/quantity';
import { subtract, type SerialRange } from '@lotwarden/platform/serial-range';
import type { Bucket } from './bucket.ts';
import { renamedOnTheRoad } from './stage-stock.ts';
import { MERGE, type Stock, type StockEvent } from './stock.ts';

interface Merged {
  /** Empties the placeholder. */
  readonly out: StockEvent[];
  /** The same goods, in the books of the lot that they are. */
  readonly into: StockEvent[];
}

/**
 * The books of a placeholder, moved to the lot that it turned out to be: what lay there is received, what was missing
 * is issued, each with its serials; what had come back stays in quarantine. Nothing is adjusted: nothing was miscounted.
 */
export function mergeStock(
  unknown: Stock,
  { placeholder, lot }: { placeholder: string; lot: string },
  inQuarantine: (bucket: Bucket) => boolean,
): Merged {
  const cause = { kind: MERGE, id: placeholder };
  let fresh = subtract(unknown.serials, unknown.quarantined);
  let returned: readonly SerialRange[] = unknown.quarantined;
  let left: readonly SerialRange[] = unknown.left;
  const out: StockEvent[] = [];
  const into: StockEvent[] = [];
  for (const bucket of unknown.buckets) {
    const missing = isNegative(bucket.quantity);
    const quantity = missing ? negate(bucket.quantity) : bucket.quantity;
    const goods = { ...bucket, quantity, cause, violations: [] };
    if (missing) {
      out.push({ type: 'StockReceived', lot: placeholder, ...goods, serials: [] });
      into.push({ type: 'StockIssued', lot, ...goods, serials: left });
      left = [];
    } else {
      const back = returned.length > 0 && inQuarantine(bucket);
      const serials = back ? returned : fresh;
      out.push({ type: 'StockIssued', lot: placeholder, ...goods, serials: [] });
      into.push({ type: back ? 'StockReturned' : 'StockReceived', lot, ...goods, serials });
      if (back) returned = [];
      else fresh = [];
    }
  }
  const road = renamedOnTheRoad(unknown, { placeholder, lot }, cause);
  out.push(...road.out);
  into.push(...road.into);
  const rest = [...fresh, ...returned];
  const { serials: all } = unknown;
  if (all.length + unknown.left.length > 0)
    out.push({ type: 'StockSerialsChanged', lot: placeholder, added: [], removed: all, cause });
  if (rest.length + left.length > 0)
    into.push({ type: 'StockSerialsChanged', lot, added: rest, removed: [...left], cause });
  return { out, into };
}
