import type { Deps } from '@lotwarden/platform/service';
import type { Context } from '@lotwarden/platform/store';
import { inStoredTrace } from '@lotwarden/platform/telemetry/spans';
import type { Cases } from '../case/case.store.ts';
import type { Findings } from '../finding/finding.store.ts';
import type { Scopes } from '../scope/scope.store.ts';
import type { HoldBook } from './hold.store.ts';

const CONTEXT: Context = { actor: 'service:recall', reason: 'the scope has grown' };

interface Needs {
  readonly deps: Pick<Deps, 'work'>;
  readonly cases: Cases;
  readonly book: HoldBook;
  readonly findings: Findings;
  readonly scopes: Scopes;
}

/** Opens the next epoch of every hold that has grown: what came since the last round goes out together. */
export function tellGates({ deps: { work }, cases, book, findings, scopes }: Needs) {
  async function tell(hold: string, trace: string | undefined): Promise<void> {
    await work({ ...CONTEXT, trace }, async (unit) => {
      const [known] = await unit.load(book.holds, [hold]);
      if (known?.state.status !== 'placed') return;
      const held = await book.held(hold);
      const place = held.filter(({ pending }) => pending);
      if (place.length === 0) return;
      const { case: recall, provisional } = known.state;
      const epoch = await book.open(unit, { hold, case: recall, cause: 'scope', provisional, place, held });
      const [its] = await unit.load(cases, [recall]);
      if (!its || its.state.status === 'unknown' || !its.state.frozen) return;
      const lots = place.map(({ lot }) => lot).sort();
      const custodians = await scopes.untold(recall);
      await unit.append(cases, recall, [{ type: 'RecallScopeExtended', case: recall, epoch, lots, custodians }]);
      if (its.state.status !== 'closed') return;
      const detail = `epoch ${String(epoch)}: ${lots.slice(0, 20).join(', ')}`;
      await findings.raise(unit, recall, [{ code: 'extended-after-close', subject: recall, detail }]);
    });
  }

  return async (): Promise<boolean> => {
    const growing = await book.growing();
    for (const hold of growing)
      await inStoredTrace('tell gates', await book.whyGrowing(hold), (trace) => tell(hold, trace));
    return growing.length > 0;
  };
}
