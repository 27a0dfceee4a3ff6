import type { SourceOffset } from '@lotwarden/contracts/events';
import type { SagaDefinition, SagaState } from '@lotwarden/platform/saga';
import { GATES } from './gate-life.ts';

/** What a freeze remembers; its epoch is the hold's. */
export interface Freeze {
  readonly hold: string;
  /** Of the last fixpoint: how often traceability was asked, and what it had seen. */
  readonly rounds: number;
  readonly offsets: readonly SourceOffset[];
}

export type FreezeCommand =
  | { readonly type: 'announce-frozen' }
  | { readonly type: 'announce-contained' }
  /** Somebody does not answer; people are told whom the case waits for. */
  | { readonly type: 'call-people'; readonly code: string; readonly missing: readonly string[] };

export interface Patience {
  readonly freezeWithin: number;
  readonly drainWithin: number;
  readonly settleWithin: number;
}

type Step = 'freezing' | 'draining' | 'settling' | 'contained';

/** What a gate acknowledges beside its hold: that it has handled what it had heard before. */
export const drainOf = (gate: string): string => `drained:${gate}`;
const DRAINS = GATES.map(drainOf);
const RESTORED = { restored: 'freezing' } as const;

/**
 * From a hold to its fixpoint (correctness rules 14, 17). Every new epoch goes back to `freezing`; so does a gate whose
 * database was restored. Nothing is ever undone: who does not answer is waited for, and people are called.
 */
export const freezeSaga = ({
  freezeWithin,
  drainWithin,
  settleWithin,
}: Patience): SagaDefinition<Freeze, Step, FreezeCommand> => ({
  name: 'recall-freeze',
  version: 1,
  first: 'freezing',
  steps: {
    freezing: {
      waitsFor: () => GATES,
      next: 'draining',
      on: RESTORED,
      deadline: escalate(freezeWithin, 'freeze-overdue', GATES),
      pivotal: true,
    },
    draining: {
      enter: () => [{ type: 'announce-frozen' }],
      waitsFor: () => DRAINS,
      next: 'settling',
      on: RESTORED,
      deadline: escalate(drainWithin, 'drain-overdue', DRAINS),
      pivotal: true,
    },
    // The service asks traceability, at or after the places to which the gates have drained.
    settling: {
      on: { ...RESTORED, settled: 'contained' },
      deadline: escalate(settleWithin, 'fixpoint-overdue', []),
      pivotal: true,
    },
    contained: { enter: () => [{ type: 'announce-contained' }], on: RESTORED, pivotal: true },
  },
});

const escalate = (after: number, code: string, participants: readonly string[]) => ({
  after,
  then: 'escalate' as const,
  escalate: (saga: SagaState<Freeze>): readonly FreezeCommand[] => [
    { type: 'call-people', code, missing: participants.filter((one) => behind(saga, one)) },
  ],
});

/** Has this participant not acknowledged the present epoch? */
export const behind = ({ acknowledgements, epoch }: SagaState<Freeze>, participant: string): boolean =>
  (acknowledgements[participant]?.epoch ?? 0) < epoch;
