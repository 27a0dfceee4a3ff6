import type { EventOf, ScopeCustodian, SourceOffset } from '@lotwarden/contracts/events';
import { custodianDigest, lotDigest } from './digest.ts';

export type ScopeEvent = EventOf<'traceability.scope.v1'>;

/** What was said of a lot or custodian, as id and digest: enough to tell whether it has changed since. */
export type Said = readonly (readonly [id: string, digest: string])[];

/** A question that stays open, and how far it was answered (correctness rule 19). */
export interface StandingQuestion {
  readonly status: 'unknown' | 'open' | 'closed';
  readonly question: string;
  readonly roots: readonly string[];
  /** Other roots, each as JSON: what they find is found anew whenever it is answered. */
  readonly filters: readonly string[];
  /** Of the last ScopeChanged; 0 before the first. */
  readonly sequence: number;
  /** Only of a question that has said nothing since each said its lots in pieces: the next answer moves them there. */
  readonly lots: Said;
  readonly custodians: Said;
  readonly totalLots: number;
  readonly complete: boolean;
  readonly gaps: readonly string[];
  readonly offsets: readonly SourceOffset[];
}

export const UNKNOWN_QUESTION: StandingQuestion = {
  status: 'unknown',
  question: '',
  roots: [],
  filters: [],
  sequence: 0,
  lots: [],
  custodians: [],
  totalLots: 0,
  complete: false,
  gaps: [],
  offsets: [],
};

export function evolve(known: StandingQuestion, event: ScopeEvent): StandingQuestion {
  switch (event.type) {
    case 'StandingQuestionRegistered':
      return { ...known, status: 'open', question: event.question, roots: event.roots, filters: event.filters };
    case 'ScopeChanged': {
      const { sequence, totalLots, complete, gaps, offsets } = event;
      const custodians = event.custodians.map(
        (line: ScopeCustodian) => [line.custodian, custodianDigest(line)] as const,
      );
      return {
        ...known,
        sequence,
        lots: [],
        custodians: merge(known.custodians, custodians),
        totalLots,
        complete,
        gaps,
        offsets,
      };
    }
    case 'StandingQuestionClosed':
      return { ...known, status: 'closed' };
  }
}

/** What an event says of lots. */
export const digestsIn = (event: ScopeEvent): Said =>
  event.type === 'ScopeChanged' ? event.lots.map((line) => [line.lot, lotDigest(line)] as const) : [];

const merge = (known: Said, news: Said): Said => [...new Map([...known, ...news])];
