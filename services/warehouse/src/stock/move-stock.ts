import type { Cause, Violation } from '@lotwarden/contracts/events';
import { split, splitAvailable, type Goods, type PlaceOrder } from './take-stock.ts';
import type { Bucket } from './bucket.ts';
import type { Stock, StockEvent } from './stock.ts';

interface Moving extends Goods {
  readonly to: string;
  readonly cause: Cause;
}

/** A command moves what is there, or is refused with `quantity-not-available`. */
export const moveAvailable = (stock: Stock, moving: Moving, order: PlaceOrder): StockEvent[] =>
  moved(moving, splitAvailable(stock, moving, order), []);

/** A fact moves what it says, from where it says or else from where the books have it. */
export function moveReported(
  stock: Stock,
  moving: Moving & { readonly violations: readonly Violation[] },
  order: PlaceOrder,
  fallback: string,
): StockEvent[] {
  const { taken, short } = split(stock, moving, order);
  if (short.eq(0)) return moved(moving, taken, moving.violations);
  const { lot, site, quantity } = moving;
  const rest = { site, location: fallback, quantity: { value: short.toFixed(), unit: quantity.unit } };
  const detail = `${short.toFixed()} more than the books had at ${site}`;
  return moved(moving, [...taken, rest], [...moving.violations, { code: 'stock-negative', lot, detail }]);
}

const moved = ({ lot, to, cause }: Moving, taken: readonly Bucket[], violations: readonly Violation[]): StockEvent[] =>
  taken
    .filter(({ location }) => location !== to)
    .map(({ site, location, quantity }, index) => ({
      type: 'StockMoved',
      lot,
      quantity,
      site,
      fromLocation: location,
      toLocation: to,
      cause,
      violations: index === 0 ? violations : [],
    }));
