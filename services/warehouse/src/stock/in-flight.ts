import type { InFlight } from '@lotwarden/contracts/events';
import { add, isPositive, type Quantity } from '@lotwarden/platform/quantity';
import type { LocationKind } from '../site/site.ts';
import type { Stock } from './stock.ts';

/** What of a held lot stands ready at a shipping dock: people stop it by phone (correctness rule 23). */
export function inFlight(
  { lot, buckets }: Stock,
  kind: (site: string, location: string) => LocationKind,
): InFlight | undefined {
  const ready = buckets.filter((b) => isPositive(b.quantity) && kind(b.site, b.location) === 'shipping');
  const [first] = ready;
  if (!first) return undefined;
  const packed = ready
    .filter((b) => b.site === first.site && b.quantity.unit === first.quantity.unit)
    .reduce<Quantity | null>((sum, { quantity }) => (sum ? add(sum, quantity) : quantity), null);
  return { lot, site: first.site, picked: null, packed, inTransit: null };
}
