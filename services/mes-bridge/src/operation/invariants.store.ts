import { inheritedHolds, mergedLots } from '@lotwarden/platform/gate';
import type { Deps, Invariant } from '@lotwarden/platform/service';
import type { Context, Stored, Work } from '@lotwarden/platform/store';
import type { House } from '../house.ts';
import { assess } from './assess-operation.ts';
import { bornWithoutHolds, unbalancedInSilence, type Violator } from './invariants.ts';
import { knowLots } from './know-lots.store.ts';
import type { Operation } from './operation.ts';

const PAGE = 200;

/** Queries that return violators, drawn anew from the operations; empty lists are good news. */
export const invariants = ({ work }: Pick<Deps, 'work'>, house: House) => {
  async function unbalanced(unit: Work, { id, state }: Stored<Operation>): Promise<Violator[]> {
    const flows = [...state.inputs, ...state.outputs, ...state.scrap];
    const known = await knowLots(
      house,
      unit,
      flows.map(({ lot }) => lot),
    );
    const { kind = null, endedAt: moment = '' } = state.circumstances ?? {};
    const rules = assess(known, { kind, began: null, moment, named: new Map() });
    return unbalancedInSilence(id, state, rules.balance(state));
  }

  /** A draft holds its roots first and their descendants a moment later; judged is what stands: holds that are launched. */
  async function unheld(unit: Work, { id, state: { inputs, outputs } }: Stored<Operation>): Promise<Violator[]> {
    const named = inputs.map(({ lot }) => lot);
    const merged = await mergedLots(unit, house.lots, named);
    const used = await unit.load(
      house.lots,
      named.map((lot) => merged.get(lot) ?? lot),
    );
    const made = await unit.load(
      house.lots,
      outputs.map(({ lot }) => lot),
    );
    const outcome = outputs.map(({ lot, serials }, index) => {
      const others = inputs.flatMap((input, i) =>
        used[i] && used[i].id !== lot ? [{ holds: used[i].holds, serials: input.serials, edge: input.edge }] : [],
      );
      const due = Object.entries(inheritedHolds(others, serials)).filter(([, { provisional }]) => !provisional);
      return { lot, due: due.map(([hold]) => hold), borne: Object.keys(made[index]?.holds ?? {}) };
    });
    return bornWithoutHolds(id, outcome);
  }

  return async ({ actor }: Context): Promise<readonly Invariant[]> => {
    const silent: Violator[] = [];
    const bare: Violator[] = [];
    for (let after: string | undefined; ;) {
      const found = await house.operations.find({ 'state.status': 'recorded' }, { limit: PAGE, after });
      await work({ actor }, async (unit) => {
        for (const operation of found.items) {
          silent.push(...(await unbalanced(unit, operation)));
          bare.push(...(await unheld(unit, operation)));
        }
      });
      if (found.next === undefined) break;
      after = found.next;
    }
    return [
      { invariant: 'quantity-conserved-through-every-operation-or-told', violators: silent },
      { invariant: 'no-output-without-the-holds-of-its-inputs', violators: bare },
    ];
  };
};
