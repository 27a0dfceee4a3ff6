import { Rejected } from '@lotwarden/platform/errors';
import {
  created,
  decodeCursor,
  encodeCursor,
  ok,
  page,
  pageOf,
  pageQuery,
  route,
  table,
} from '@lotwarden/platform/http';
import { Instant, Moment, Text } from '@lotwarden/platform/http-schemas';
import { shownSignature, ShownSignature } from '@lotwarden/platform/shown-signature';
import type { SignedRecord } from '@lotwarden/platform/signature';
import { z } from 'zod';
import { isOverdue, known, toCarryOut, VERDICTS, type KnownReview } from './review.ts';
import type { Reviews, StoredReview } from './review.store.ts';
import { factText } from './fact-text.ts';
import { keyOf, type Subject, type SubjectKey } from './subject.ts';

const Kind = z.enum(['person', 'system', 'device', 'provider']);

const ReviewView = z
  .object({
    review: z.string(),
    status: z.enum(['open', 'signed', 'carried-out']),
    openedAt: Instant,
    due: Instant,
    overdue: z.boolean(),
    subjects: z.number().int().meta({ description: 'people, systems, devices and outside providers' }),
    decided: z.number().int(),
    toCarryOut: z.number().int().meta({ description: 'signed, and not done yet' }),
    signatures: z.array(ShownSignature),
    rev: z.number().int(),
  })
  .meta({ id: 'AccessReview', description: 'A review of who has access (21 CFR 11.10(d), Annex 11 §12)' });

const SubjectView = z
  .object({
    kind: Kind,
    id: z.string(),
    name: z.string(),
    roles: z.array(z.string()),
    sites: z.array(z.string()).nullable().meta({ description: 'null: all' }),
    party: z.string().nullable(),
    facts: z.array(z.string()).meta({ description: 'deputyships, authenticator, outside log-in, secrets, groups' }),
    lastSeenAt: z.string().nullable().meta({ description: 'null: never, or not recorded (systems, devices)' }),
    verdict: z.enum(VERDICTS).nullable().meta({ description: 'null: not decided yet' }),
    rolesLeft: z.array(z.string()).nullable(),
    sitesLeft: z.array(z.string()).nullable(),
    deputyshipsEnd: z.boolean(),
    reason: z.string().nullable(),
    decidedBy: z.string().nullable(),
    decidedAt: z.string().nullable(),
    outcome: z.string().nullable().meta({ description: '`done`, or the code of why it could not be done' }),
  })
  .meta({ id: 'AccessReviewSubject' });

const RecordToSign = z
  .object({ recordType: z.string(), recordId: z.string(), recordVersion: z.number().int(), recordHash: z.string() })
  .meta({ id: 'RecordToSign' });

const Decided = z.object({
  kind: Kind,
  id: z.string().min(1).max(200),
  verdict: z.enum(VERDICTS),
  roles: z.array(z.string().max(50)).max(20).nullable().default(null).meta({ description: 'left of the roles' }),
  sites: z.array(z.string().max(100)).max(200).nullable().default(null).meta({ description: 'left of the sites' }),
  endDeputyships: z.boolean().default(false),
  reason: Text,
});

const OF_A_DECISION = [
  'review-decided-twice',
  'review-unknown',
  'review-signed-already',
  'review-subject-unknown',
  'review-own-access',
  'review-only-people-reduced',
  'review-nothing-reduced',
  'review-grants-nothing',
  'review-roles-elsewhere',
] as const;
const NOT_READY = [
  'review-unknown',
  'review-signed-already',
  'review-outdated',
  'review-not-complete',
  'review-no-administrator-left',
] as const;

interface Needs {
  readonly reviews: Reviews;
  readonly now: () => string;
}

