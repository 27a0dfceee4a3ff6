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
  /** By all endpoints of the party. */
  readonly attempts: number;
  /** When the first of them took it. */
  readonly deliveredAt: string | null;
  readonly endpoints: readonly Reach[];
  readonly escalations: readonly string[];
  readonly answers: readonly Answered[];
  readonly lastError: string | null;
}

/** How far it has come at one endpoint. */
export interface Reach {
  readonly endpoint: string;
  readonly attempts: number;
  readonly deliveredAt: string | null;
  readonly lastError: string | null;
}

export const NO_DELIVERY: Delivery = {
  notice: '',
  version: 0,
  case: '',
  party: '',
  attempts: 0,
  deliveredAt: null,
  endpoints: [],
  escalations: [],
  answers: [],
  lastError: null,
};

export const reachOf = ({ endpoints }: Delivery, endpoint: string): Reach =>
  endpoints.find((one) => one.endpoint === endpoint) ?? { endpoint, attempts: 0, deliveredAt: null, lastError: null };

/** A code has no `#`: no two of these are the same, and none is the id of a delivery. */
export const sendId = (delivery: string, endpoint: string): string => `${delivery}#${endpoint}`;

export const deliveryId = (notice: string, version: number): string => `${notice}|v${String(version)}`;

export function evolve(known: Delivery, event: DeliveryEvent): Delivery {
  const { notice, version, party } = event;
  const named = { ...known, notice, version, party, case: event.case };
  switch (event.type) {
    case 'NoticeDelivered':
      return {
        ...reached(named, event, { deliveredAt: event.deliveredAt, lastError: null }),
        deliveredAt: known.deliveredAt ?? event.deliveredAt,
        lastError: null,
      };
    case 'NoticeDeliveryFailed':
      return {
        ...reached(named, event, { deliveredAt: reachOf(known, event.endpoint).deliveredAt, lastError: event.error }),
        lastError: event.error,
      };
    case 'NoticeEscalated':
      return { ...named, escalations: [...known.escalations, event.reason] };
    case 'NoticeAnswered':
      return { ...named, answers: [...known.answers, event] };
  }
}

function reached(
  known: Delivery,
  { endpoint, attempt }: { readonly endpoint: string; readonly attempt: number },
  came: Pick<Reach, 'deliveredAt' | 'lastError'>,
): Delivery {
  const others = known.endpoints.filter((one) => one.endpoint !== endpoint);
  const endpoints = [...others, { endpoint, attempts: attempt, ...came }];
  return { ...known, endpoints, attempts: endpoints.reduce((sum, { attempts }) => sum + attempts, 0) };
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

/**
 * Whom a failed attempt calls. Late and taken by nobody: the party does not know yet. An endpoint that is gone is a
 * person's business in any case, as nobody calls it again.
 */
export const escalationsOf = (
  known: Delivery,
  named: Parameters<typeof escalate>[1],
  { late, gone }: { readonly late: boolean; readonly gone: boolean },
): DeliveryEvent[] => [
  ...(late && known.deliveredAt === null ? escalate(known, named, 'endpoint-does-not-answer') : []),
  ...(gone ? escalate(known, named, 'endpoint-gone') : []),
];
