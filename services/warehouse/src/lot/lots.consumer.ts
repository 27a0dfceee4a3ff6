import { consumer } from '@lotwarden/platform/consumer';
import type { LotDirectory } from '@lotwarden/platform/lot-directory';
import type { Work } from '@lotwarden/platform/store';
import { GROUP, type House } from '../house.ts';
import { describeLot, type Description } from '../stock/describe-lot.ts';
import { moveReported } from '../stock/move-stock.ts';
import { only, unloadable } from '../stock/take-stock.ts';

interface Needs {
  readonly house: House;
  readonly directory: LotDirectory;
}

/** What receiving and production say about their lots: what they are, where they lie, how others call them. */
export const lotsDeclared = ({ house: { stocks, places, mergedLots }, directory }: Needs) => {
  const { merge } = mergedLots;

  const describe = (work: Work, lot: string, said: Description, cause: { kind: string; id: string }) =>
    work.change(stocks, lot, (stock) => describeLot(stock, lot, said, cause));

  /** An operation may be heard of before its product: then nobody knew that this was finished. */
  async function bringToFinished(work: Work, lot: string): Promise<void> {
    const [stock] = await work.load(stocks, [lot]);
    for (const { site, location, quantity } of stock?.state.buckets ?? []) {
      const { kind, first } = await places.of(work, site);
      if (kind(location) !== 'line' || quantity.value.startsWith('-')) continue;
      const moving = {
        lot,
        site,
        quantity,
        to: first('finished'),
        cause: { kind: 'declaration', id: lot },
        violations: [],
      };
      await work.change(stocks, lot, (now) => moveReported(now, moving, only(location), location));
    }
  }

  return [
    consumer({
      topic: 'receiving.material-lot.v1',
      group: GROUP,
      on: {
        MaterialLotReceived: async ({ event }, work) => {
          const { lot, part, quantity, site, location } = event;
          const cause = { kind: 'receipt', id: lot };
          await describe(work, lot, { item: part, kind: 'material', status: 'pending' }, cause);
          await work.append(stocks, lot, [
            { type: 'StockReceived', lot, quantity, site, location, serials: [], cause, violations: [] },
          ]);
          await directory.hear(work, event, merge);
        },
        MaterialLotAccepted: ({ event: { lot, inspection } }, work) =>
          describe(work, lot, { status: 'accepted' }, { kind: 'inspection', id: inspection }),
        MaterialLotRejected: ({ event: { lot, inspection } }, work) =>
          describe(work, lot, { status: 'rejected' }, { kind: 'inspection', id: inspection ?? lot }),
        MaterialLotPutAway: async ({ event: { lot, quantity, site, location } }, work) => {
          const { kind, first } = await places.of(work, site);
          const moving = { lot, site, quantity, to: location, cause: { kind: 'put-away', id: lot }, violations: [] };
          await work.change(stocks, lot, (stock) =>
            moveReported(stock, moving, unloadable(kind, location), first('dock')),
          );
        },
        LotAliasAssigned: ({ event }, work) => directory.hear(work, event, merge),
      },
    }),
    consumer({
      topic: 'mes-bridge.production-lot.v1',
      group: GROUP,
      on: {
        ProductionLotDeclared: async ({ event }, work) => {
          const { lot, product, kind, placeholder } = event;
          if (!placeholder) {
            const cause = { kind: 'declaration', id: lot };
            const { events } = await describe(work, lot, { item: product, kind, status: 'made' }, cause);
            if (kind === 'finished' && events.length > 0) await bringToFinished(work, lot);
          }
          await directory.hear(work, event, merge);
        },
        LotAliasAssigned: ({ event }, work) => directory.hear(work, event, merge),
      },
    }),
  ];
};
