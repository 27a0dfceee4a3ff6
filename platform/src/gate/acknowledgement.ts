import type { InFlight } from '@lotwarden/contracts/events';
import type { TopicName } from '@lotwarden/contracts/topics';
import type { AggregateDefinition } from '../store/aggregate.ts';

/** What a gate has said about one hold. Its id is the hold's. */
export interface Acknowledgement {
  readonly case: string;
  readonly epoch: number;
  readonly incarnation: string;
  /** The last epoch it has drained for, 0 = none, and in which incarnation. */
  readonly drained: number;
  readonly drainedIn: string;
}

export interface HoldAcknowledged {
  readonly type: 'HoldAcknowledged';
  readonly gate: string;
  readonly hold: string;
  readonly case: string;
  readonly epoch: number;
  readonly count: number;
  readonly digest: string;
  readonly incarnation: string;
  readonly inFlight: readonly InFlight[];
}

export interface GateDrained {
  readonly type: 'GateDrained';
  readonly gate: string;
  readonly hold: string;
  readonly case: string;
  readonly epoch: number;
  readonly incarnation: string;
  readonly offsets: readonly { readonly topic: string; readonly partition: number; readonly next: number }[];
}

export type AcknowledgementEvent = HoldAcknowledged | GateDrained;

export const SILENT: Acknowledgement = { case: '', epoch: 0, incarnation: '', drained: 0, drainedIn: '' };

export function evolveAcknowledgement(state: Acknowledgement, event: AcknowledgementEvent): Acknowledgement {
  return event.type === 'HoldAcknowledged'
    ? { ...state, case: event.case, epoch: event.epoch, incarnation: event.incarnation }
    : { ...state, drained: event.epoch, drainedIn: event.incarnation };
}

/** What a gate says goes out on its own topic, and comes back from there when its database was restored. */
export const acknowledgementsOn = (
  topic: Extract<TopicName, `${string}.gate.v1`>,
): AggregateDefinition<Acknowledgement, AcknowledgementEvent> => ({
  collection: 'gate_acknowledgements',
  topic,
  initial: SILENT,
  evolve: evolveAcknowledgement,
});

/** Says it once per epoch and life of the database; what a restored one had acknowledged is void (rule 9). */
export const acknowledge = (state: Acknowledgement, event: HoldAcknowledged): HoldAcknowledged[] =>
  state.incarnation === event.incarnation && state.epoch >= event.epoch ? [] : [event];

/** The newest epoch wins: draining for one that was overtaken is not worth telling. */
export const drained = (state: Acknowledgement, event: GateDrained): GateDrained[] =>
  state.epoch === event.epoch && isDraining(state) ? [event] : [];

export const isDraining = (state: Acknowledgement): boolean =>
  state.epoch > 0 && (state.drained < state.epoch || state.drainedIn !== state.incarnation);
