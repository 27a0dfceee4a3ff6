import { isZero } from '@lotwarden/platform/quantity';
import type { SerialRange } from '@lotwarden/platform/serial-range';
import type { Deps } from '@lotwarden/platform/service';
import type { Aggregate, Work } from '@lotwarden/platform/store';
import {
  custodyId,
  evolve,
  gainCustody,
  NO_CUSTODY,
  reduceCustody,
  type Custody,
  type CustodyEvent,
} from './custody.ts';

export type Custodies = Aggregate<Custody, CustodyEvent>;

export const openCustodies = ({ aggregate }: Pick<Deps, 'aggregate'>): Custodies =>
  aggregate({
    collection: 'custody',
    topic: 'field.custody.v1',
    initial: NO_CUSTODY,
    evolve,
    indexes: [{ key: { 'state.lot': 1, _id: 1 } }, { key: { 'state.custodian': 1, _id: 1 } }],
  });

/** Whose units have come to be of another lot. */
interface Moved {
  readonly custodian: string;
  readonly serials: readonly SerialRange[];
}

/** What was booked under a placeholder belongs to the lot that it turned out to be. */
export async function moveCustody(
  custodies: Custodies,
  work: Work,
  placeholder: string,
  lot: string,
): Promise<readonly Moved[]> {
  const moved: Moved[] = [];
  const cause = { kind: 'merge', id: placeholder };
  for (let after: string | undefined; ;) {
    const { items, next } = await custodies.find({ 'state.lot': placeholder }, { limit: 500, after });
    for (const { id, state } of items) {
      moved.push(state);
      const { custodian, quantities, serials } = state;
      for (const [index, quantity] of quantities.entries()) {
        // Which of them carry the serials is not known; they move once.
        const line = { lot: placeholder, quantity, serials: index === 0 ? serials : [], containers: [] };
        if (isZero(quantity) && line.serials.length === 0) continue;
        await work.change(custodies, id, (known) => reduceCustody(known, { custodian, line, cause }));
        await work.append(
          custodies,
          custodyId(custodian, lot),
          gainCustody({ custodian, line: { ...line, lot }, cause }),
        );
      }
    }
    if (next === undefined) return moved;
    after = next;
  }
}
