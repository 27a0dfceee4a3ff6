import { asBytes, bufferOf, createColumn } from './column.ts';
import { joined, partOf, type Frozen } from './frozen.ts';

/**
 * Numbers that belong to a row, as compressed sparse rows in blocks, each row sorted and without doubles. What is added
 * waits beside its block until there is so much that the block is made anew: about a millisecond, so that nothing ever
 * stops for long, and nothing is there twice. Arrays of a block are never written to again.
 */
export interface Rows {
  /** False if it was there. */
  readonly add: (row: number, value: number) => boolean;
  readonly remove: (row: number, value: number) => void;
  /** Calls back for each value: first those of the block in their order, then what waits beside it. */
  readonly each: (row: number, visit: (value: number) => void) => void;
  readonly has: (row: number, value: number) => boolean;
  readonly freeze: () => Frozen;
  readonly thaw: (frozen: Frozen) => void;
  /** Bytes of the arrays, and how many values wait beside them. */
  readonly bytes: () => number;
  readonly waiting: () => number;
}

const BITS = 14;
const BLOCK = 1 << BITS;
/** So many values may wait beside a block. */
const MOST_WAITING = 1_024;

interface Block {
  /** Where each row begins; one more than there are rows. */
  starts: Uint32Array;
  values: Uint32Array;
  readonly added: Map<number, number[]>;
  readonly removed: Map<number, Set<number>>;
  changes: number;
}

export function createRows(mostWaiting: number = MOST_WAITING): Rows {
  const blocks: (Block | undefined)[] = [];

  const blockOf = (row: number): Block => {
    const at = row >>> BITS;
    while (blocks.length <= at) blocks.push(undefined);
    const block = blocks[at] ?? { starts: NONE, values: NONE, added: new Map(), removed: new Map(), changes: 0 };
    blocks[at] = block;
    return block;
  };

  const changed = (block: Block): void => {
    block.changes += 1;
    if (block.changes >= mostWaiting) rebuild(block);
  };

  const has = (row: number, value: number): boolean => {
    const block = blocks[row >>> BITS];
    if (!block) return false;
    const local = row & (BLOCK - 1);
    if (block.added.get(local)?.includes(value)) return true;
    return isInBase(block, local, value) && !block.removed.get(local)?.has(value);
  };

  return {
    has,
    add: (row, value) => {
      if (has(row, value)) return false;
      const block = blockOf(row);
      const local = row & (BLOCK - 1);
      if (block.removed.get(local)?.delete(value)) return true;
      const added = block.added.get(local);
      if (added) added.push(value);
      else block.added.set(local, [value]);
      changed(block);
      return true;
    },
    remove: (row, value) => {
      if (!has(row, value)) return;
      const block = blockOf(row);
      const local = row & (BLOCK - 1);
      const added = block.added.get(local);
      const at = added?.indexOf(value) ?? -1;
      if (added && at >= 0) added.splice(at, 1);
      else block.removed.set(local, (block.removed.get(local) ?? new Set()).add(value));
      changed(block);
    },
    each: (row, visit) => {
      const block = blocks[row >>> BITS];
      if (!block) return;
      const local = row & (BLOCK - 1);
      const { starts, values } = block;
      const removed = block.removed.size > 0 ? block.removed.get(local) : undefined;
      if (local + 1 < starts.length) {
        const end = starts[local + 1] ?? 0;
        for (let at = starts[local] ?? 0; at < end; at++) {
          const value = values[at] ?? 0;
          if (!removed?.has(value)) visit(value);
        }
      }
      const added = block.added.size > 0 ? block.added.get(local) : undefined;
      if (added) for (const value of added) visit(value);
    },
    freeze: () => {
      // Blocks are not made anew for it: hundreds of them would hold facts up for seconds.
      return {
        meta: {},
        parts: {
          starts: blocks.map((block) => asBytes(block?.starts ?? NONE)),
          values: blocks.map((block) => asBytes(block?.values ?? NONE)),
          waiting: blocks.map((block) => asBytes(block ? waitingOf(block) : NONE)),
        },
      };
    },
    thaw: ({ parts }) => {
      blocks.length = 0;
      for (const [at, bytes] of (parts['starts'] ?? []).entries()) {
        const block: Block = {
          starts: new Uint32Array(bufferOf(bytes)),
          values: new Uint32Array(bufferOf(parts['values']?.[at] ?? new Uint8Array(0))),
          added: new Map(),
          removed: new Map(),
          changes: 0,
        };
        putBack(block, new Uint32Array(bufferOf(parts['waiting']?.[at] ?? new Uint8Array(0))));
        blocks.push(block);
      }
    },
    bytes: () =>
      blocks.reduce((sum, block) => sum + (block ? block.starts.byteLength + block.values.byteLength : 0), 0),
    waiting: () => blocks.reduce((sum, block) => sum + (block?.changes ?? 0), 0),
  };
}

