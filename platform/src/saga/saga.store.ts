import type { Aggregate } from '../store/aggregate.ts';
import type { SagaEvent, SagaState } from './saga.ts';

/** A saga of a service, as its inventory names it. */
export interface Saga {
  readonly name: string;
  readonly sagas: Aggregate<SagaState<never>, SagaEvent<never>>;
  /** Looks for deadlines that have passed and acts on them; how many there were. */
  readonly lapse: () => Promise<number>;
}
