import { setTimeout as pause } from 'node:timers/promises';
import { Rejected, Transient } from '@lotwarden/platform/errors';
import type { Replica } from '../graph/replica.client.ts';
import { aggregate, type AggregateRow, type Dimension } from './aggregate.ts';
import type { AggregateAnswer } from './aggregate-question.ts';
import type { LotSet } from './lot-set.ts';

export interface AddedUp {
  readonly rows: readonly AggregateRow[];
  readonly lots: number;
  readonly unbalanced: number;
  readonly partly: number;
  readonly atMost: number;
}

interface Asked {
  readonly set: LotSet;
  readonly by: readonly Dimension[];
  /** Of its months; an IANA name. */
  readonly timeZone?: string;
}

type Asking = Pick<Replica, 'ask'>;

/** Lots that are looked at in one turn: some milliseconds of the graph's time. */
const MOST = 25;
/** Milliseconds until it is tried again where too much else is asked. */
const BUSY = 100;
/** What an answer in one piece may take, in milliseconds: callers wait for 30 s. */
const PATIENCE = 25_000;

/**
 * The balances of a whole set, divided. Others have their turn in between. Throws `trace-not-kept`, and
 * `aggregate-too-large` where it takes too long for an answer in one piece.
 */
export async function addUp({ ask }: Asking, asked: Asked, signal: AbortSignal): Promise<AddedUp> {
  const begun = performance.now();
  let told: (() => AddedUp) | undefined;
  for await (const sums of addingUp({ ask }, asked, signal)) {
    told = sums;
    if (performance.now() - begun > PATIENCE) throw new Rejected('aggregate-too-large', { lots: sums().lots });
  }
  return told?.() ?? { rows: [], lots: 0, unbalanced: 0, partly: 0, atMost: 0 };
}

/** The same, however long it takes: yields after each part what there is so far, for whoever wants it. */
export async function* addingUp(
  { ask }: Asking,
  { set, by, timeZone }: Asked,
  signal: AbortSignal,
): AsyncGenerator<() => AddedUp, void, undefined> {
  const sums = aggregate(by);
  let [lots, unbalanced, partly, atMost] = [0, 0, 0, 0];
  const soFar = (): AddedUp => ({ rows: sums.rows(), lots, unbalanced, partly, atMost });
  yield soFar;
  for (let from: number | null = 0; from !== null;) {
    signal.throwIfAborted();
    const slice: AggregateAnswer | 'busy' = await askFor(
      ask,
      { set, by, ...(timeZone === undefined ? {} : { timeZone }) },
      from,
    ).catch(busy);
    if (slice === 'busy') {
      yield soFar;
      await pause(BUSY, undefined, { signal });
      continue;
    }
    sums.take(slice.rows);
    lots += slice.lots;
    unbalanced += slice.unbalanced;
    partly += slice.partly;
    atMost += slice.atMost;
    from = slice.next;
    yield soFar;
  }
}

/** Others are first; what is added up so far is not lost. */
function busy(error: unknown): 'busy' {
  if (error instanceof Transient && error.code === 'graph-busy') return 'busy';
  throw error;
}

async function askFor(ask: Asking['ask'], { set, ...how }: Asked, from: number): Promise<AggregateAnswer> {
  if (set.kind === 'lots') {
    // A long list goes part by part too: each question is copied to the graph's thread.
    const some = set.lots.slice(from, from + MOST);
    const slice = await ask('aggregate', { set: { kind: 'lots', lots: some }, ...how, from: 0, most: MOST });
    if (!slice) throw new Error('a list of lots is no trace');
    return { ...slice, next: from + MOST < set.lots.length ? from + MOST : null };
  }
  const slice = await ask('aggregate', { set, ...how, from, most: MOST });
  if (!slice) throw new Rejected('trace-not-kept', { trace: set.kind === 'trace' ? set.trace : '' });
  return slice;
}
