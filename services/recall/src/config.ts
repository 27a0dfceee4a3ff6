import { z } from 'zod';

const milliseconds = (value: number) => z.coerce.number().int().min(1).default(value);
const hours = (value: number) =>
  z.coerce
    .number()
    .positive() // a fraction of an hour is for trials: nobody waits a day for them
    .max(24 * 365)
    .default(value);

export const config = z.object({
  /** Identity's public keys for signatures. */
  signingKeysUrl: z.url().default('http://127.0.0.1:8080/api/identity/signing-keys'),
  /** Between two ticks; gates close when they hear none for some seconds. Milliseconds, like all times here. */
  tickEvery: milliseconds(1_000),
  /** In which growth of a scope gathers before the gates are told, as one epoch. */
  coalesce: milliseconds(50),
  /** After these a case says that it waits too long, and for whom; it goes on waiting. */
  freezeWithin: milliseconds(10_000),
  drainWithin: milliseconds(60_000),
  settleWithin: milliseconds(60_000),
  questionWithin: milliseconds(10_000),
  /** Until when a party has to answer: 1, 3 and 7 days for class I, II and III (China, Order 29 of 2017). */
  answerHoursClassI: hours(24),
  answerHoursClassIi: hours(72),
  answerHoursClassIii: hours(168),
});
