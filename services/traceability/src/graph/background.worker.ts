import type { Pausing } from '../trace/walk.ts';

/** Work that nobody waits for, done where nothing else wants the thread. */
export interface Background {
  /** Something came: it has the thread first. `changed`: what was done is to be looked through again. */
  readonly stir: (changed: boolean) => void;
}

interface Settings {
  readonly begin: () => Pausing<unknown>;
  /** In milliseconds. */
  readonly now: () => number;
  /** Calls back after what waits has had its turn, and after so many milliseconds. */
  readonly later: (go: () => void) => void;
  readonly after: (milliseconds: number, go: () => void) => void;
}

/** Milliseconds of one turn, and between two while other things come: a fiftieth of the thread then. */
const TURN = 1;
const REST = 50;

export function createBackground({ begin, now, later, after }: Settings): Background {
  let work: Pausing<unknown> | undefined;
  let isAwake = false;
  let [isStirred, isChanged] = [false, false];

  const turn = (): boolean => {
    if (!work) {
      isChanged = false;
      work = begin();
    }
    for (const until = now() + TURN; now() < until;) {
      if (work.next().done !== true) continue;
      work = undefined;
      return isChanged;
    }
    return true;
  };

  const goOn = (): void => {
    const goesOn = turn();
    isAwake = goesOn;
    if (!goesOn) return;
    if (isStirred) after(REST, goOn);
    else later(goOn);
    isStirred = false;
  };

  return {
    stir: (changed) => {
      isStirred = true;
      isChanged ||= changed;
      if (isAwake || (!isChanged && !work)) return;
      isAwake = true;
      after(REST, goOn);
    },
  };
}
