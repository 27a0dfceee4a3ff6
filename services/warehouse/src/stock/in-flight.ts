import type { InFlight, SerialRange } from '@lotwarden/contracts/events';
import { add, isPositive, type Quantity } from '@lotwarden/platform/quantity';
import type { LocationKind } from '../site/site.ts';
import type { Stage } from './staged.ts';
import type { Stock } from './stock.ts';

/** Goods that are on their way out, so that people can stop them by telephone (correctness rule 23). */
export interface OnTheWay {
  readonly lot: string;
  readonly site: string;
  /** at-dock: free, but where lorries are loaded. */
  readonly stage: Stage | 'at-dock';
  readonly shipment: string | null;
  readonly location: string;
  readonly quantity: Quantity;
  readonly serials: readonly SerialRange[];
}

type KindOf = (site: string, location: string) => LocationKind;

export function onTheWay({ lot, buckets, staged }: Stock, kind: KindOf): OnTheWay[] {
  const atDock = buckets
    .filter((b) => isPositive(b.quantity) && kind(b.site, b.location) === 'shipping')
    .map((b) => ({ lot, ...b, stage: 'at-dock' as const, shipment: null, serials: [] }));
  return [...staged.map((one) => ({ lot, ...one })), ...atDock];
}

/** What of a held lot was on its way when the gate acknowledged: an entry for each site and unit of measure. */
export function inFlight(stock: Stock, kind: KindOf): InFlight[] {
  const groups = Map.groupBy(onTheWay(stock, kind), ({ site, quantity }) => `${site}|${quantity.unit}`);
  return [...groups.values()].flatMap((group) => {
    const of = (...stages: readonly string[]): Quantity | null =>
      group
        .filter(({ stage }) => stages.includes(stage))
        .reduce<Quantity | null>((total, one) => (total ? add(total, one.quantity) : one.quantity), null);
    const [first] = group;
    if (!first) return [];
    return [
      {
        lot: stock.lot,
        site: first.site,
        picked: of('picked'),
        packed: of('packed', 'at-dock'),
        inTransit: of('in-transit'),
      },
    ];
  });
}
