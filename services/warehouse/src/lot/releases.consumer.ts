import { consumer } from '@lotwarden/platform/consumer';
import { GROUP, type House } from '../house.ts';
import { describeLot, withMarket, withoutMarket } from '../stock/describe-lot.ts';

/** For which markets quality has released a lot; may come before anything else is known of it. */
export const releases = ({ stocks }: Pick<House, 'stocks'>) =>
  consumer({
    topic: 'qms.release.v1',
    group: GROUP,
    on: {
      LotReleased: ({ event: { lot, product, market } }, work) =>
        work.change(stocks, lot, (stock) =>
          describeLot(
            stock,
            lot,
            { item: stock.item ?? product, markets: withMarket(stock, market) },
            {
              kind: 'release',
              id: market,
            },
          ),
        ),
      LotReleaseRevoked: ({ event: { lot, market } }, work) =>
        work.change(stocks, lot, (stock) =>
          describeLot(stock, lot, { markets: withoutMarket(stock, market) }, { kind: 'release', id: market }),
        ),
    },
  });
