import type { SourceOffset } from '@lotwarden/contracts/events';
import { Rejected, Transient } from '@lotwarden/platform/errors';
import { job, type Job } from '@lotwarden/platform/jobs';
import type { Log } from '@lotwarden/platform/log';
import type { Deps } from '@lotwarden/platform/service';
import type { Aggregate, Context } from '@lotwarden/platform/store';
import { inStoredTrace } from '@lotwarden/platform/telemetry/spans';
import type { AskOptions } from '../graph/graph.client.ts';
import type { Replica } from '../graph/replica.client.ts';
import type { Root } from '../roots/roots.ts';
import { scopeDigest } from './digest.ts';
import type { SaidSoFar } from './said-so-far.store.ts';
import { sayScope } from './say-scope.store.ts';
import type { ScopeEvent, StandingQuestion } from './standing-question.ts';

export type StandingQuestions = Aggregate<StandingQuestion, ScopeEvent>;

export interface Evaluation {
  readonly question: string;
  /** Of the last ScopeChanged that says all of this. */
  readonly sequence: number;
  readonly totalLots: number;
  readonly lotsDigest: string;
  readonly complete: boolean;
  readonly gaps: readonly string[];
  readonly offsets: readonly SourceOffset[];
}

export interface Evaluator {
  /**
   * Answers one question from its roots and publishes what is new. With `minOffsets` only after having seen them.
   * Throws `standing-question-unknown`, `standing-question-closed`, `not-caught-up`, `graph-unavailable`.
   */
  evaluate(question: string, options?: Evaluate): Promise<Evaluation>;
  /**
   * Something changed, by the traceparent that is given: every open question is answered again, soon. Of the causes that
   * gather until then the latest that has a trace is taken: an answer can go on in one trace only, and that one
   * completes what it says.
   */
  touch(trace?: string): void;
  /** Gaps have come or gone: the same, and what is missing now is said of each. */
  review(): void;
  /** Nobody has to wait for a change: a question registered by another replica, a graph that was rebuilt. */
  readonly job: Job;
  stop(): Promise<void>;
}

interface Evaluate extends AskOptions {
  /** The traceparent in which it is said what is new; that of the latest change if absent. */
  readonly trace?: string | undefined;
}

interface Manner extends Evaluate {
  /** It is said, too, when only what is missing has changed. */
  readonly gaps?: boolean;
}

interface Settings {
  readonly questions: StandingQuestions;
  readonly said: SaidSoFar;
  readonly work: Deps['work'];
  readonly replica: Pick<Replica, 'ask'>;
  readonly log: Log;
}

/** Milliseconds in which changes gather before open questions are answered again. */
const GATHER = 25;
const EVERY = 10_000;
const PAGE = 100;
/** While the graph is rebuilt a round does not wait for it: each batch that is read calls for another. */
const BRIEFLY = 100;
const CONTEXT: Context = { actor: 'service:traceability', reason: 'standing question' };

export function createEvaluator({ questions, said, work, replica, log }: Settings): Evaluator {
  const turns = new Map<string, Promise<unknown>>();
  let timer: NodeJS.Timeout | undefined;
  /** What changed the graph last and has a trace, until a round that began after it has answered. */
  let cause: { readonly trace: string } | undefined;
  let round: Promise<void> = Promise.resolve();
  let stopped = false;

  const answerOnce = async (question: string, { gaps = false, trace, ...options }: Manner): Promise<Evaluation> => {
    const known = await questions.get(question);
    if (!known) throw new Rejected('standing-question-unknown', { question });
    if (known.state.status === 'closed') throw new Rejected('standing-question-closed', { question });
    const { roots, offsets } = known.state;
    const filters = known.state.filters.map((filter) => JSON.parse(filter) as Root);
    // Never from less than was said before: a replica that is behind must not take anything back.
    const minOffsets = [...offsets, ...(options.minOffsets ?? [])];
    const answer = await replica.ask('scope', { roots, filters, direction: 'forward' }, { ...options, minOffsets });
    // Asked for only now: whatever the answer has seen, `touch` has heard of.
    const sequence = await inStoredTrace('say scope', trace ?? cause?.trace, (now) =>
      sayScope({ questions, said, work }, question, answer, { gaps, context: { ...CONTEXT, trace: now } }),
    );
    return {
      question,
      sequence,
      totalLots: answer.lots.length,
      lotsDigest: scopeDigest(answer.lots),
      complete: answer.complete,
      gaps: answer.gaps,
      offsets: answer.offsets,
    };
  };

  /** One at a time for each question: an older answer must not be published after a newer one. */
  const evaluate = (question: string, options: Manner = {}): Promise<Evaluation> => {
    const before = turns.get(question) ?? Promise.resolve();
    const mine = before.then(
      () => answerOnce(question, options),
      () => answerOnce(question, options),
    );
    turns.set(question, mine);
    const forget = (): void => {
      if (turns.get(question) === mine) turns.delete(question);
    };
    mine.then(forget, forget);
    return mine;
  };

  const evaluateAll = async (gaps: boolean): Promise<void> => {
    for (let after: string | undefined; ;) {
      const { items, next } = await questions.find({ 'state.status': 'open' }, { limit: PAGE, after });
      for (const { id } of items) {
        try {
          await evaluate(id, { patience: BRIEFLY, gaps });
        } catch (error) {
          const behind = error instanceof Transient && error.code === 'not-caught-up';
          log[behind ? 'debug' : 'warn']({ err: error, question: id }, 'a standing question waits for the next round');
        }
      }
      if (!next) return;
      after = next;
    }
  };

  const runRound = (gaps: boolean): Promise<void> => {
    round = round.then(async () => {
      if (stopped) return;
      const before = cause;
      try {
        await evaluateAll(gaps);
      } catch (error) {
        log.warn({ err: error }, 'standing questions could not be read now; the next round does');
      }
      if (cause === before) cause = undefined;
    });
    return round;
  };

  return {
    evaluate,
    touch: (trace) => {
      if (stopped) return;
      if (trace !== undefined) cause = { trace };
      timer ??= setTimeout(() => {
        timer = undefined;
        void runRound(false);
      }, GATHER);
    },
    review: () => void runRound(true),
    job: job({ name: 'standing-question-round', every: EVERY, handle: () => runRound(true) }),
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await round;
    },
  };
}
