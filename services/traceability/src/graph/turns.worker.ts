import type { Pausing } from '../trace/walk.ts';

/** What becomes of work that was started. */
export interface Turn {
  readonly done: (result: unknown) => void;
  readonly failed: (error: unknown) => void;
  /** It is long, and too many long ones go on. */
  readonly refused: () => void;
}

/**
 * Lets work take turns in one thread. What is short is done at once; what is long goes on bit by bit, between messages, so
 * that it holds up neither short questions nor facts. So many long ones at once, the rest is refused.
 */
export interface Turns {
  /** Returns how to give it up: nothing is heard of it any more. */
  readonly start: (begin: () => Pausing<unknown>, turn: Turn) => () => void;
  /** Facts took something back or made two lots one: what is under way starts anew. What was only added needs no such thing. */
  readonly rewritten: () => void;
}

interface Settings {
  /** In milliseconds. */
  readonly now: () => number;
  /** Calls back after what waits has had its turn. */
  readonly later: (go: () => void) => void;
}

interface Running extends Turn {
  readonly begin: () => Pausing<unknown>;
  work: Pausing<unknown>;
  restarts: number;
  /** Milliseconds that it has had. */
  used: number;
}

/** Milliseconds of the first turn, within which nearly every question is answered, and of each after it. */
const FIRST = 4;
const NEXT = 2;
/** What has had so much time is long; so many long ones at once. */
const LONG = 40;
const MOST = 4;
/** Who has had least goes first; but every so often it is the turn of who waits longest, lest it never ends. */
const FAIR = 4;
/** After so many new starts it is finished in one turn, lest a stream of corrections keeps it from ever ending. */
const RESTARTS = 3;

export function createTurns({ now, later }: Settings): Turns {
  const running: Running[] = [];
  let isAwake = false;
  let taken = 0;

  /** True when it has come to an end, good or bad. */
  const run = (one: Running, length: number): boolean => {
    const began = now();
    try {
      for (;;) {
        const { done, value } = one.work.next();
        const used = now() - began;
        if (done) {
          one.done(value);
          return true;
        }
        if (used < length) continue;
        const wasLong = one.used >= LONG;
        one.used += used;
        if (wasLong || one.used < LONG || running.filter((other) => other.used >= LONG).length < MOST) return false;
        one.refused();
        return true;
      }
    } catch (error) {
      one.failed(error);
      return true;
    }
  };

  const next = (): Running | undefined => {
    if (taken++ % FAIR === 0) return running.shift();
    const least = running.reduce((found, one, at) => (one.used < (running[found]?.used ?? 0) ? at : found), 0);
    return running.splice(least, 1)[0];
  };

  const goOn = (): void => {
    const one = next();
    if (one && !run(one, one.restarts > RESTARTS ? Infinity : NEXT)) running.push(one);
    isAwake = running.length > 0;
    if (isAwake) later(goOn);
  };

  return {
    start: (begin, turn) => {
      const one: Running = { ...turn, begin, work: begin(), restarts: 0, used: 0 };
      if (!run(one, FIRST)) running.push(one);
      if (running.length > 0 && !isAwake) {
        isAwake = true;
        later(goOn);
      }
      return () => {
        const at = running.indexOf(one);
        if (at >= 0) running.splice(at, 1);
      };
    },
    rewritten: () => {
      for (const one of running) {
        one.work = one.begin();
        one.restarts += 1;
      }
    },
  };
}
