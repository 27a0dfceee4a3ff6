import { randomBytes, randomUUID } from 'node:crypto';
import { instant, type Instant } from '../instant.ts';

/** Time as a dependency, so that a test can stop it. */
export interface Clock {
  readonly now: () => Date;
  /** `now` as text, the form that goes into events and views. */
  readonly instant: () => Instant;
}

/** Chance as a dependency, so that a simulation can replay it. */
export interface Random {
  readonly uuid: () => string;
  readonly bytes: (length: number) => Uint8Array;
  /** 0 ≤ n < 1; for jitter, never for secrets. */
  readonly fraction: () => number;
}

export const systemClock = (): Clock => ({
  now: () => new Date(),
  instant: () => instant(new Date()),
});

export const systemRandom = (): Random => ({
  uuid: () => randomUUID(),
  bytes: (length) => randomBytes(length),
  fraction: () => Math.random(),
});
