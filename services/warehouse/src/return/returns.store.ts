import type { LotLine, Violation } from '@lotwarden/contracts/events';
import { Rejected } from '@lotwarden/platform/errors';
import type { Stored, Work } from '@lotwarden/platform/store';
import type { StockEvent } from '../stock/stock.ts';
import type { House } from '../house.ts';
import { sameGoods } from '../shipment/compare-lines.ts';
import { byLot } from '../shipment/expand-containers.ts';
import { returnFindings, type Return } from './return.ts';

export interface Returned {
  readonly return: string;
  readonly site: string;
  readonly from: string;
  readonly receivedAt: string;
  readonly lines: readonly LotLine[];
  readonly unidentified: readonly string[];
}

const key = (id: string): string => `return|${id}`;

/** Whatever comes back lies in quarantine; what nobody can name stays unnamed instead of being forced into a lot. */
export function returnBooks({ returns, stocks, places, commanded }: House) {
  async function book(work: Work, returned: Returned, found: readonly Violation[]): Promise<Stored<Return>> {
    const location = (await places.of(work, returned.site)).first('quarantine');
    const violations = [...found];
    for (const { lot, quantity, serials } of returned.lines) {
      const line = { lot, quantity, serials, containers: [] };
      const cause = { kind: 'return', id: returned.return };
      const goods = { lot, quantity, serials, site: returned.site, location, cause };
      const { events } = await work.change(stocks, lot, (stock): StockEvent[] => [
        { type: 'StockReturned', ...goods, violations: returnFindings(stock, line) },
      ]);
      violations.push(...events.flatMap((event) => ('violations' in event ? event.violations : [])));
    }
    return work.append(returns, returned.return, [{ type: 'ReturnReceived', ...returned, violations }]);
  }

  return {
    async receive(work: Work, asked: Returned): Promise<Stored<Return>> {
      const [known] = await work.load(returns, [asked.return]);
      if (known?.state.status === 'received') {
        const { site, from, lines } = known.state;
        if (site === asked.site && from === asked.from && sameGoods(lines, asked.lines)) return known;
        throw new Rejected('return-already-received', { return: asked.return });
      }
      const lines = byLot(asked.lines);
      for (const { id, state } of await work.load(
        stocks,
        lines.map(({ lot }) => lot),
      ))
        if (state.lot === '') throw new Rejected('lot-unknown', { lot: id }, 409);
      commanded.mark(work, key(asked.return));
      return book(work, { ...asked, lines }, []);
    },
    async report(work: Work, fact: Returned, found: readonly Violation[]): Promise<void> {
      const [known] = await work.load(returns, [fact.return]);
      if (known?.state.status !== 'received') {
        await book(work, fact, found);
        return;
      }
      const { lines, doubts } = await commanded.news(work, key(fact.return), known.state.lines, fact.lines);
      const before = known.state.unidentified;
      const unidentified = fact.unidentified.filter((code) => !before.includes(code));
      if (lines.length + unidentified.length > 0)
        await book(work, { ...fact, lines, unidentified }, [...found, ...doubts]);
    },
  };
}

export type ReturnBooks = ReturnType<typeof returnBooks>;
