import type { Deps } from '@lotwarden/platform/service';
import type { Work } from '@lotwarden/platform/store';
import type { Doc } from '../documents.ts';
import type { Cause } from './scope.ts';

const QUESTIONS = 'questions';

/** What traceability is to keep answering for a case, and how far asking has come. */
export interface Question {
  readonly case: string;
  readonly hold: string;
  readonly roots: readonly string[];
  readonly registered: boolean;
  readonly since: string;
  /** How often it was evaluated on the way to a fixpoint. */
  readonly rounds: number;
  /** People were told that nobody answers. */
  readonly escalated: boolean;
  /** Of the draft: asking goes on in its trace. */
  readonly trace: string | null;
  /** Of the launch, without which nobody is told. */
  readonly launch: Cause | null;
}

export function questionStore({ collection, clock }: Pick<Deps, 'collection' | 'clock'>) {
  const questions = collection<Doc<Question>>(QUESTIONS, [
    { key: { registered: 1 }, partialFilterExpression: { registered: false }, name: 'to be asked' },
  ]);

  return {
    questions,
    ask: (work: Work, { recall, hold, roots }: { recall: string; hold: string; roots: readonly string[] }): void => {
      const trace = work.context.trace ?? null;
      const fresh = { registered: false, since: clock.instant(), rounds: 0, escalated: false, trace, launch: null };
      work.insert(QUESTIONS, { _id: recall, case: recall, hold, roots, ...fresh });
    },
    launched: (work: Work, recall: string): void => {
      const launch: Cause = { trace: work.context.trace ?? null, at: clock.instant() };
      work.put(QUESTIONS, { _id: recall }, { $set: { launch } });
    },
    launchOf: async (recall: string): Promise<Cause | null> =>
      (await questions.findOne({ _id: recall }, { projection: { launch: 1 } }))?.launch ?? null,
    registered: async (recall: string): Promise<void> => {
      await questions.updateOne({ _id: recall }, { $set: { registered: true } });
    },
    /** Counts one more evaluation and returns how many there were. */
    evaluated: async (recall: string): Promise<number> => {
      const after = { returnDocument: 'after' } as const;
      return (await questions.findOneAndUpdate({ _id: recall }, { $inc: { rounds: 1 } }, after))?.rounds ?? 1;
    },
    escalate: (work: Work, recall: string): void => {
      work.put(QUESTIONS, { _id: recall }, { $set: { escalated: true } });
    },
  };
}

export type QuestionStore = ReturnType<typeof questionStore>;
