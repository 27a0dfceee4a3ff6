/** One lot went into another, both by number. */
export type Edges = readonly (readonly [from: number, to: number])[];

/** The natural schema of single units: a row for each, in these lots; answers count units then. */
export interface Units {
  readonly lots: readonly number[];
  readonly each: number;
}

/** How long each question took, and how many lots its answer names. */
export type Answers = readonly { readonly ms: number; readonly reach: number }[];

/** The floor: a lot graph as compressed sparse rows, walked with a bitset; nothing is asked of it but how many lots. */
export interface Rows {
  /** How many lots a lot reaches, itself among them. */
  readonly reach: (root: number) => number;
  readonly reached: (root: number) => readonly number[];
  /** Bytes of the structure forward; both ways it is twice that. */
  readonly bytes: number;
}

export function createRows(edges: Edges, lots: number): Rows {
  const starts = new Uint32Array(lots + 1);
  for (const [from] of edges) starts[from + 1] = (starts[from + 1] ?? 0) + 1;
  for (let lot = 0; lot < lots; lot++) starts[lot + 1] = (starts[lot + 1] ?? 0) + (starts[lot] ?? 0);
  const targets = new Uint32Array(edges.length);
  const filled = starts.slice();
  for (const [from, to] of edges) {
    const at = filled[from] ?? 0;
    targets[at] = to;
    filled[from] = at + 1;
  }
  const seen = new Uint32Array((lots >>> 5) + 1);
  const queue = new Uint32Array(lots);
  const visit = (lot: number): boolean => {
    const word = seen[lot >>> 5] ?? 0;
    const bit = 1 << (lot & 31);
    seen[lot >>> 5] = word | bit;
    return (word & bit) === 0;
  };
  const walk = (root: number): number => {
    let end = 0;
    if (visit(root)) queue[end++] = root;
    for (let next = 0; next < end; next++) {
      const lot = queue[next] ?? 0;
      const last = starts[lot + 1] ?? 0;
      for (let edge = starts[lot] ?? 0; edge < last; edge++) {
        const target = targets[edge] ?? 0;
        if (visit(target)) queue[end++] = target;
      }
    }
    for (let index = 0; index < end; index++) seen[(queue[index] ?? 0) >>> 5] = 0;
    return end;
  };
  return {
    reach: walk,
    reached: (root) => [...queue.subarray(0, walk(root))],
    bytes: starts.byteLength + targets.byteLength,
  };
}
