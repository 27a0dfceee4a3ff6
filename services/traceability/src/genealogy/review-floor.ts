import { addRun, runsWithin } from './runs.ts';
import { derivedInputs, timeOf } from './derive-inputs.ts';
import { machineOf, positionOf, type Mount, type Position } from './floor.ts';
import type { Genealogy } from './genealogy.ts';
import type { InputLine, Operation } from './model.ts';
import { CONSUMED, link, unlink } from './links.ts';
import { editOperation, members, operationAt } from './nodes.ts';
import { reviewInputs } from './review-inputs.ts';
import { displace, place, reachOf, windowOf, type Time } from './windows.ts';

/**
 * What follows from mounts and loads is kept as inputs of the operations, as if it had been told, so that a walk needs to
 * know nothing of it. It is made anew whenever anything changes that it follows from; so the order of arrival makes no
 * difference.
 */

/** Takes what follows out again, and leaves what was told. */
export function dropDerived(graph: Genealogy, operation: Operation): void {
  if (operation.inputs.every(({ told }) => told)) return;
  const before = operation.inputs.filter(({ told }) => !told);
  keepOnly(operation.inputs, ({ told }) => told);
  forget(graph, operation, before);
}

/** Whatever of an operation has changed: what follows for it now. */
export function reviewOperation(graph: Genealogy, seen: Operation): void {
  const before = seen.inputs.filter(({ told }) => !told);
  const after = derivedInputs(graph, seen);
  if (before.length === 0 && after.length === 0) return;
  if (JSON.stringify(before) === JSON.stringify(after)) {
    // The same lots, but perhaps they turned out to be of an item that was missing.
    if (seen.missingInputs.length > 0) reviewInputs(graph, seen);
    return;
  }
  const operation = editOperation(graph, seen.index);
  keepOnly(operation.inputs, ({ told }) => told);
  operation.inputs.push(...after);
  for (const { lot } of after) link(graph, lot, operation.index, CONSUMED);
  forget(graph, operation, before);
  reviewInputs(graph, operation);
}

/** Lots that nothing connects with the operation any more. */
function forget(graph: Genealogy, { index, inputs, moves }: Operation, before: readonly InputLine[]): void {
  const still = new Set([...inputs.map(({ lot }) => lot), ...moves.map(({ from }) => from)]);
  for (const { lot } of before) if (!still.has(lot)) unlink(graph, lot, index, CONSUMED);
}

/** An operation is heard of for the first time: it ran on its machine. */
export function enterRun(graph: Genealogy, operation: Operation): void {
  const time = timeOf(operation);
  const equipment = operation.head?.equipment;
  if (time && equipment != null) addRun(machineOf(graph.floor, equipment).runs, operation.index, time.start, time.end);
}

/** Everything that ran on the machine in this time. */
export function reviewTime(graph: Genealogy, equipment: string, from: number, to: number): void {
  const machine = graph.floor.machines.get(equipment);
  for (const index of machine ? runsWithin(machine.runs, from, to) : []) reviewIndex(graph, index);
}

export const reviewIndex = (graph: Genealogy, index: number): void => reviewOperation(graph, operationAt(graph, index));

/** Changes a mount, and reviews whatever ran while anything that was there is not there now, or was not. */
export function changeMount(graph: Genealogy, mount: Mount, change: () => void): void {
  const { floor } = graph;
  const reach: (Time & { readonly equipment: string })[] = [];
  const look = (move: (position: Position, mount: Mount) => void): void => {
    const { equipment } = mount;
    if (equipment === '') return;
    const position = positionOf(floor, equipment, mount.position);
    if (move === place) place(position, mount);
    for (const time of reachOf(floor, position, mount)) reach.push({ equipment, ...time });
    if (move === displace) displace(position, mount);
  };
  look(displace);
  change();
  look(place);
  for (const { equipment, start, end } of reach) reviewTime(graph, equipment, start, end);
}

/** A lot is another one than was thought, or of another item: whatever ran while it was mounted, or names it. */
export function reviewLot(graph: Genealogy, lot: number): void {
  const { mounts, mountsOf, machines } = graph.floor;
  if (mounts.size === 0) return;
  for (const { index, consumedBy } of members(graph, lot)) {
    for (const id of mountsOf.get(index) ?? []) {
      const mount = mounts.get(id);
      if (!mount || mount.equipment === '') continue;
      const window = windowOf(graph.floor, positionOf(graph.floor, mount.equipment, mount.position), mount);
      if (window) reviewTime(graph, mount.equipment, window.start, window.end);
    }
    for (const operation of consumedBy) {
      const equipment = operationAt(graph, operation).head?.equipment;
      if (equipment != null && (machines.get(equipment)?.positions.size ?? 0) > 0) reviewIndex(graph, operation);
    }
  }
}

function keepOnly<T>(list: T[], is: (item: T) => boolean): void {
  const kept = list.filter(is);
  list.length = 0;
  list.push(...kept);
}
