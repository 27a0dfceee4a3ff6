import type { Instant } from '../instant.ts';

/** A step of a process that takes minutes to weeks: what is asked on entering it, whom it waits for, and how long. */
export interface Step<Data, Name extends string, Command> {
  /** What is to be done on entering and on every retry, as data; performed in the transaction that enters the step. */
  readonly enter?: (saga: SagaState<Data>) => readonly Command[];
  /** Who has to acknowledge the current epoch before the saga goes on. Without it the step waits for a signal. */
  readonly waitsFor?: (saga: SagaState<Data>) => readonly string[];
  /** Where it goes when all have acknowledged; at once, where it waits for nobody and for no signal. */
  readonly next?: Name;
  /** Decisions from outside that are heard in this step, and where each leads. Other signals are refused. */
  readonly on?: Readonly<Record<string, Name>>;
  readonly deadline?: Deadline<Data, Command>;
  /** Never undone: from here the way is forward, by retry and escalation. */
  readonly pivotal?: true;
  /** The saga is over here. */
  readonly end?: true;
}

export interface Deadline<Data, Command> {
  /** Milliseconds from entering the step, or from the last retry. */
  readonly after: number;
  /** `retry` performs `enter` again with the next attempt; `escalate` only calls for people. Both go on for ever. */
  readonly then: 'retry' | 'escalate';
  /** What tells people, from the attempt on that `fromAttempt` names (1 if absent). */
  readonly escalate?: (saga: SagaState<Data>) => readonly Command[];
  readonly fromAttempt?: number;
}

/** One page a person can read. A changed process is a new version; sagas that run finish on theirs. */
export interface SagaDefinition<Data, Name extends string = string, Command = unknown> {
  /** Kebab-case. */
  readonly name: string;
  /** 1, 2, 3 … */
  readonly version: number;
  readonly first: Name;
  readonly steps: Readonly<Record<Name, Step<Data, Name, Command>>>;
}

export interface Acknowledgement {
  readonly participant: string;
  /** What it has done, up to and including this epoch. */
  readonly epoch: number;
  readonly at: Instant;
  /** Which life of the participant's database said so; another one voids what an earlier one acknowledged. */
  readonly incarnation?: string;
}

export interface SagaState<Data> {
  readonly status: 'unknown' | 'running' | 'ended';
  /** Version of the definition it runs on. */
  readonly definition: number;
  readonly step: string;
  readonly enteredAt: Instant;
  /** Raised whenever what is asked of the participants grows; acknowledgements count for their epoch and all before. */
  readonly epoch: number;
  /** 1 on entering, one more with each lapsed deadline. */
  readonly attempt: number;
  readonly deadline: Instant | null;
  /** The latest of each participant. */
  readonly acknowledgements: Readonly<Record<string, Acknowledgement>>;
  readonly data: Data;
  /** The traceparent of what led it into its step: what a lapsed deadline leads to goes on in that trace. */
  readonly trace: string | null;
}

export type SagaEvent<Data> =
  | { readonly type: 'SagaBegun'; readonly definition: number; readonly data: Data }
  | { readonly type: 'StepEntered'; readonly step: string; readonly at: Instant; readonly deadline: Instant | null }
  | { readonly type: 'EpochRaised'; readonly epoch: number }
  | { readonly type: 'Acknowledged'; readonly acknowledgement: Acknowledgement }
  | { readonly type: 'DataChanged'; readonly data: Data }
  | { readonly type: 'DeadlineLapsed'; readonly attempt: number; readonly deadline: Instant }
  | { readonly type: 'TraceTaken'; readonly trace: string }
  | { readonly type: 'SagaEnded' };

/** The saga itself lives in MongoDB as an aggregate without a topic. What leaves it are the commands. */
export function evolveSaga<Data>(saga: SagaState<Data>, event: SagaEvent<Data>): SagaState<Data> {
  switch (event.type) {
    case 'SagaBegun':
      return { ...saga, status: 'running', definition: event.definition, data: event.data };
    case 'StepEntered':
      return { ...saga, step: event.step, enteredAt: event.at, attempt: 1, deadline: event.deadline };
    case 'EpochRaised':
      return { ...saga, epoch: event.epoch };
    case 'Acknowledged': {
      const { acknowledgement } = event;
      return {
        ...saga,
        acknowledgements: { ...saga.acknowledgements, [acknowledgement.participant]: acknowledgement },
      };
    }
    case 'DataChanged':
      return { ...saga, data: event.data };
    case 'DeadlineLapsed':
      return { ...saga, attempt: event.attempt, deadline: event.deadline };
    case 'TraceTaken':
      return { ...saga, trace: event.trace };
    case 'SagaEnded':
      return { ...saga, status: 'ended', deadline: null };
  }
}

export const noSaga = <Data>(data: Data): SagaState<Data> => ({
  status: 'unknown',
  definition: 0,
  step: '',
  enteredAt: '' as Instant,
  epoch: 0,
  attempt: 0,
  deadline: null,
  acknowledgements: {},
  data,
  trace: null,
});
