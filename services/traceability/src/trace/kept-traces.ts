import type { TraceDirection, TraceLimits } from './trace-question.ts';
import type { Units } from './carry-serials.ts';
import type { Paths } from './paths.ts';
import type { UnitWay, UnitWays } from './unit-ways.ts';
import type { Reached } from './walk.ts';

/** A trace as it is kept to be paged: numbers only. */
export interface KeptTrace {
  readonly direction: TraceDirection;
  readonly reached: Reached;
  readonly paths: Paths;
  /** Of lots whose units are affected by ways of their own. */
  readonly unitWays: UnitWays;
  /** Places, nearest to a root first. */
  readonly order: Int32Array;
  /** Roots that are operations, as far as they stand and the walk did not go through them anyhow. */
  readonly operations: readonly number[];
  readonly unknownRoots: readonly string[];
  /** Groups of places. */
  readonly cycles: readonly (readonly number[])[];
  /** Those who hold, used or are about to receive any of it, by id, each with the places of its lots. */
  readonly custodians: readonly (readonly [party: string, places: readonly number[]])[];
  /** How far the answer went when it was found. */
  readonly limits?: TraceLimits;
}

/** Traces are kept for a short time: so many, of so many bytes together and the last one. The oldest goes first. */
export interface KeptTraces {
  readonly keep: (trace: KeptTrace) => string;
  readonly get: (handle: string) => KeptTrace | undefined;
}

interface Settings {
  /** In milliseconds. */
  readonly now: () => number;
  /** A new handle that nobody can guess. */
  readonly unique: () => string;
  readonly most?: number;
  readonly bytes?: number;
  /** How long, in milliseconds. */
  readonly age?: number;
}

const MOST = 200;
const BYTES = 256 * 2 ** 20;
const AGE = 10 * 60_000;

export function keptTraces({ now, unique, most = MOST, bytes = BYTES, age = AGE }: Settings): KeptTraces {
  const kept = new Map<string, { readonly trace: KeptTrace; readonly weight: number; readonly until: number }>();
  let total = 0;
  const forget = (handle: string): void => {
    total -= kept.get(handle)?.weight ?? 0;
    kept.delete(handle);
  };
  const tidy = (): void => {
    for (const [handle, { until }] of kept)
      if (kept.size > 1 && (until < now() || kept.size > most || total > bytes)) forget(handle);
      else return;
  };
  return {
    keep: (trace) => {
      const handle = unique();
      const weight = weigh(trace);
      kept.set(handle, { trace, weight, until: now() + age });
      total += weight;
      tidy();
      return handle;
    },
    get: (handle) => {
      tidy();
      return kept.get(handle)?.trace;
    },
  };
}

/** In bytes, about. */
function weigh({ reached, paths, unitWays, order, custodians }: KeptTrace): number {
  const trees = paths.shortest === paths.onward ? 1 : 2;
  const some = [...reached.units.values(), ...reached.walked.values()].reduce((sum, one) => sum + 100 * one.length, 0);
  const ways = [...unitWays.values()].reduce((sum, { shortest, onward }) => sum + 100 * (countRanges(shortest) + countRanges(onward)), 0); // prettier-ignore
  const held = custodians.reduce((sum, [, places]) => sum + 100 + 8 * places.length, 0);
  return 2_000 + order.byteLength + 20 * reached.places.keys.length + 16 * trees * paths.shortest.hops.length + some + ways + held; // prettier-ignore
}

const countRanges = (ways: readonly UnitWay<Units>[]): number =>
  ways.reduce((sum, { units }) => sum + 1 + units.length, 0);
