import type { EventOf } from '@lotwarden/contracts/events';
import { Rejected } from '@lotwarden/platform/errors';

export type NonconformanceEvent = EventOf<'qms.nonconformance.v1'>;

export const DISPOSITIONS = ['use-as-is', 'rework', 'repair', 'scrap', 'return-to-supplier'] as const;
export type Disposition = (typeof DISPOSITIONS)[number];

/** ISO 13485:2016 8.3: what does not conform is recorded, disposed of, closed. */
export type Nonconformance =
  | { readonly status: 'unknown' }
  | {
      readonly status: 'open' | 'closed';
      readonly nonconformance: string;
      readonly lot: string;
      readonly code: string;
      readonly description: string;
      readonly severity: string;
      readonly disposition: string | null;
    };

export const NO_NONCONFORMANCE: Nonconformance = { status: 'unknown' };

export function evolve(known: Nonconformance, event: NonconformanceEvent): Nonconformance {
  if (event.type === 'NonconformanceOpened') {
    const { type: _, ...facts } = event;
    return { ...facts, status: 'open', disposition: null };
  }
  return known.status === 'unknown' ? known : { ...known, status: 'closed', disposition: event.disposition };
}

export function openNonconformance(
  known: Nonconformance,
  asked: { nonconformance: string; lot: string; code: string; description: string; severity: string },
): NonconformanceEvent[] {
  return known.status === 'unknown' ? [{ type: 'NonconformanceOpened', ...asked }] : [];
}

/** Using as it is and repairing need an approval that comes with CAPA; until then they are refused, not waved through. */
export function closeNonconformance(
  known: Nonconformance,
  { disposition, reason }: { disposition: Disposition; reason: string },
): NonconformanceEvent[] {
  if (known.status === 'unknown') throw new Rejected('nonconformance-unknown');
  const { nonconformance, lot } = known;
  if (known.status === 'closed') throw new Rejected('nonconformance-already-closed', { nonconformance });
  if (disposition === 'use-as-is' || disposition === 'repair')
    throw new Rejected('disposition-needs-approval', { nonconformance, disposition });
  return [{ type: 'NonconformanceClosed', nonconformance, lot, disposition, reason }];
}
