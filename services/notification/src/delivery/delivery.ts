import type { EventOf } from '@lotwarden/contracts/events';

export type DeliveryEvent = EventOf<'notification.delivery.v1'>;
type Answered = Extract<DeliveryEvent, { type: 'NoticeAnswered' }>;

/**
 * How far one version of a notice has come, in rungs: tried, taken by the endpoint (not a receipt), answered by a named
 * person. Escalated means that a person must call; trying goes on all the same.
 */
export interface Delivery {
  readonly notice: string;
  readonly version: number;
  readonly case: string;
  readonly party: string;
  readonly attempts: number;
  readonly deliveredAt: string | null;
  readonly escalations: readonly string[];
  readonly answers: readonly Answered[];
  readonly lastError: string | null;
}

export const NO_DELIVERY: Delivery = {
  notice: '',
  version: 0,
  case: '',
  party: '',
  attempts: 0,
  deliveredAt: null,
  escalations: [],
  answers: [],
  lastError: null,
};

export const deliveryId = (notice: string, version: number): string => `${notice}|v${String(version)}`;

export function evolve(known: Delivery, event: DeliveryEvent): Delivery {
  const { notice, version, party } = event;
  const named = { ...known, notice, version, party, case: event.case };
  switch (event.type) {
    case 'NoticeDelivered':
      return { ...named, attempts: event.attempt, deliveredAt: event.deliveredAt, lastError: null };
    case 'NoticeDeliveryFailed':
      return { ...named, attempts: event.attempt, lastError: event.error };
    case 'NoticeEscalated':
      return { ...named, escalations: [...known.escalations, event.reason] };
    case 'NoticeAnswered':
      return { ...named, answers: [...known.answers, event] };
  }
}

/** 1 s, 2 s, 5 s, 10 s, 30 s, then every minute for ever: hours of silence would be far too slow in a recall. */
const PAUSES = [1_000, 2_000, 5_000, 10_000, 30_000, 60_000] as const;

/** Milliseconds until the next attempt after this many; what the endpoint asks for (Retry-After) counts up to a minute. */
export const pauseAfter = (attempts: number, retryAfter: number | null): number =>
  Math.min(60_000, Math.max(PAUSES[Math.min(attempts, PAUSES.length) - 1] ?? 1_000, retryAfter ?? 0));

/** Escalates once for each reason. */
export const escalate = (
  known: Delivery,
  named: { notice: string; version: number; case: string; party: string },
  reason: string,
): DeliveryEvent[] => (known.escalations.includes(reason) ? [] : [{ type: 'NoticeEscalated', ...named, reason }]);
