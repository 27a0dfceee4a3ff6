import type { EventOf, Signature } from '@lotwarden/contracts/events';
import { Rejected } from '@lotwarden/platform/errors';
import { signable, type SignedRecord } from '@lotwarden/platform/signature';

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
      /** Of the person who disposed of it. */
      readonly signature: Signature | null;
    };

export const NO_NONCONFORMANCE: Nonconformance = { status: 'unknown' };

export function evolve(known: Nonconformance, event: NonconformanceEvent): Nonconformance {
  if (event.type === 'NonconformanceOpened') {
    const { type: _, ...facts } = event;
    return { ...facts, status: 'open', disposition: null, signature: null };
  }
  const { disposition, signature } = event;
  return known.status === 'unknown' ? known : { ...known, status: 'closed', disposition, signature };
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
  { disposition, signature }: { disposition: Disposition; signature: Signature },
): NonconformanceEvent[] {
  const { nonconformance, lot } = open(known);
  if (disposition === 'use-as-is' || disposition === 'repair')
    throw new Rejected('disposition-needs-approval', { nonconformance, disposition });
  return [{ type: 'NonconformanceClosed', nonconformance, lot, disposition, reason: signature.reason, signature }];
}

/** What is signed when somebody disposes of it (21 CFR 11.70). */
export function dispositionRecord(known: Nonconformance, disposition: Disposition, version: number): SignedRecord {
  return recordOf(open(known), disposition, version);
}

/** What would be signed today if it were still to be disposed of; undefined while it is. */
export const disposedRecord = (known: Recorded): SignedRecord | undefined =>
  known.disposition === null ? undefined : recordOf(known, known.disposition, 0);

type Recorded = Extract<Nonconformance, { readonly lot: string }>;

function recordOf(
  { nonconformance, lot, code, description, severity }: Recorded,
  disposition: string,
  version: number,
) {
  const record = { nonconformance, lot, code, description, severity, disposition };
  return signable('nonconformance-disposition', nonconformance, version, record);
}

function open(known: Nonconformance) {
  if (known.status === 'unknown') throw new Rejected('nonconformance-unknown');
  if (known.status === 'closed')
    throw new Rejected('nonconformance-already-closed', { nonconformance: known.nonconformance });
  return known;
}