/**
 * The same where nearly every row has one value: the first lies in a column and never waits, and costs 4 bytes in all. In no
 * particular order.
 */
export function createFewRows(): Rows {
  /** One more than the value; 0: none. */
  const firsts = createColumn(4);
  const more = createRows();
  const has = (row: number, value: number): boolean => firsts.get(row) === value + 1 || more.has(row, value);
  return {
    has,
    add: (row, value) => {
      if (has(row, value)) return false;
      if (firsts.get(row) > 0) return more.add(row, value);
      firsts.set(row, value + 1);
      return true;
    },
    remove: (row, value) => {
      if (firsts.get(row) === value + 1) firsts.set(row, 0);
      else more.remove(row, value);
    },
    each: (row, visit) => {
      const first = firsts.get(row);
      if (first > 0) visit(first - 1);
      more.each(row, visit);
    },
    freeze: () => joined({ firsts: { meta: {}, parts: { values: firsts.freeze() } }, more: more.freeze() }),
    thaw: (frozen) => {
      firsts.thaw(partOf(frozen, 'firsts').parts['values'] ?? []);
      more.thaw(partOf(frozen, 'more'));
    },
    bytes: () => firsts.bytes() + more.bytes(),
    waiting: more.waiting,
  };
}

const NONE = new Uint32Array(0);

/** What waits beside a block, two numbers each: its row, doubled, and one more if it was removed; and the value. */
function waitingOf({ added, removed, changes }: Block): Uint32Array {
  if (changes === 0) return NONE;
  const found: number[] = [];
  for (const [row, values] of added) for (const value of values) found.push(2 * row, value);
  for (const [row, values] of removed) for (const value of values) found.push(2 * row + 1, value);
  return Uint32Array.from(found);
}

function putBack(block: Block, waiting: Uint32Array): void {
  const { added, removed } = block;
  for (let at = 0; at < waiting.length; at += 2) {
    const [head = 0, value = 0] = [waiting[at], waiting[at + 1]];
    const row = head >>> 1;
    if ((head & 1) === 1) removed.set(row, (removed.get(row) ?? new Set()).add(value));
    else added.set(row, [...(added.get(row) ?? []), value]);
  }
  block.changes = waiting.length / 2;
}

function isInBase({ starts, values }: Block, local: number, value: number): boolean {
  if (local + 1 >= starts.length) return false;
  let low = starts[local] ?? 0;
  let high = (starts[local + 1] ?? 0) - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const there = values[middle] ?? 0;
    if (there === value) return true;
    if (there < value) low = middle + 1;
    else high = middle - 1;
  }
  return false;
}

function rebuild(block: Block): void {
  const { starts, values, added, removed } = block;
  let rows = Math.max(0, starts.length - 1);
  let size = values.length;
  for (const [row, more] of added) {
    rows = Math.max(rows, row + 1);
    size += more.length;
  }
  for (const [row, less] of removed) {
    rows = Math.max(rows, row + 1);
    size -= less.size;
  }
  const nextStarts = new Uint32Array(rows + 1);
  const nextValues = new Uint32Array(size);
  let at = 0;
  for (let row = 0; row < rows; row++) {
    nextStarts[row] = at;
    const from = row + 1 < starts.length ? (starts[row] ?? 0) : 0;
    const to = row + 1 < starts.length ? (starts[row + 1] ?? 0) : 0;
    const more = added.get(row);
    const less = removed.get(row);
    const first = at;
    for (let old = from; old < to; old++) {
      const value = values[old] ?? 0;
      if (!less?.has(value)) nextValues[at++] = value;
    }
    if (more) {
      for (const value of more) nextValues[at++] = value;
      nextValues.subarray(first, at).sort();
    }
  }
  nextStarts[rows] = at;
  block.starts = nextStarts;
  block.values = nextValues;
  added.clear();
  removed.clear();
  block.changes = 0;
}
