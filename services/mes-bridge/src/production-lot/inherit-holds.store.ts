import { inheritedHolds, mergedLots } from '@lotwarden/platform/gate';
import type { Work } from '@lotwarden/platform/store';
import type { House } from '../house.ts';
import type { Operation } from '../operation/operation.ts';

/**
 * What an operation makes is born with the holds of what went into it, and what it made before gets those of an input
 * that is heard of late, in the operation's own transaction (correctness rule 18). The inputs are guarded: a hold that
 * is written meanwhile makes the unit run again.
 */
export async function inheritHolds(
  { lots }: Pick<House, 'lots'>,
  work: Work,
  { status, inputs, outputs }: Operation,
): Promise<void> {
  if (status === 'voided') return;
  const named = inputs.map(({ lot }) => lot);
  const merged = await mergedLots(work, lots, named);
  const known = await work.load(
    lots,
    named.map((lot) => merged.get(lot) ?? lot),
  );
  for (const { id } of known) await work.touch(lots, id);
  for (const { lot, serials } of outputs) {
    // A parent that comes out of its own split gives itself nothing.
    const others = inputs.flatMap((input, index) => {
      const held = known[index];
      return held && held.id !== lot ? [{ holds: held.holds, serials: input.serials, edge: input.edge }] : [];
    });
    await work.addHolds(lots, lot, inheritedHolds(others, serials));
  }
}
