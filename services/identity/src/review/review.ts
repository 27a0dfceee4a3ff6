import { Rejected } from '@lotwarden/platform/errors';
import { signable, type Signature, type SignedRecord } from '@lotwarden/platform/signature';
import { keyOf, stale, type Drift, type Subject, type SubjectKey } from './subject.ts';

/** What happens to a review of access (Annex 11 §12.3, 21 CFR 11.10(d)). These events stay in this database. */
export type ReviewEvent =
  | ({ readonly type: 'ReviewOpened' } & Opening)
  | ({ readonly type: 'AccessDecided' } & { readonly decisions: readonly Decision[] })
  | ({ readonly type: 'ReviewRefreshed' } & Drift)
  | { readonly type: 'ReviewSigned'; readonly signature: Signature; readonly record: SignedRecord }
  | { readonly type: 'DecisionCarriedOut'; readonly subject: SubjectKey; readonly outcome: string; readonly at: string }
  | { readonly type: 'ReviewCarriedOut'; readonly at: string }
  | { readonly type: 'OverdueTold' };

export interface Opening {
  readonly at: string;
  /** ISO 8601. */
  readonly due: string;
  readonly subjects: readonly Subject[];
}

export const VERDICTS = ['keep', 'reduce', 'deactivate'] as const;

export interface Decision {
  readonly subject: SubjectKey;
  readonly verdict: (typeof VERDICTS)[number];
  /** What is left when it is reduced; null = as it is. */
  readonly roles: readonly string[] | null;
  readonly sites: readonly string[] | null;
  readonly endDeputyships: boolean;
  readonly reason: string;
  readonly by: string;
  readonly at: string;
}

interface CarriedOut {
  readonly subject: SubjectKey;
  /** `done`, or the error code of why not. */
  readonly outcome: string;
  readonly at: string;
}

export interface KnownReview extends Opening {
  readonly status: 'open' | 'signed' | 'carried-out';
  /** In the order of the subjects they are about; the last word on each. */
  readonly decisions: readonly Decision[];
  readonly signature: Signature | null;
  /** What was signed. */
  readonly record: SignedRecord | null;
  readonly carriedOut: readonly CarriedOut[];
  readonly isOverdueTold: boolean;
}

export type ReviewState = { readonly status: 'unknown' } | KnownReview;

export const UNKNOWN_REVIEW: ReviewState = { status: 'unknown' };

/** MongoDB keeps 16 MB in one document, and every decision writes it anew. */
export const MOST_SUBJECTS = 5_000;

export function evolve(review: ReviewState, event: ReviewEvent): ReviewState {
  if (event.type === 'ReviewOpened') {
    const { type: _, ...opening } = event;
    const nothing = { decisions: [], signature: null, record: null, carriedOut: [], isOverdueTold: false };
    return { status: 'open', ...opening, ...nothing };
  }
  if (review.status === 'unknown') return review;
  switch (event.type) {
    case 'AccessDecided': {
      const decided = new Set(event.decisions.map(({ subject }) => subject));
      return { ...review, decisions: [...without(review.decisions, decided), ...event.decisions] };
    }
    case 'ReviewRefreshed': {
      const { changed, come, gone } = event;
      const other = new Set([...changed.map(keyOf), ...gone]);
      const fresh = new Map(changed.map((subject) => [keyOf(subject), subject]));
      const left = review.subjects.filter((subject) => !gone.includes(keyOf(subject)));
      return {
        ...review,
        subjects: [...left.map((subject) => fresh.get(keyOf(subject)) ?? subject), ...come],
        decisions: without(review.decisions, other),
      };
    }
    case 'ReviewSigned':
      return { ...review, status: 'signed', signature: event.signature, record: event.record };
    case 'DecisionCarriedOut': {
      const { type: _, ...done } = event;
      return { ...review, carriedOut: [...review.carriedOut, done] };
    }
    case 'ReviewCarriedOut':
      return { ...review, status: 'carried-out' };
    case 'OverdueTold':
      return { ...review, isOverdueTold: true };
  }
}

const without = (decisions: readonly Decision[], subjects: ReadonlySet<SubjectKey>): readonly Decision[] =>
  decisions.filter(({ subject }) => !subjects.has(subject));

/** Throws `review-open-already`, and `review-too-large` for more than one review can hold. */
export function openReview(review: ReviewState, opening: Opening): ReviewEvent[] {
  if (review.status !== 'unknown') throw new Rejected('review-open-already');
  const { length } = opening.subjects;
  if (length > MOST_SUBJECTS) throw new Rejected('review-too-large', { subjects: length, most: MOST_SUBJECTS });
  return [{ type: 'ReviewOpened', ...opening }];
}

export function known(review: ReviewState, id: string): KnownReview {
  if (review.status === 'unknown') throw new Rejected('review-unknown', { review: id });
  return review;
}

function open(review: ReviewState, id: string): KnownReview {
  const found = known(review, id);
  if (found.status !== 'open') throw new Rejected('review-signed-already', { review: id });
  return found;
}

/**
 * Throws `review-subject-unknown`, `review-own-access` (nobody decides what he himself may do, nor for whom he stands in), and for a reduction
 * `review-only-people-reduced`, `review-nothing-reduced`, `review-grants-nothing` (a review takes away, it never gives) or
 * `review-roles-elsewhere` (the next log-in would bring them back).
 */
