import type { EdgeKind } from '../genealogy/model.ts';

export type Direction = 'forward' | 'backward';

interface Rule {
  /** Does it pass from the very object asked about? */
  readonly fromRoot: boolean;
  /** Does it pass from a lot that is itself only affected? */
  readonly fromAffected: boolean;
  /** Does what it reached pass anything on? */
  readonly goesOn: boolean;
  readonly because: string;
}

/** What flows along an edge (domain.md §6 in one table; a scenario test for each row). */
export const PROPAGATION: Readonly<Record<Direction, Readonly<Record<EdgeKind, Rule>>>> = {
  forward: {
    material: { fromRoot: true, fromAffected: true, goesOn: true, because: 'it becomes part of what is made' },
    installed: { fromRoot: true, fromAffected: true, goesOn: true, because: 'the removable part is in it' },
    exposure: {
      fromRoot: true,
      fromAffected: false,
      goesOn: true,
      because: 'a bad load, tool or gauge affects its members; a bad member does not affect its load-mates',
    },
    containment: {
      fromRoot: true,
      fromAffected: true,
      goesOn: false,
      because: 'the box of an affected unit is held, its neighbours are not',
    },
  },
  backward: {
    material: { fromRoot: true, fromAffected: true, goesOn: true, because: 'it was made of it' },
    installed: { fromRoot: true, fromAffected: true, goesOn: true, because: 'it contains it' },
    exposure: { fromRoot: true, fromAffected: true, goesOn: true, because: 'the load or tool may be the cause' },
    containment: { fromRoot: false, fromAffected: false, goesOn: false, because: 'a box is no cause of its contents' },
  },
};
