import Big from 'big.js';
import type { EventOf, SerialRange } from '@lotwarden/contracts/events';
import { add, isNegative, isPositive, negate, type Quantity } from '@lotwarden/platform/quantity';
import { count, intersect, subtract, union } from '@lotwarden/platform/serial-range';
import { changed, type Bucket } from './bucket.ts';

/**
 * On its way to a consignee: taken from its place for a shipment, made ready, or gone with nobody having said that it
 * arrived. A hold stops the first two; the third is stopped by telephone.
 */
export const STAGES = ['picked', 'packed', 'in-transit'] as const;
export type Stage = (typeof STAGES)[number];

/** Goods that one shipment has, with the place that they were picked at or left from. */
export interface Staged extends Bucket {
  readonly shipment: string;
  readonly stage: Stage;
  readonly serials: readonly SerialRange[];
}

/** Goods on the road are at no place. */
const NOWHERE = '';

/** What came back is not on the road any more; whether goods without a number arrived, somebody has to say. */
export function cameBack(staged: readonly Staged[], serials: readonly SerialRange[]): readonly Staged[] {
  const onTheRoad = staged.flatMap((one) => {
    const back = one.stage === 'in-transit' ? intersect(one.serials, serials) : [];
    return back.length > 0 ? [{ ...one, serials: back }] : [];
  });
  return onTheRoad.reduce((all, one) => {
    const named = new Big(count(one.serials));
    const value = named.lt(one.quantity.value) ? named.toFixed() : one.quantity.value;
    return shifted(all, one, negate({ value, unit: one.quantity.unit }));
  }, staged);
}

type Restaged = Extract<EventOf<'warehouse.stock.v1'>, { type: 'StockStaged' }>;

interface Books {
  readonly buckets: readonly Bucket[];
  readonly staged: readonly Staged[];
}

const isStage = (stage: string): stage is Stage => STAGES.some((known) => known === stage);

/** Moves between the free stock and a shipment, or between the stages of one. */
export function restaged({ buckets, staged }: Books, event: Restaged): Books {
  const { fromStage, toStage, quantity } = event;
  const out = isStage(fromStage) ? shifted(staged, { ...event, stage: fromStage }, negate(quantity)) : staged;
  const left = fromStage === 'available' ? changed(buckets, event, negate(quantity)) : buckets;
  return {
    staged: isStage(toStage) ? shifted(out, { ...event, stage: toStage }, quantity) : out,
    buckets: toStage === 'available' ? changed(left, event, quantity) : left,
  };
}

/** More, or less where `by` is negative, at one stage of one shipment; its serials go along. */
export function shifted(staged: readonly Staged[], at: Omit<Staged, 'quantity'>, by: Quantity): readonly Staged[] {
  const { shipment, stage, site, serials } = at;
  const location = stage === 'in-transit' ? NOWHERE : at.location;
  const here = (s: Staged) =>
    s.shipment === shipment &&
    s.stage === stage &&
    s.site === site &&
    s.location === location &&
    s.quantity.unit === by.unit;
  const known = staged.find(here);
  const quantity = known ? add(known.quantity, by) : by;
  const named = isNegative(by) ? subtract(known?.serials ?? [], serials) : union(known?.serials ?? [], serials);
  const others = staged.filter((s) => !here(s));
  return isPositive(quantity) ? [...others, { shipment, stage, site, location, quantity, serials: named }] : others;
}
