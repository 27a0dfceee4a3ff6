import type { PathStep, Quantity, RecordOf, ScopeLot, ScopeWay, SourceOffset } from '@lotwarden/contracts/events';
import type { SerialScope } from '@lotwarden/platform/serial-range';
import { unionScopes } from '@lotwarden/platform/serial-range';
import { canonical } from '../hold/held-lot.ts';
import { unionWays, waysInto } from './ways.ts';

export type ScopeChanged = RecordOf<'traceability.scope.v1', 'ScopeChanged'>;
type Line = ScopeChanged['custodians'][number]['lines'][number];

/** A lot in the scope of a case, and why. */
export interface ScopedLot {
  readonly case: string;
  readonly lot: string;
  readonly item: string | null;
  readonly quantity: Quantity | null;
  /** All serials that ever were in scope. */
  readonly serials: SerialScope;
  readonly certainty: string;
  readonly path: readonly PathStep[];
  /** All steps by which the scope ever reached it. */
  readonly ways: readonly ScopeWay[];
  /** Of the answer that told the rest, the newest. */
  readonly sequence: number;
  /** Of the answer that first named it. */
  readonly since: number;
}

/** What one custodian has, and what of it has been told in a notice. */
export interface ScopedCustodian {
  readonly case: string;
  readonly custodian: string;
  readonly lines: readonly Line[];
  readonly sequence: number;
  /** A notice has to look at these lines. */
  readonly due: boolean;
  /** What made them known, and when: a notice about them goes on in its trace. */
  readonly cause: Cause;
}

/** What led to something that is done later, of itself. */
export interface Cause {
  /** W3C traceparent. */
  readonly trace: string | null;
  readonly at: string;
}

/** The later of two: only then was there everything that it takes. */
export const laterCause = (a: Cause, b: Cause | null): Cause => (b !== null && b.at > a.at ? b : a);

/** How far the answer to a case's question has come. */
export interface ScopeHead {
  readonly case: string;
  readonly sequence: number;
  readonly totalLots: number;
  /** The answer is relative to these. */
  readonly offsets: readonly SourceOffset[];
  readonly complete: boolean;
  /** What is missing, by name. */
  readonly gaps: readonly string[];
}

/** Serials and ways by union; of the rest the newest answer counts. So neither order nor repetition matters. */
export function mergeLot(known: ScopedLot | undefined, recall: string, lot: ScopeLot, sequence: number): ScopedLot {
  const { item, quantity, certainty, path } = lot;
  const serials = canonical(known ? unionScopes(known.serials, lot.serials) : lot.serials);
  const ways = unionWays(known?.ways ?? [], waysInto(lot));
  if (known && known.sequence >= sequence) return { ...known, serials, ways, since: Math.min(known.since, sequence) };
  const since = known?.since ?? sequence;
  return { case: recall, lot: lot.lot, item, quantity, serials, certainty, path, ways, sequence, since };
}

/** Undefined if a newer answer has spoken of this custodian already. */
export function mergeCustodian(
  known: ScopedCustodian | undefined,
  recall: string,
  { custodian, lines }: ScopeChanged['custodians'][number],
  { sequence, cause }: Pick<ScopedCustodian, 'sequence' | 'cause'>,
): ScopedCustodian | undefined {
  if (known && known.sequence >= sequence) return undefined;
  return { case: recall, custodian, lines, sequence, due: true, cause };
}

export function mergeHead(known: ScopeHead | undefined, event: ScopeChanged): ScopeHead {
  const { question, sequence, totalLots, offsets, complete, gaps } = event;
  if (known && known.sequence >= sequence) return known;
  return { case: question, sequence, totalLots, offsets, complete, gaps };
}

export const scopeId = (recall: string, name: string): string => `${recall}|${name}`;
