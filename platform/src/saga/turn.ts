import { Rejected } from '../errors.ts';
import type { Instant } from '../instant.ts';
import {
  evolveSaga,
  type Acknowledgement,
  type SagaDefinition,
  type SagaEvent,
  type SagaState,
  type Step,
} from './saga.ts';

/** What one input leads to: facts about the saga, and what is asked of others, as data. */
export interface Turn<Data, Command> {
  readonly events: readonly SagaEvent<Data>[];
  readonly commands: readonly Command[];
}

type Definition<Data, Command> = SagaDefinition<Data, string, Command>;

export const begin = <Data, Command>(
  definition: Definition<Data, Command>,
  state: SagaState<Data>,
  data: Data,
  now: Instant,
): Turn<Data, Command> =>
  turn(state, (to) => {
    to.happen({ type: 'SagaBegun', definition: definition.version, data });
    enter(definition, definition.first, now, to);
  });

/** Late, repeated and out of order is normal: the highest epoch of a participant's present life counts. */
export const acknowledge = <Data, Command>(
  definition: Definition<Data, Command>,
  state: SagaState<Data>,
  acknowledgement: Acknowledgement,
  now: Instant,
): Turn<Data, Command> =>
  turn(state, (to) => {
    const before = state.acknowledgements[acknowledgement.participant];
    const sameLife = before !== undefined && before.incarnation === acknowledgement.incarnation;
    if (sameLife && before.epoch >= acknowledgement.epoch) return;
    to.happen({ type: 'Acknowledged', acknowledgement });
    goOn(definition, now, to);
  });

/** Throws `saga-step-refuses` where the step does not hear this signal. */
export const signal = <Data, Command>(
  definition: Definition<Data, Command>,
  state: SagaState<Data>,
  given: { readonly name: string; readonly data?: Data | undefined },
  now: Instant,
): Turn<Data, Command> =>
  turn(state, (to) => {
    const next = stepOf(definition, state.step).on?.[given.name];
    if (next === undefined) throw new Rejected('saga-step-refuses', { signal: given.name, step: state.step }, 409);
    if (given.data !== undefined) to.happen({ type: 'DataChanged', data: given.data });
    enter(definition, next, now, to);
  });

/** What is asked has grown: the saga goes (back) to the step that asks for it, under the next epoch. */
export const raiseEpoch = <Data, Command>(
  definition: Definition<Data, Command>,
  state: SagaState<Data>,
  { step, data }: { readonly step: string; readonly data?: Data | undefined },
  now: Instant,
): Turn<Data, Command> =>
  turn(state, (to) => {
    if (data !== undefined) to.happen({ type: 'DataChanged', data });
    to.happen({ type: 'EpochRaised', epoch: state.epoch + 1 });
    enter(definition, step, now, to);
  });

/** The time is over: what was asked is asked again, or people are called; never undone, never given up. */
export const lapse = <Data, Command>(
  definition: Definition<Data, Command>,
  state: SagaState<Data>,
  now: Instant,
): Turn<Data, Command> =>
  turn(state, (to) => {
    const step = stepOf(definition, state.step);
    const { deadline } = step;
    if (deadline === undefined || state.deadline === null || state.deadline > now) return;
    to.happen({ type: 'DeadlineLapsed', attempt: state.attempt + 1, deadline: later(now, deadline.after) });
    if (deadline.then === 'retry') to.ask(step.enter?.(to.state()) ?? []);
    if (to.state().attempt > (deadline.fromAttempt ?? 1)) to.ask(deadline.escalate?.(to.state()) ?? []);
  });

/** Who has not acknowledged the present epoch yet. */
export function waitingFor<Data, Command>(
  definition: Definition<Data, Command>,
  state: SagaState<Data>,
): readonly string[] {
  const participants = stepOf(definition, state.step).waitsFor?.(state) ?? [];
  return participants.filter((one) => (state.acknowledgements[one]?.epoch ?? -1) < state.epoch);
}

interface Taking<Data, Command> {
  readonly state: () => SagaState<Data>;
  readonly happen: (event: SagaEvent<Data>) => void;
  readonly ask: (commands: readonly Command[]) => void;
}

function turn<Data, Command>(before: SagaState<Data>, take: (to: Taking<Data, Command>) => void): Turn<Data, Command> {
  const events: SagaEvent<Data>[] = [];
  const commands: Command[] = [];
  take({
    state: () => events.reduce(evolveSaga<Data>, before),
    happen: (event) => void events.push(event),
    ask: (asked) => void commands.push(...asked),
  });
  return { events, commands };
}

function enter<Data, Command>(
  definition: Definition<Data, Command>,
  name: string,
  now: Instant,
  to: Taking<Data, Command>,
): void {
  const step = stepOf(definition, name);
  const deadline = step.deadline === undefined ? null : later(now, step.deadline.after);
  to.happen({ type: 'StepEntered', step: name, at: now, deadline });
  to.ask(step.enter?.(to.state()) ?? []);
  if (step.end === true) to.happen({ type: 'SagaEnded' });
  else goOn(definition, now, to);
}

/** On to the next step where nobody is waited for any more; a step with neither participants nor signals passes through. */
function goOn<Data, Command>(definition: Definition<Data, Command>, now: Instant, to: Taking<Data, Command>): void {
  const state = to.state();
  const { next, waitsFor, on } = stepOf(definition, state.step);
  if (next === undefined || (waitsFor === undefined && on !== undefined)) return;
  if (waitingFor(definition, state).length === 0) enter(definition, next, now, to);
}

function stepOf<Data, Command>(definition: Definition<Data, Command>, name: string): Step<Data, string, Command> {
  const step = definition.steps[name];
  if (step === undefined)
    throw new Error(`saga ${definition.name} version ${String(definition.version)} has no step ${name}`);
  return step;
}

const later = (now: Instant, milliseconds: number): Instant =>
  new Date(Date.parse(now) + milliseconds).toISOString() as Instant;
