import { expect } from '@jest/globals';
import { Rejected } from '../errors.ts';

/** Given events, when a decision is taken, then these events follow — or it is rejected with this code. */
export function given<State, Event>(
  initial: State,
  evolve: (state: State, event: Event) => State,
  history: readonly Event[],
) {
  const state = history.reduce(evolve, initial);
  return {
    when(decide: (state: State) => readonly Event[]) {
      return {
        then: (expected: readonly Event[]) => {
          expect(decide(state)).toEqual(expected);
        },
        thenLike: (expected: readonly object[]) => {
          expect(decide(state)).toMatchObject(expected);
        },
        rejects: (code: string) => {
          expect(rejection(() => decide(state))).toBe(code);
        },
      };
    },
  };
}

/** The code with which something was rejected; any other error goes on. */
function rejection(attempt: () => unknown): string | undefined {
  try {
    attempt();
    return undefined;
  } catch (error) {
    if (error instanceof Rejected) return error.code;
    throw error;
  }
}
