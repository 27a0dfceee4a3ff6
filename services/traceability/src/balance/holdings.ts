import type { LotLine } from '@lotwarden/contracts/events';
import type { Genealogy } from '../genealogy/genealogy.ts';
import { lotAt, meant } from '../genealogy/nodes.ts';
import { union } from '@lotwarden/platform/serial-range';
import { custodyOf } from '../trace/custody.ts';
import type { Pausing } from '../trace/walk.ts';
import { balanceOf, type CustodianBalance } from './balance.ts';
import { booksOf } from './books.ts';

export interface Holding extends CustodianBalance {
  readonly lot: string;
  readonly item: string | null;
  readonly serials: LotLine['serials'];
  readonly containers: LotLine['containers'];
}

/** Everything a party ever had to do with, lot by lot, counted by the balance of each lot. */
export function* holding(graph: Genealogy, custodian: string): Pausing<Holding[]> {
  const holdings: Holding[] = [];
  for (const index of new Set(graph.custodians.get(custodian).flatMap((lot) => meant(graph, lot)))) {
    const lot = lotAt(graph, index);
    const counted = balanceOf(booksOf(graph, lot)).custodians.find((one) => one.custodian === custodian);
    if (counted) {
      const lines = custodyOf(graph, lot.index, 'all', custodian).map(([, line]) => line);
      const known = {
        serials: lines.reduce<LotLine['serials']>((all, { serials }) => union(all, serials), []),
        containers: [...new Set(lines.flatMap(({ containers }) => containers))].sort(),
      };
      holdings.push({ lot: lot.id, item: lot.declaration?.item ?? null, ...counted, ...known });
    }
    yield;
  }
  return holdings.sort((a, b) => (a.lot < b.lot ? -1 : 1));
}