/** Periodic reviews of who has access, with sign-off. */
export function reviewRoutes({ reviews, now }: Needs) {
  function view({ id, state, rev }: StoredReview) {
    const found = known(state, id);
    const { status, at: openedAt, due, subjects, decisions } = found;
    return {
      review: id,
      status,
      openedAt,
      due,
      overdue: isOverdue(state, now()),
      subjects: subjects.length,
      decided: decisions.length,
      toCarryOut: status === 'open' ? 0 : toCarryOut(found).length,
      signatures: signaturesOf(found),
      rev,
    };
  }

  return [
    route({
      method: 'post',
      path: '/access-reviews',
      requires: 'access.review',
      summary: { en: 'Begin a review of who has access', zh: '发起访问权限复核' },
      body: z.object({ due: Moment.optional(), reason: Text }),
      reply: { 201: ReviewView },
      errors: ['review-open-already', 'review-due-past', 'review-too-large'],
      handle: async ({ body: { due, reason }, context }) => {
        const opened = await reviews.open(due, { ...context, reason });
        return created(view(opened), { location: `/access-reviews/${opened.id}` });
      },
    }),
    route({
      method: 'get',
      path: '/access-reviews',
      requires: 'access-review.read',
      summary: { en: 'Reviews of access, newest first', zh: '访问权限复核列表(最新在前)' },
      query: z.object(pageQuery),
      reply: { 200: pageOf(ReviewView) },
      csv: table(ReviewView),
      handle: async ({ query: { limit, cursor } }) => {
        const { items, next } = await reviews.list(limit, cursor);
        return ok(page(items.map(view), next));
      },
    }),
    route({
      method: 'get',
      path: '/access-reviews/:review',
      requires: 'access-review.read',
      summary: { en: 'A review of access', zh: '查询访问权限复核' },
      reply: { 200: ReviewView },
      errors: ['review-unknown'],
      handle: async ({ params }) => ok(view(await reviews.get(params.review))),
    }),
    route({
      method: 'get',
      path: '/access-reviews/:review/subjects',
      requires: 'access-review.read',
      summary: { en: 'Whose access is reviewed, and what was decided', zh: '复核对象及结论' },
      query: z.object({ ...pageQuery, kind: Kind.optional(), undecided: z.stringbool().default(false) }),
      reply: { 200: pageOf(SubjectView) },
      csv: table(SubjectView),
      errors: ['review-unknown'],
      handle: async ({ params, query: { limit, cursor, kind, undecided } }) => {
        const { id, state } = await reviews.get(params.review);
        const rows = rowsOf(known(state, id))
          .filter((row) => (kind === undefined || row.kind === kind) && (!undecided || row.verdict === null))
          .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
        const from = cursor === undefined ? 0 : rows.findIndex((row) => keyOf(row) > decodeCursor(cursor));
        const shown = from < 0 ? [] : rows.slice(from, from + limit);
        const last = shown.at(-1);
        return ok(page(shown, last && last !== rows.at(-1) ? encodeCursor(keyOf(last)) : null));
      },
    }),
    route({
      method: 'post',
      path: '/access-reviews/:review/decisions',
      requires: 'access.review',
      summary: { en: 'Decide what becomes of access; nobody decides of his own', zh: '作出复核结论(不得复核本人)' },
      body: z.object({ decisions: z.array(Decided).min(1).max(500) }),
      reply: { 201: ReviewView },
      errors: OF_A_DECISION,
      handle: async ({ params, body, context }) => {
        const asked = body.decisions.map(({ kind, id, ...rest }) => ({ ...rest, subject: keyOf({ kind, id }) }));
        if (new Set(asked.map(({ subject }) => subject)).size < asked.length)
          throw new Rejected('review-decided-twice');
        return created(view(await reviews.decide(params.review, asked, context)));
      },
    }),
    route({
      method: 'post',
      path: '/access-reviews/:review/refreshes',
      requires: 'access.review',
      summary: { en: 'Look anew at those whose access changed since', zh: '更新已变更的复核对象' },
      body: z.object({}),
      reply: { 201: ReviewView },
      errors: ['review-unknown', 'review-signed-already'],
      handle: async ({ params, context }) => created(view(await reviews.refresh(params.review, context))),
    }),
    route({
      method: 'get',
      path: '/access-reviews/:review/signature-request',
      requires: 'access.review',
      summary: { en: 'What is to be signed, once everything is decided', zh: '待签署的记录' },
      reply: { 200: RecordToSign },
      errors: NOT_READY,
      handle: async ({ params }) => ok(await reviews.toSign(params.review)),
    }),
    route({
      method: 'post',
      path: '/access-reviews/:review/signatures',
      requires: 'access-review.sign',
      summary: { en: 'Sign a review off; what was decided is carried out', zh: '签署复核并执行结论' },
      body: z.object({ signature: z.string().min(1).max(8_000) }),
      reply: { 201: ReviewView },
      errors: [
        ...NOT_READY,
        'signature-invalid',
        'signature-key-revoked',
        'signature-for-another-record',
        'signature-meaning-other',
        'signature-of-another-person',
      ],
      handle: async ({ params, body, context }) =>
        created(view(await reviews.sign(params.review, body.signature, context))),
    }),
  ];
}

/** The record never changes once it is signed. */
function signaturesOf({ signature, record }: KnownReview) {
  return signature && record ? [shownSignature({ signature, now: record satisfies SignedRecord }, null)] : [];
}

function rowsOf({ subjects, decisions, carriedOut }: KnownReview) {
  const decided = new Map(decisions.map((decision) => [decision.subject, decision]));
  const done = new Map<SubjectKey, string>(carriedOut.map(({ subject, outcome }) => [subject, outcome]));
  return subjects.map((subject: Subject) => {
    const decision = decided.get(keyOf(subject));
    return {
      ...subject,
      facts: subject.facts.map((fact) => factText(fact, 'en')),
      verdict: decision?.verdict ?? null,
      rolesLeft: decision?.roles ?? null,
      sitesLeft: decision?.sites ?? null,
      deputyshipsEnd: decision?.endDeputyships ?? false,
      reason: decision?.reason ?? null,
      decidedBy: decision?.by ?? null,
      decidedAt: decision?.at ?? null,
      outcome: done.get(keyOf(subject)) ?? null,
    };
  });
}
