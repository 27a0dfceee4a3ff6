import { Rejected, Transient } from '@lotwarden/platform/errors';
import type { Deps } from '@lotwarden/platform/service';
import type { Context } from '@lotwarden/platform/store';
import { inStoredTrace } from '@lotwarden/platform/telemetry/spans';
import type { Findings } from '../finding/finding.store.ts';
import type { Freezes } from '../freeze/freeze.store.ts';
import { progressOf } from '../freeze/progress.ts';
import { GATES } from '../freeze/gate-life.ts';
import { epochId, wordId } from '../freeze/epoch.ts';
import type { HoldBook } from '../hold/hold.store.ts';
import type { Question, QuestionStore } from './question.store.ts';
import type { Scopes } from './scope.store.ts';
import type { Traceability } from './standing-question.client.ts';

const CONTEXT: Context = { actor: 'service:recall', reason: 'the fixpoint of a recall' };

interface Needs {
  readonly deps: Pick<Deps, 'work' | 'clock' | 'log'>;
  readonly questions: QuestionStore;
  readonly traceability: Traceability;
  readonly freezes: Freezes;
  readonly book: HoldBook;
  readonly scopes: Scopes;
  readonly findings: Findings;
  /** Milliseconds after which people are told that nobody answers. */
  readonly questionWithin: number;
}

/**
 * Both talks with traceability: to register a case's question, for as long as it takes, and to ask for the fixpoint of
 * a freeze. Nothing waits for them but precision and notices: the roots are held since the draft (correctness rule 16).
 */
export function askTraceability(needs: Needs) {
  const { deps, questions, traceability, freezes, book, scopes, findings, questionWithin } = needs;
  const { work, clock, log } = deps;

  async function register(question: Question, signal: AbortSignal): Promise<void> {
    const { case: recall, roots, since, escalated, trace: stored } = question;
    try {
      await inStoredTrace('register question', stored, (trace) =>
        traceability.register(recall, roots, { signal, trace }),
      );
      await questions.registered(recall);
    } catch (error) {
      if (signal.aborted) return;
      if (!canWait(error)) log.error({ err: error, case: recall }, 'a standing question is refused');
      if (escalated || clock.now().getTime() - Date.parse(since) < questionWithin) return;
      log.error({ err: error, case: recall }, 'traceability does not take a question; it is asked again and again');
      await work(CONTEXT, async (unit) => {
        await findings.raise(unit, recall, [
          { code: 'question-unanswered', subject: recall, detail: `asked since ${since}` },
        ]);
        questions.escalate(unit, recall);
      });
    }
  }

  /** What the gates drained to, if that is what the case waits for now. */
  async function settling(recall: string, hold: string) {
    const known = await book.holds.get(hold);
    if (known?.state.status !== 'placed') return undefined;
    const current = await freezes.epochs.findOne({ _id: epochId(hold, known.state.epoch) });
    if (!current) return undefined;
    const ids = GATES.map((gate) => wordId(hold, gate));
    const words = await freezes.words.find({ _id: { $in: ids } }).toArray();
    const lives = await freezes.lives.find().toArray();
    const progress = progressOf({ current, words, lives });
    return progress.step === 'settling' ? { epoch: current.epoch, offsets: progress.offsets } : undefined;
  }

  async function settle(
    { recall, hold }: { readonly recall: string; readonly hold: string },
    how: { readonly signal: AbortSignal; readonly trace: string | undefined },
  ): Promise<void> {
    const asked = await settling(recall, hold);
    if (!asked) return;
    const answer = await traceability.evaluate(recall, asked.offsets, how);
    const rounds = await questions.evaluated(recall);
    await work({ ...CONTEXT, trace: how.trace }, async (unit) => {
      const [now] = await unit.load(book.holds, [hold]);
      const saga = await freezes.sagas.load(unit, recall);
      if (saga.step !== 'settling' || saga.epoch !== asked.epoch || now?.state.status !== 'placed') return;
      // What the answer says must have come in by its topic, and must have made nothing grow.
      if ((await scopes.processed(unit, recall)) < answer.sequence || (await book.isGrowing(hold))) return;
      await unit.touch(book.holds, hold);
      await freezes.sagas.signal(unit, recall, 'settled', { hold, rounds, offsets: answer.offsets });
    });
  }

  return async (signal: AbortSignal): Promise<boolean> => {
    const open = await questions.questions.find({ registered: false }).limit(100).toArray();
    for (const question of open) await register(question, signal);
    let answered = false;
    for (const { recall, hold, trace: stored } of await freezes.settling()) {
      try {
        await inStoredTrace('settle', stored, (trace) => settle({ recall, hold }, { signal, trace }));
        answered = true;
      } catch (error) {
        if (signal.aborted) return false;
        if (!canWait(error)) throw error;
        log.warn({ err: error, case: recall }, 'traceability cannot say yet whether more is affected');
      }
    }
    return answered;
  };
}

/** It is not there, or not as far as we asked for. */
const canWait = (error: unknown): boolean =>
  error instanceof Transient ||
  (error instanceof Rejected && ['not-caught-up', 'standing-question-unknown'].includes(error.code));
