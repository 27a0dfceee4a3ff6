import type { Reader } from '../packed/bytes.ts';
import { sharedFields } from '../packed/fields.ts';
import type { Genealogy } from './genealogy.ts';
import { lotPart, type LotPart } from './lot-form.ts';
import { operationPart, type OperationPart } from './operation-form.ts';

/** What the lines of an answer say of nodes, without opening the rest of them; for one answer only. */
export interface Parts {
  readonly lot: (index: number) => LotPart;
  readonly operation: (index: number) => OperationPart;
}

/** Operations that are remembered: nearly each is asked for by a lot that went in, and one that came out. */
const MOST = 2_000;

export function createParts({ lots, operations, terms }: Genealogy): Parts {
  const words = new Map<number, string>();
  const word = (index: number): string => {
    const known = words.get(index) ?? terms.text(index);
    words.set(index, known);
    return known;
  };
  const shared = sharedFields({ ...terms, text: word });
  const [readLot, readOperation] = [lotPart(shared), operationPart(shared)];
  const reader: Reader = { bytes: new Uint8Array(0), at: 0, self: '' };
  const known = new Map<number, OperationPart>();
  const open = (index: number): OperationPart => {
    if (!operations.locate(index, reader)) throw new RangeError(`no operation has the number ${index}`);
    return readOperation(reader);
  };
  return {
    lot: (index) => {
      const hot = lots.hot(index);
      if (hot) return hot;
      if (!lots.locate(index, reader)) throw new RangeError(`no lot has the number ${index}`);
      return readLot(reader);
    },
    operation: (index) => {
      const before = operations.hot(index) ?? known.get(index);
      if (before) return before;
      const opened = open(index);
      if (known.size >= MOST) known.clear();
      known.set(index, opened);
      return opened;
    },
  };
}
