import type { LotRef } from '@lotwarden/platform/lot-ref';
import type { Quantity } from '@lotwarden/platform/quantity';
import { createRuns, type Runs } from './runs.ts';

/** A lot on a position of a machine, as told. Plain data. */
export interface Mount {
  readonly id: string;
  equipment: string;
  position: string;
  /** The graph's numbers; more than one where reports contradict each other: any of them may have been there. */
  readonly lots: number[];
  /** Instants as text; null: nobody has told. */
  mountedAt: string | null;
  unmountedAt: string | null;
  quantity: Quantity | null;
  remaining: Quantity | null;
  /** What was left of the filling before mixes in. */
  mixing: boolean;
  /** Who told of it first, and under which number of his; null while only a claim is known. */
  document: LotRef | null;
  /** Reports contradict each other: nothing that follows from it is certain. */
  contradicted: boolean;
  voided: boolean;
}

/** What went through a process together, by its time and the machines that it feeds or surrounds. Plain data. */
export interface ServingLoad {
  readonly lot: number;
  startedAt: string;
  /** null: still going on. */
  endedAt: string | null;
  readonly serves: string[];
  /** Numbers of the operations that were part of it, and of those by which its member lots went through it. */
  readonly operations: number[];
  readonly members: number[];
  /** Who told of it, and under which number of his; null where only somebody who names it is known. */
  document: LotRef | null;
  voided: boolean;
}

/** What was mounted on one position, so that what was there at a time is found without looking at all that ever was. */
export interface Position {
  /** Mounts that stand and went on at a known time, by that time (milliseconds), then by id; the times beside them. */
  readonly order: string[];
  readonly starts: number[];
  /** Those that were only told to come off. */
  readonly unplaced: string[];
  /** Of those that were taken off, how long the longest had been there, in milliseconds. */
  longest: number;
}

export interface Machine {
  /** All operations on it, by the time they began. */
  readonly runs: Runs;
  readonly positions: Map<string, Position>;
  /** Loads that serve it. */
  readonly loads: string[];
}

/** Per machine, not per lot or operation, but for the runs (12 bytes an operation). */
export interface Floor {
  readonly machines: Map<string, Machine>;
  readonly mounts: Map<string, Mount>;
  /** Lot → ids of its mounts. */
  readonly mountsOf: Map<number, string[]>;
  readonly loads: Map<string, ServingLoad>;
  /** Operation → loads that it, or the load, says it was part of. */
  readonly loadsOf: Map<number, string[]>;
  /** Product → its revisions, for how much of an item an operation needed. */
  readonly products: Map<string, Specified[]>;
}

export interface Specified {
  readonly revision: string;
  readonly validFrom: string;
  /** What the product is counted under. */
  readonly productLine: string | null;
  readonly bom: readonly { readonly item: string; readonly quantityPer: string; readonly unit: string }[];
}

export const createFloor = (): Floor => ({
  machines: new Map(),
  mounts: new Map(),
  mountsOf: new Map(),
  loads: new Map(),
  loadsOf: new Map(),
  products: new Map(),
});

export function machineOf(floor: Floor, equipment: string): Machine {
  const known = floor.machines.get(equipment);
  if (known) return known;
  const machine: Machine = { runs: createRuns(), positions: new Map(), loads: [] };
  floor.machines.set(equipment, machine);
  return machine;
}

export function positionOf(floor: Floor, equipment: string, position: string): Position {
  const { positions } = machineOf(floor, equipment);
  const known = positions.get(position);
  if (known) return known;
  const made: Position = { order: [], starts: [], unplaced: [], longest: 0 };
  positions.set(position, made);
  return made;
}