export function decide(review: ReviewState, id: string, decisions: readonly Decision[]): ReviewEvent[] {
  const { subjects } = open(review, id);
  const byKey = new Map(subjects.map((subject) => [keyOf(subject), subject]));
  for (const decision of decisions) {
    const subject = byKey.get(decision.subject);
    if (!subject) throw new Rejected('review-subject-unknown', { subject: decision.subject });
    if (isOwn(subject, byKey.get(`person:${decision.by}`), decision.by))
      throw new Rejected('review-own-access', { account: subject.id });
    if (decision.verdict === 'reduce') assertReduces(subject, decision);
  }
  return decisions.length === 0 ? [] : [{ type: 'AccessDecided', decisions }];
}

/** Whether it is the decider himself, or somebody for whom he stands in. */
export const isOwn = ({ kind, id }: Subject, decider: Subject | undefined, by: string): boolean =>
  kind === 'person' &&
  (id === by || (decider?.facts ?? []).some((fact) => fact.fact === 'stands-for' && fact.person === id));

function assertReduces(subject: Subject, { roles, sites, endDeputyships }: Decision): void {
  const { kind, id, facts } = subject;
  if (kind !== 'person') throw new Rejected('review-only-people-reduced', { subject: id });
  if (roles === null && sites === null && !endDeputyships)
    throw new Rejected('review-nothing-reduced', { subject: id });
  const more = [
    ...(roles ?? []).filter((role) => !subject.roles.includes(role)),
    ...(sites ?? []).filter((site) => subject.sites !== null && !subject.sites.includes(site)),
  ];
  if (more.length > 0) throw new Rejected('review-grants-nothing', { subject: id, more: more.join(', ') });
  const isLess =
    (roles !== null && roles.length < subject.roles.length) ||
    (sites !== null && (subject.sites === null || sites.length < subject.sites.length));
  if (!isLess && !endDeputyships) throw new Rejected('review-nothing-reduced', { subject: id });
  const elsewhere = facts.find((fact) => fact.fact === 'logs-in-at' && fact.decidesRoles);
  if (elsewhere?.fact === 'logs-in-at' && (roles !== null || sites !== null))
    throw new Rejected('review-roles-elsewhere', { subject: id, provider: elsewhere.provider });
}

/** Those whose access is another than it was looked at are looked at anew. */
export function refresh(review: ReviewState, id: string, now: Drift): ReviewEvent[] {
  open(review, id);
  return stale(now).length === 0 ? [] : [{ type: 'ReviewRefreshed', ...now }];
}

/** What is signed: whose access was looked at, as it was, and what was decided of each. */
export const reviewRecord = (id: string, version: number, { due, subjects, decisions }: KnownReview): SignedRecord =>
  signable('access-review', id, version, {
    review: id,
    due,
    subjects,
    decisions: [...decisions].sort((a, b) => (a.subject < b.subject ? -1 : 1)),
  });

/** Throws `review-not-complete`, `review-outdated` or `review-no-administrator-left`. */
export function assertReady(review: ReviewState, id: string, now: Drift): KnownReview {
  const found = open(review, id);
  const { subjects, decisions } = found;
  const others = stale(now);
  if (others.length > 0) throw new Rejected('review-outdated', { subjects: some(others) });
  const decided = new Map(decisions.map((decision) => [decision.subject, decision]));
  const missing = subjects.map(keyOf).filter((key) => !decided.has(key));
  if (missing.length > 0) throw new Rejected('review-not-complete', { left: missing.length, subjects: some(missing) });
  const administers = subjects.some((subject) => {
    const decision = decided.get(keyOf(subject));
    const roles = decision?.roles ?? subject.roles;
    return subject.kind === 'person' && decision?.verdict !== 'deactivate' && roles.includes('administrator');
  });
  if (!administers) throw new Rejected('review-no-administrator-left');
  return found;
}

const some = (keys: readonly string[]): string => keys.slice(0, 10).join(', ') + (keys.length > 10 ? ', …' : '');

export function sign(review: ReviewState, id: string, signature: Signature, record: SignedRecord): ReviewEvent[] {
  open(review, id);
  return [{ type: 'ReviewSigned', signature, record }];
}

/** What is still to be done of what was decided, in the order in which it was. */
export function toCarryOut({ decisions, carriedOut }: KnownReview): readonly Decision[] {
  const done = new Set(carriedOut.map(({ subject }) => subject));
  return decisions.filter(({ subject, verdict }) => verdict !== 'keep' && !done.has(subject));
}

export function carriedOut(review: ReviewState, id: string, done: CarriedOut): ReviewEvent[] {
  const found = known(review, id);
  return found.carriedOut.some(({ subject }) => subject === done.subject)
    ? []
    : [{ type: 'DecisionCarriedOut', ...done }];
}

export function allCarriedOut(review: ReviewState, id: string, at: string): ReviewEvent[] {
  const found = known(review, id);
  return found.status === 'signed' && toCarryOut(found).length === 0 ? [{ type: 'ReviewCarriedOut', at }] : [];
}

export const isOverdue = (review: ReviewState, now: string): boolean => review.status === 'open' && review.due < now;

export const tellOverdue = (review: ReviewState, now: string): ReviewEvent[] =>
  isOverdue(review, now) && review.status === 'open' && !review.isOverdueTold ? [{ type: 'OverdueTold' }] : [];
