import { createInterner } from '../genealogy/interner.ts';
import { createFewRows } from './rows.ts';
import { joined, partOf, type Frozen } from './frozen.ts';

/** Numbers under names: which lots bear an alias, which lots a party ever had. */
export interface Postings {
  readonly add: (name: string, value: number) => void;
  /** In no particular order. */
  readonly get: (name: string) => number[];
  readonly freeze: () => Frozen;
  readonly thaw: (frozen: Frozen) => void;
  readonly bytes: () => number;
}

export function createPostings(): Postings {
  const names = createInterner();
  const rows = createFewRows();
  return {
    add: (name, value) => void rows.add(names.intern(name), value),
    get: (name) => {
      const found: number[] = [];
      const row = names.find(name);
      if (row !== undefined) rows.each(row, (value) => found.push(value));
      return found;
    },
    freeze: () => joined({ names: names.freeze(), rows: rows.freeze() }),
    thaw: (frozen) => {
      names.thaw(partOf(frozen, 'names'));
      rows.thaw(partOf(frozen, 'rows'));
    },
    bytes: () => names.bytes() + rows.bytes(),
  };
}
