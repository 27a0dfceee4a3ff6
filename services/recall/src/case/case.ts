import type { EventOf, Quantity, Signature, SourceOffset } from '@lotwarden/contracts/events';
import { Rejected } from '@lotwarden/platform/errors';

export type CaseEvent = EventOf<'recall.case.v1'>;
export type RecallClass = 'I' | 'II' | 'III';

export interface Launch {
  readonly recallClass: RecallClass;
  readonly instructions: string;
  readonly instructionsZh: string;
  readonly signature: Signature;
}

/** All five gates hold what the manifest of this epoch says. */
export interface Frozen {
  readonly epoch: number;
  readonly lots: number;
  readonly digest: string;
  readonly gates: readonly string[];
  readonly elapsedMs: number;
}

/** The fixpoint: relative to these offsets nothing more is affected. */
export interface Contained {
  readonly epoch: number;
  readonly rounds: number;
  readonly offsets: readonly SourceOffset[];
}

export interface Closure {
  /** SHA-256 of the report that was signed. */
  readonly report: string;
  readonly remainder: readonly Quantity[];
  readonly explanation: string | null;
  readonly signature: Signature;
  /** The scope has grown since: what was signed is an earlier version. */
  readonly extended?: true;
}

/** A recall as a person knows it. Lots, custodians, notices and findings are documents of their own. */
export interface OpenedCase {
  readonly status: 'draft' | 'launched' | 'closed';
  readonly case: string;
  readonly title: string;
  readonly reason: string;
  readonly roots: readonly string[];
  readonly complaint: string | null;
  readonly hold: string;
  readonly launch: Launch | null;
  /** The latest freeze since the draft, or since the launch: launching opens an epoch that has to be frozen itself. */
  readonly frozen: Frozen | null;
  /** Null again as soon as the scope grows. */
  readonly contained: Contained | null;
  readonly closure: Closure | null;
}
export type Case = { readonly status: 'unknown' } | OpenedCase;

export const NO_CASE: Case = { status: 'unknown' };

export function evolve(state: Case, event: CaseEvent): Case {
  if (event.type === 'RecallDrafted') {
    const { type: _, ...facts } = event;
    return { ...facts, status: 'draft', launch: null, frozen: null, contained: null, closure: null };
  }
  if (state.status === 'unknown') return state;
  switch (event.type) {
    case 'RecallLaunched': {
      const { recallClass, instructions, instructionsZh, signature } = event;
      const launch = { recallClass: recallClass as RecallClass, instructions, instructionsZh, signature };
      return { ...state, status: 'launched', launch, frozen: null, contained: null };
    }
    case 'RecallFrozen': {
      const { epoch, lots, digest, gates, elapsedMs } = event;
      return { ...state, frozen: { epoch, lots, digest, gates, elapsedMs } };
    }
    case 'RecallContained': {
      const { epoch, rounds, offsets } = event;
      return { ...state, contained: { epoch, rounds, offsets } };
    }
    case 'RecallScopeExtended':
      return { ...state, contained: null, closure: state.closure && { ...state.closure, extended: true } };
    case 'RecallClosed': {
      const { report, remainder, explanation, signature } = event;
      return { ...state, status: 'closed', closure: { report, remainder, explanation, signature } };
    }
    case 'RecallFindingRaised':
      return state;
  }
}

/** Notices go out once the goods stand still under a signed launch; later growth needs no new permission. */
export const mayNotify = (state: Case): state is OpenedCase & { readonly launch: Launch } =>
  state.status !== 'unknown' && state.launch !== null && state.frozen !== null;

export function opened(state: Case, recall: string): OpenedCase {
  if (state.status === 'unknown') throw new Rejected('recall-case-unknown', { case: recall });
  return state;
}
