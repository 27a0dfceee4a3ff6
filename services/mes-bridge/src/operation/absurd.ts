import type { OperationOutput, Violation } from '@lotwarden/contracts/events';

interface Times {
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly endedAt: string;
}

/** Before this no system that reports here had a right clock: it was never set. */
const EARLIEST = '2000-01-01T00:00:00.000Z';
const DAY_MS = 86_400_000;

/**
 * Times that cannot be. The operation is kept all the same, with what the source says: whoever asks by time has to know
 * that it may be missing from the answer.
 *
 * @param heardAt when the report came, ISO 8601; a clock may be ahead by a day, time zones told wrongly included
 */
export function absurdTimes({ startedAt, endedAt }: Times, heardAt: string): Violation[] {
  const found = (detail: string): Violation[] => [{ code: 'operation-time-absurd', lot: null, detail }];
  if (endedAt < startedAt) return found(`ended ${endedAt}, before it started ${startedAt}`);
  if (startedAt < EARLIEST) return found(`started ${startedAt}`);
  return Date.parse(endedAt) > Date.parse(heardAt) + DAY_MS ? found(`ended ${endedAt}, told ${heardAt}`) : [];
}

/** Amounts that nobody can take or make; they are kept, and count in the books as they were told. */
export const absurdAmounts = (flows: readonly OperationOutput[]): Violation[] =>
  flows
    .filter(({ quantity }) => Number(quantity.value) <= 0)
    .map(({ lot, quantity }) => ({
      code: 'quantity-not-positive',
      lot,
      detail: `${quantity.value} ${quantity.unit}`,
    }));
