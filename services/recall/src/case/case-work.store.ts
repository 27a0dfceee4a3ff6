import type { Signature } from '@lotwarden/contracts/events';
import { Rejected } from '@lotwarden/platform/errors';
import type { LotDirectory } from '@lotwarden/platform/lot-directory';
import { OWN_SYSTEM, type LotRef } from '@lotwarden/platform/lot-ref';
import { ALL_SERIALS } from '@lotwarden/platform/serial-range';
import { sequences } from '@lotwarden/platform/sequence';
import type { Deps } from '@lotwarden/platform/service';
import type { Context, Stored } from '@lotwarden/platform/store';
import type { SignOff } from '@lotwarden/platform/sign-off';
import type { Findings } from '../finding/finding.store.ts';
import type { HoldBook } from '../hold/hold.store.ts';
import type { QuestionStore } from '../scope/question.store.ts';
import { opened, type Case } from './case.ts';
import type { Cases } from './case.store.ts';
import { draftCase } from './draft-case.ts';
import { launchCase, launchRecord, type LaunchCase } from './launch-case.ts';

export interface Draft {
  readonly title: string;
  readonly reason: string;
  readonly roots: readonly (string | LotRef)[];
  readonly complaint: string | null;
}

interface Needs {
  readonly cases: Cases;
  readonly book: HoldBook;
  readonly findings: Findings;
  readonly questions: QuestionStore;
  readonly directory: LotDirectory;
  readonly signing: SignOff;
  readonly nudge: () => void;
}

/** Drafting and launching: the two commands that freeze. */
export function caseWork({ db, work, clock }: Pick<Deps, 'db' | 'work' | 'clock'>, needs: Needs) {
  const { cases, book, findings, questions, directory, signing, nudge } = needs;
  const next = sequences(db);

  /** Case, hold and manifest in one transaction; nobody is asked before. */
  async function draft({ title, reason, roots, complaint }: Draft, context: Context): Promise<Stored<Case>> {
    const year = clock.instant().slice(0, 4);
    const recall = `RC-${year}-${String(await next(`case|${year}`)).padStart(4, '0')}`;
    const hold = `H-${recall}`;
    const refs = roots.map((root) => (typeof root === 'string' ? { system: OWN_SYSTEM, code: root } : root));
    const drafted = await work(context, async (unit) => {
      const resolved = await directory.resolve(refs, unit);
      const lots = [...new Set(resolved.map(({ lot }) => lot))];
      const asked = { case: recall, hold, title, reason, roots: lots, complaint };
      const changed = await unit.change(cases, recall, (state) => draftCase(state, asked));
      const reached = lots.map((lot) => ({ lot, serials: ALL_SERIALS }));
      const held = await book.reach(unit, hold, reached);
      await book.open(unit, { hold, case: recall, cause: 'draft', provisional: true, place: held, held });
      questions.ask(unit, { recall, hold, roots: lots });
      const strangers = resolved.filter(({ known }) => !known);
      await findings.raise(
        unit,
        recall,
        strangers.map(({ ref, lot }) => ({ code: 'root-unknown', subject: lot, detail: `${ref.system}/${ref.code}` })),
      );
      return changed;
    });
    nudge();
    return drafted;
  }

  /** Signed; everything held until now is held for good, in an epoch of its own. */
  async function launch(
    recall: string,
    { jws, ...asked }: LaunchCase & { readonly jws: string },
    context: Context,
  ): Promise<void> {
    const signature = await signed(recall, asked, jws, context.actor);
    await work(context, async (unit) => {
      const { state, events } = await unit.change(cases, recall, (now) =>
        launchCase(now, recall, { ...asked, signature }),
      );
      if (events.length === 0) return;
      questions.launched(unit, recall);
      const { hold } = opened(state, recall);
      await unit.load(book.holds, [hold]);
      const held = await book.held(hold);
      await book.open(unit, { hold, case: recall, cause: 'launch', provisional: false, place: held, held });
    });
    nudge();
  }

  async function signed(recall: string, asked: LaunchCase, jws: string, actor: string): Promise<Signature> {
    const known = await cases.get(recall);
    if (!known) throw new Rejected('recall-case-unknown', { case: recall });
    return signing.own(actor, { jws, record: launchRecord(known.state, recall, asked), meaning: 'launch' });
  }

  return { draft, launch };
}

export type CaseWork = ReturnType<typeof caseWork>;
