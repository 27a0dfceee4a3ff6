/** Operations of one machine, sorted by when they began: 12 bytes each. */
export interface Runs {
  /** Milliseconds since 1970. */
  starts: Float64Array;
  /** The graph's numbers. */
  operations: Int32Array;
  size: number;
  /** Of the operation that took longest, in milliseconds. */
  longest: number;
}

export const createRuns = (): Runs => ({
  starts: new Float64Array(8),
  operations: new Int32Array(8),
  size: 0,
  longest: 0,
});

/** Nearly always they come in the order in which they began; one that is late is put where it belongs. */
export function addRun(runs: Runs, operation: number, start: number, end: number): void {
  if (runs.size === runs.starts.length) grow(runs);
  const at = firstAfter(runs, start);
  runs.starts.copyWithin(at + 1, at, runs.size);
  runs.operations.copyWithin(at + 1, at, runs.size);
  runs.starts[at] = start;
  runs.operations[at] = operation;
  runs.size += 1;
  runs.longest = Math.max(runs.longest, end - start);
}

/** Operations that may overlap this time; the caller looks at each whether it does. */
export function runsWithin(runs: Runs, from: number, to: number): number[] {
  const found: number[] = [];
  for (let at = firstAfter(runs, from - runs.longest - 1); at < runs.size && (runs.starts[at] ?? 0) <= to; at++)
    found.push(runs.operations[at] ?? 0);
  return found;
}

/** The place of the first that began later. */
function firstAfter({ starts, size }: Runs, moment: number): number {
  let low = 0;
  let high = size;
  if (size > 0 && (starts[size - 1] ?? 0) <= moment) return size;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] ?? 0) <= moment) low = middle + 1;
    else high = middle;
  }
  return low;
}

function grow(runs: Runs): void {
  const starts = new Float64Array(2 * runs.size);
  starts.set(runs.starts);
  const operations = new Int32Array(2 * runs.size);
  operations.set(runs.operations);
  runs.starts = starts;
  runs.operations = operations;
}
