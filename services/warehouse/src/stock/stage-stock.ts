import Big from 'big.js';
import type { Cause, LotLine, SerialRange } from '@lotwarden/contracts/events';
import { Rejected } from '@lotwarden/platform/errors';
import { contains, intersect, subtract, union } from '@lotwarden/platform/serial-range';
import type { Staged } from './staged.ts';
import type { Stock, StockEvent } from './stock.ts';
import { splitAvailable, type PlaceOrder } from './take-stock.ts';

/** Stages at which goods are still here, so that they can be stopped, or put back. */
const HERE: readonly string[] = ['picked', 'packed'];

/** What is no stage of a shipment: free stock, and what is not in these books. */
const [FREE, ELSEWHERE] = ['available', 'elsewhere'] as const;

export const causedBy = (shipment: string): Cause => ({ kind: 'shipment', id: shipment });

/** What a shipment has of the lot and has not taken away. */
export const pickedFor = ({ staged }: Stock, shipment: string): Staged[] =>
  staged.filter((one) => one.shipment === shipment && HERE.includes(one.stage));

/** Units that shipments have: nobody else can send them. */
export const pickedSerials = ({ staged }: Stock): readonly SerialRange[] =>
  staged
    .filter(({ stage }) => HERE.includes(stage))
    .reduce<readonly SerialRange[]>((all, { serials }) => union(all, serials), []);

/** Takes goods for a shipment. The same pick again is nothing; another one must be put back first. */
export function pickStock(
  stock: Stock,
  { line, site, shipment }: { readonly line: LotLine; readonly site: string; readonly shipment: string },
  order: PlaceOrder,
): StockEvent[] {
  const before = pickedFor(stock, shipment);
  if (before.length > 0) {
    if (samePick(before, line, site)) return [];
    throw new Rejected('pick-already-made', { shipment, lot: line.lot });
  }
  const taken = splitAvailable(stock, { lot: line.lot, site, quantity: line.quantity }, order);
  return taken.map((bucket, index) => ({
    type: 'StockStaged',
    lot: line.lot,
    ...bucket,
    shipment,
    fromStage: FREE,
    toStage: 'picked',
    serials: index === 0 ? line.serials : [],
    cause: causedBy(shipment),
  }));
}

/** Everything that was picked of the lot for the shipment stands ready to be loaded. */
export const packStock = (stock: Stock, shipment: string): StockEvent[] =>
  pickedFor(stock, shipment)
    .filter(({ stage }) => stage === 'picked')
    .map((one) => restage(stock, one, 'packed'));

/** Puts back where it was taken from: all of it, or as much as `goods` says. */
export function putBack(stock: Stock, shipment: string, goods?: Pick<LotLine, 'quantity' | 'serials'>): StockEvent[] {
  let rest = goods && new Big(goods.quantity.value);
  let named = goods?.serials ?? [];
  return pickedFor(stock, shipment).flatMap((one) => {
    if (rest === undefined || goods === undefined) return [restage(stock, one, FREE)];
    if (one.quantity.unit !== goods.quantity.unit || rest.lte(0)) return [];
    const value = rest.lt(one.quantity.value) ? rest.toFixed() : one.quantity.value;
    const whole = new Big(value).eq(one.quantity.value);
    const serials = whole ? one.serials : intersect(one.serials, named);
    rest = rest.minus(value);
    named = subtract(named, serials);
    return [restage(stock, { ...one, quantity: { value, unit: one.quantity.unit }, serials }, FREE)];
  });
}

/** Somebody said that a shipment is where it should be; said twice it is nothing. */
export const arrived = (stock: Stock, shipment: string): StockEvent[] =>
  stock.staged
    .filter((one) => one.shipment === shipment && one.stage === 'in-transit')
    .map((one) => restage(stock, one, ELSEWHERE));

/** Goods on the road of a placeholder are those of the lot that it turned out to be. */
export const renamedOnTheRoad = (
  unknown: Stock,
  { placeholder, lot }: { placeholder: string; lot: string },
  cause: Cause,
): { readonly out: StockEvent[]; readonly into: StockEvent[] } => {
  const { staged } = unknown;
  return {
    out: staged.map((one) => ({ ...restage({ ...unknown, lot: placeholder }, one, ELSEWHERE), cause })),
    into: staged.map((one) => {
      const { stage, ...rest } = one;
      return { type: 'StockStaged', lot, ...rest, fromStage: ELSEWHERE, toStage: stage, cause };
    }),
  };
};

type Restaged = Extract<StockEvent, { type: 'StockStaged' }>;

const restage = ({ lot }: Stock, { stage, ...goods }: Staged, toStage: string): Restaged => ({
  type: 'StockStaged',
  lot,
  ...goods,
  fromStage: stage,
  toStage,
  cause: causedBy(goods.shipment),
});

function samePick(before: readonly Staged[], { quantity, serials }: LotLine, site: string): boolean {
  const total = before.reduce((sum, one) => sum.plus(one.quantity.value), new Big(0));
  const units = before.reduce<readonly SerialRange[]>((all, one) => union(all, one.serials), []);
  return (
    before.every((one) => one.site === site && one.quantity.unit === quantity.unit) &&
    total.eq(quantity.value) &&
    contains(units, serials) &&
    contains(serials, units)
  );
}
