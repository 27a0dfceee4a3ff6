import type { EventOf } from '@lotwarden/contracts/events';

export type ComplaintEvent = EventOf<'qms.complaint.v1'>;
export type Complaint =
  { readonly status: 'unknown' } | ({ readonly status: 'received' } & Omit<ComplaintEvent, 'type'>);

export const NO_COMPLAINT: Complaint = { status: 'unknown' };

export function evolve(_known: Complaint, { type: _, ...facts }: ComplaintEvent): Complaint {
  return { status: 'received', ...facts };
}

/** 21 CFR 820.35 (QMSR): what was said, about what, by whom, when. Never who the patient is. */
export function receiveComplaint(known: Complaint, facts: Omit<ComplaintEvent, 'type'>): ComplaintEvent[] {
  return known.status === 'unknown' ? [{ type: 'ComplaintReceived', ...facts }] : [];
}
