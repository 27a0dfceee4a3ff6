/** Why a gate lets nothing pass. */
export type ClosedBecause =
  /** Just started: not one tick was seen. */
  | 'starting'
  /** Recall is silent, or Kafka is: holds may exist that nobody could tell us. */
  | 'tick-too-old'
  /** Holds are there that this gate has not applied yet. */
  | 'behind'
  /** What the gate holds is not what the manifest says. */
  | 'digest-mismatch'
  /** A hold message cannot be read. */
  | 'hold-unreadable'
  /** The hold topic is shorter than what was read of it, or has a hole. */
  | 'hold-topic-broken';

export interface Watch {
  readonly tick: { readonly at: number; readonly holdEnd: number } | null;
  /** Next offset of the hold topic that this gate's database wants; every one below is applied. */
  readonly applied: number;
  readonly fault: ClosedBecause | null;
}

export const STARTING: Watch = { tick: null, applied: 0, fault: null };

/** Why it is closed at `now` (epoch milliseconds); null = open. */
export function closedBecause(watch: Watch, now: number, maxTickAge: number): ClosedBecause | null {
  if (watch.fault) return watch.fault;
  if (!watch.tick) return 'starting';
  if (now - watch.tick.at > maxTickAge) return 'tick-too-old';
  return watch.applied < watch.tick.holdEnd ? 'behind' : null;
}

/**
 * After a tick. A tick is as old as the older of its two times: a late one is no news, and a sender whose clock is
 * ahead must not keep gates open.
 */
export const ticked = (watch: Watch, sentAt: number, receivedAt: number, holdEnd: number): Watch => ({
  ...watch,
  tick: { at: Math.min(sentAt, receivedAt), holdEnd: Math.max(holdEnd, watch.tick?.holdEnd ?? 0) },
});
