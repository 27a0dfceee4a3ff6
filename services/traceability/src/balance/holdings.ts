import type { LotLine } from '@lotwarden/contracts/events';
import type { Genealogy } from '../genealogy/genealogy.ts';
import { lotAt, meant } from '../genealogy/nodes.ts';
import { union } from '@lotwarden/platform/serial-range';
import { custodyOf } from '../trace/custody.ts';
import { balanceOf, type CustodianBalance } from './balance.ts';
import { booksOf } from './books.ts';

export interface Holding extends CustodianBalance {
  readonly lot: string;
  readonly item: string | null;
  readonly serials: LotLine['serials'];
  readonly containers: LotLine['containers'];
}

/** Everything a party ever had to do with, lot by lot, counted by the balance of each lot. */
export function holdingsOf(graph: Genealogy, custodian: string): Holding[] {
  const lots = new Set(graph.custodians.get(custodian).flatMap((lot) => meant(graph, lot)));
  return [...lots]
    .map((index) => lotAt(graph, index))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .flatMap((lot) => {
      const counted = balanceOf(booksOf(graph, lot)).custodians.find((one) => one.custodian === custodian);
      if (!counted) return [];
      const lines = custodyOf(graph, lot.index, 'all', custodian).map(([, line]) => line);
      const known = {
        serials: lines.reduce<LotLine['serials']>((all, { serials }) => union(all, serials), []),
        containers: [...new Set(lines.flatMap(({ containers }) => containers))].sort(),
      };
      return [{ lot: lot.id, item: lot.declaration?.item ?? null, ...counted, ...known }];
    });
}
