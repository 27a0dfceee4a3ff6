import type { Signature } from '@lotwarden/contracts/events';
import { Rejected } from '@lotwarden/platform/errors';
import type { Deps } from '@lotwarden/platform/service';
import type { SignedRecord } from '@lotwarden/platform/signature';
import type { Context } from '@lotwarden/platform/store';
import type { Involved } from '@lotwarden/platform/separate-people';
import type { SignOff } from '@lotwarden/platform/sign-off';
import type { Doc } from '../documents.ts';
import type { Scopes } from '../scope/scope.store.ts';
import { heldLotId, type HeldLot } from './held-lot.ts';
import type { HoldRelease } from './hold.ts';
import { HELD_LOTS, RELEASES, type HoldBook } from './hold.store.ts';
import { releaseLots, releaseRecord, type ReleaseLots } from './release-lots.ts';

interface Needs {
  readonly book: HoldBook;
  readonly scopes: Scopes;
  readonly signing: SignOff;
}

/** The only way out of a hold. */
export function releaseWork({ work }: Pick<Deps, 'work'>, { book, scopes, signing }: Needs) {
  async function record(hold: string, asked: ReleaseLots): Promise<SignedRecord> {
    const known = await book.holds.get(hold);
    if (!known) throw new Rejected('hold-unknown', { hold });
    return releaseRecord(known.state, asked);
  }

  async function release(
    hold: string,
    { signatures: given, ...asked }: ReleaseLots & { readonly signatures: readonly string[] },
    context: Context,
  ): Promise<HoldRelease> {
    const toSign = await record(hold, asked);
    const signatures: Signature[] = [];
    const involved: Involved[] = [];
    for (const jws of given) {
      // Widening may be one person's act, letting go is always that of two (correctness rules 16, 21).
      const signed = await signing.by({ jws, record: toSign, meaning: 'hold-release', involved });
      signatures.push(signed.signature);
      involved.push(signed.involved);
    }
    if (!signatures.some(({ signer }) => signer === context.actor))
      throw new Rejected('signature-of-another-person', { signer: signatures.map(({ signer }) => signer).join(', ') });
    return work(context, async (unit) => {
      const [known] = await unit.load(book.holds, [hold]);
      // What was signed speaks of one epoch: if the hold has grown since, somebody has to look again.
      if (known?.state.status !== 'placed' || known.state.epoch !== toSign.recordVersion)
        throw new Rejected('hold-still-growing', { hold, lot: asked.lots.join(', ') });
      const { case: recall, provisional } = known.state;
      const held = await book.held(hold);
      const operationsTo = await scopes.operationsTo(recall);
      const released = releaseLots(known.state, { ...asked, signatures }, held, operationsTo);
      const gone = new Set(released.lots);
      const rest = held.filter(({ lot }) => !gone.has(lot));
      const place = rest.filter(({ pending }) => pending);
      const change = { hold, case: recall, cause: 'release' as const, provisional, place, held: rest };
      const epoch = await book.open(unit, { ...change, release: released });
      for (const lot of held.filter((one) => gone.has(one.lot)))
        unit.replace(HELD_LOTS, { ...letGo(lot, epoch), _id: heldLotId(hold, lot.lot) });
      const done: HoldRelease = { ...released, case: recall, epoch };
      unit.insert(RELEASES, { ...done, _id: `${hold}|${String(epoch)}` });
      return done;
    });
  }

  /** What a release of these lots has to name: operations on any path from a root to one of them. */
  async function toReview(hold: string, lots: readonly string[]): Promise<readonly string[]> {
    const known = await book.holds.get(hold);
    if (known?.state.status !== 'placed') throw new Rejected('hold-unknown', { hold });
    const operationsTo = await scopes.operationsTo(known.state.case);
    return [...new Set(lots.flatMap(operationsTo))].sort();
  }

  return { record, release, toReview };
}

const letGo = (lot: Doc<HeldLot>, epoch: number): HeldLot => ({ ...lot, state: 'released', epoch });

export type ReleaseWork = ReturnType<typeof releaseWork>;
