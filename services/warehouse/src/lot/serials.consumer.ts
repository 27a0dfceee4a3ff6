import type { SerialRange } from '@lotwarden/contracts/events';
import { consumer } from '@lotwarden/platform/consumer';
import type { Work } from '@lotwarden/platform/store';
import { GROUP, type House } from '../house.ts';
import { changeSerials } from '../stock/change-serials.ts';

/** Which serials a lot has; the warehouse knows which of them are here. */
export const serials = ({ stocks, mergedLots }: Pick<House, 'stocks' | 'mergedLots'>) => {
  const change = async (
    work: Work,
    named: string,
    ranges: { readonly added?: readonly SerialRange[]; readonly removed?: readonly SerialRange[] },
    cause: { readonly kind: string; readonly id: string },
  ) => {
    const lot = (await mergedLots.actual(work, [named]))(named);
    await work.change(stocks, lot, (stock) => changeSerials(stock, { lot, added: [], removed: [], ...ranges, cause }));
  };
  return consumer({
    topic: 'serialization.serial-range.v1',
    group: GROUP,
    on: {
      SerialsCommissioned: ({ event: { lot, ranges, product } }, work) =>
        change(work, lot, { added: ranges }, { kind: 'commission', id: product }),
      SerialsMovedIn: ({ event: { lot, ranges, operation } }, work) =>
        change(work, lot, { added: ranges }, { kind: 'operation', id: operation }),
      SerialsMovedOut: ({ event: { lot, ranges, operation } }, work) =>
        change(work, lot, { removed: ranges }, { kind: 'operation', id: operation }),
      SerialsScrapped: ({ event: { lot, ranges, operation } }, work) =>
        change(work, lot, { removed: ranges }, { kind: 'operation', id: operation }),
    },
  });
};
