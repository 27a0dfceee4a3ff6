import { Rejected } from '@lotwarden/platform/errors';
import type { Replica } from '../graph/replica.client.ts';
import { aggregate, type AggregateRow, type Dimension } from './aggregate.ts';
import type { LotSet } from './lot-set.ts';

export interface AddedUp {
  readonly rows: readonly AggregateRow[];
  readonly lots: number;
  readonly unbalanced: number;
}

/** Lots that are looked at in one turn; about 20 ms of the graph's time. */
const MOST = 500;

/** The balances of a whole set, divided. Others have their turn in between. Throws `trace-not-kept`. */
export async function addUp(
  { ask }: Pick<Replica, 'ask'>,
  { set, by }: { readonly set: LotSet; readonly by: readonly Dimension[] },
  signal: AbortSignal,
): Promise<AddedUp> {
  const sums = aggregate(by);
  let [lots, unbalanced] = [0, 0];
  for (let from: number | null = 0; from !== null;) {
    signal.throwIfAborted();
    const slice: Awaited<ReturnType<typeof ask<'aggregate'>>> = await ask('aggregate', { set, by, from, most: MOST });
    if (!slice) throw new Rejected('trace-not-kept', { trace: set.kind === 'trace' ? set.trace : '' });
    sums.take(slice.rows);
    lots += slice.lots;
    unbalanced += slice.unbalanced;
    from = slice.next;
  }
  return { rows: sums.rows(), lots, unbalanced };
}
