import type { InboundLine, LotLine, Violation } from '@lotwarden/contracts/events';
import { consumer } from '@lotwarden/platform/consumer';
import { holdViolations } from '@lotwarden/platform/gate';
import type { LotDirectory } from '@lotwarden/platform/lot-directory';
import type { LotRef } from '@lotwarden/platform/lot-ref';
import type { Work } from '@lotwarden/platform/store';
import type { DestructionBooks } from '../destruction/destructions.store.ts';
import { GROUP, type House } from '../house.ts';
import type { ReturnBooks } from '../return/returns.store.ts';
import { byLot } from '../shipment/expand-containers.ts';
import type { ShipmentReports } from '../shipment/report.store.ts';
import { moveReported } from '../stock/move-stock.ts';
import { only } from '../stock/take-stock.ts';
import { marketOf } from './parties.consumer.ts';

interface Needs {
  readonly house: House;
  readonly directory: LotDirectory;
  readonly shipments: ShipmentReports;
  readonly returns: ReturnBooks;
  readonly destructions: DestructionBooks;
}

/** What the WMS tells after the event. None of it is refused; what broke a rule says so (correctness rule 1). */
export const goodsReported = ({ house, directory, shipments, returns, destructions }: Needs) => {
  const { stocks, places, mergedLots, orders } = house;

  /** Lots by our names; one that nobody has declared gets a placeholder, so that the fact has something to stand on. */
  async function known(work: Work, refs: readonly LotRef[]): Promise<{ lots: string[]; found: Violation[] }> {
    const resolved = await directory.resolve(refs, work);
    const actual = await mergedLots.actual(
      work,
      resolved.map(({ lot }) => lot),
    );
    const lots = resolved.map(({ lot }) => actual(lot));
    const stocked = await work.load(stocks, lots);
    const found = lots.flatMap((lot, index): Violation[] => {
      const ref = resolved[index]?.ref;
      const named = stocked[index]?.state.kind !== 'unknown' || stocked[index].state.status !== 'unknown';
      return named ? [] : [{ code: 'lot-unknown', lot, detail: `${ref?.system ?? ''} ${ref?.code ?? ''}` }];
    });
    return { lots, found };
  }

  async function resolve(work: Work, lines: readonly InboundLine[]): Promise<{ lines: LotLine[]; found: Violation[] }> {
    const { lots, found } = await known(
      work,
      lines.map(({ lot }) => lot),
    );
    return { lines: byLot(lines.map((line, index) => ({ ...line, lot: lots[index] ?? '' }))), found };
  }

  return consumer({
    topic: 'wms.inbound.v1',
    group: GROUP,
    on: {
      GoodsShipped: async ({ event }, work) => {
        const { shipment, site, soldTo, shipTo, custodian, occurredAt } = event;
        const { lines, found } = await resolve(work, event.lines);
        const market = await marketOf(work, [shipTo, custodian, soldTo]);
        const shipped = { shipment, site, soldTo, shipTo, custodian, market, dispatchedAt: occurredAt, lines };
        await shipments(work, shipped, found);
      },
      GoodsReturned: async ({ event }, work) => {
        const { site, from, unidentified, occurredAt } = event;
        const { lines, found } = await resolve(work, event.lines);
        await returns.report(
          work,
          { return: event.return, site, from, receivedAt: occurredAt, lines, unidentified },
          found,
        );
      },
      GoodsDestroyed: async ({ event }, work) => {
        const { destruction, site, location, witness, occurredAt } = event;
        const { lines, found } = await resolve(work, event.lines);
        await destructions.report(
          work,
          { destruction, site, location, destroyedAt: occurredAt, witness, lines },
          found,
        );
      },
      GoodsMoved: async ({ event }, work) => {
        const { site, quantity, fromLocation, toLocation } = event;
        const { lots, found } = await known(work, [event.lot]);
        const { kind } = await places.of(work, site);
        const cause = { kind: 'movement', id: event.messageId };
        const toQuarantine = kind(toLocation) === 'quarantine';
        for (const lot of lots) {
          const movement = { lot, quantity, purpose: 'quarantine', site, to: toLocation, cause };
          const ordered = toQuarantine && (await orders.useAny(work, movement));
          const direction = ordered ? { destination: 'quarantine', order: event.messageId } : undefined;
          await work.change(stocks, lot, (stock, { holds }) => {
            const held = holdViolations({ id: lot, holds }, [], toQuarantine ? 'quarantine' : 'move', direction);
            const moving = { lot, site, quantity, to: toLocation, cause, violations: [...found, ...held] };
            return moveReported(stock, moving, only(fromLocation), fromLocation);
          });
        }
      },
    },
  });
};
