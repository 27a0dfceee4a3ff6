import type { Deps } from '@lotwarden/platform/service';
import type { Aggregate, Context } from '@lotwarden/platform/store';
import type { ScopeAnswer } from '../graph/questions.ts';
import { AT_ONCE, publishScope } from './publish-scope.ts';
import type { SaidSoFar } from './said-so-far.store.ts';
import type { ScopeEvent, StandingQuestion } from './standing-question.ts';

interface Parts {
  readonly questions: Aggregate<StandingQuestion, ScopeEvent>;
  readonly said: SaidSoFar;
  readonly work: Deps['work'];
}

interface How {
  readonly context: Context;
  readonly gaps: boolean;
}

/**
 * Says what is new in an answer, a transaction for each `AT_ONCE` events, and gives the number of the last event said.
 * Whoever is killed in between, or meets another replica, says what is left by then: what was said is kept with it.
 */
export async function sayScope(parts: Parts, question: string, answer: ScopeAnswer, how: How): Promise<number> {
  const { questions, said } = parts;
  for (;;) {
    const known = await questions.get(question);
    if (!known) return 0;
    const before = await said.read(question, known.state);
    const events = publishScope(known.state, before, answer, { gaps: how.gaps });
    const end = await sayAll(parts, known, { events, context: how.context });
    if (end !== undefined) return end;
  }
}

/** Undefined if something else happened to the question meanwhile. */
async function sayAll(
  { questions, said, work }: Parts,
  { id, version, state }: { readonly id: string; readonly version: number; readonly state: StandingQuestion },
  { events, context }: { readonly events: readonly ScopeEvent[]; readonly context: Context },
): Promise<number | undefined> {
  let [expected, sequence] = [version, state.sequence];
  for (let from = 0; from < events.length; from += AT_ONCE) {
    const some = events.slice(from, from + AT_ONCE);
    const changed = await work(context, async (unit) => {
      const [now] = await unit.load(questions, [id]);
      if (now?.version !== expected) return undefined;
      said.keep(unit, now.state, some);
      return unit.append(questions, id, some);
    });
    if (!changed) return undefined;
    [expected, sequence] = [changed.version, changed.state.sequence];
  }
  return sequence;
}
