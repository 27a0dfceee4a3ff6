import { add, isZero, type Quantity } from '@lotwarden/platform/quantity';

/** What lies at one place. Negative in the books is possible: facts are kept even where the count was wrong. */
export interface Bucket {
  readonly site: string;
  readonly location: string;
  readonly quantity: Quantity;
}

/** More at a place, or less where `by` is negative. */
export function changed(buckets: readonly Bucket[], at: { site: string; location: string }, by: Quantity): Bucket[] {
  const here = (b: Bucket) => b.site === at.site && b.location === at.location && b.quantity.unit === by.unit;
  const known = buckets.find(here);
  const quantity = known ? add(known.quantity, by) : by;
  const others = buckets.filter((b) => !here(b));
  return isZero(quantity) ? others : [...others, { site: at.site, location: at.location, quantity }];
}
