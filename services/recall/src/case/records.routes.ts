import { created, ok, page, pageOf, pageQuery, route } from '@lotwarden/platform/http';
import { Instant, Quantity, Text } from '@lotwarden/platform/http-schemas';
import { ShownSignature } from '@lotwarden/platform/shown-signature';
import { z } from 'zod';
import { record } from '../documents.ts';
import type { Findings } from '../finding/finding.store.ts';
import type { Freezes } from '../freeze/freeze.store.ts';
import { printedReport } from '../report/printed-report.ts';
import type { CaseRecordsStore } from '../report/records.store.ts';
import type { Scopes } from '../scope/scope.store.ts';
import { CustodianView, Jws, ScopedLotView, SignatureAct, SignedRecord, SourceOffset } from '../schemas.routes.ts';

const FindingView = z
  .object({ code: z.string(), subject: z.string(), detail: z.string(), raisedAt: Instant })
  .meta({ id: 'RecallFinding', description: 'Something in a case that needs a person' });

const EpochView = z
  .object({
    epoch: z.number().int(),
    cause: z.string(),
    provisional: z.boolean(),
    told: z.number().int(),
    count: z.number().int(),
    digest: z.string(),
    placedAt: Instant,
    frozenAt: Instant.nullable(),
    elapsedMs: z.number().nullable(),
    containedAt: Instant.nullable(),
    acknowledgements: z.array(
      z.object({ gate: z.string(), at: Instant, count: z.number().int(), digest: z.string(), incarnation: z.string() }),
    ),
  })
  .meta({ id: 'HoldEpoch' });

/** What traceability says about a lot's quantities; passed on as it is. */
const BalanceLine = z.looseObject({ lot: z.string(), unit: z.string(), balanced: z.boolean() });

const ReportView = z
  .object({
    report: z.looseObject({ format: z.string(), case: z.string() }),
    signatures: z.array(ShownSignature).meta({ description: 'of who launched it, who let lots go, and who closed it' }),
    hash: z.string().meta({ description: 'SHA-256 over the RFC 8785 form of `report`' }),
    closure: z
      .object({
        report: z.string(),
        remainder: z.array(Quantity),
        explanation: z.string().nullable(),
        extended: z.literal(true).optional().meta({ description: 'the scope has grown since' }),
        signature: SignatureAct.extend({ jws: z.string() }),
      })
      .nullable(),
  })
  .meta({ id: 'RecallReport' });

const Explained = z.object({ explanation: Text.optional() });

interface Needs {
  readonly records: CaseRecordsStore;
  readonly scopes: Scopes;
  readonly freezes: Freezes;
  readonly findings: Findings;
}

/** What is on record about one case, and its closing. */
export const recordRoutes = ({ records, scopes, freezes, findings }: Needs) => [
  route({
    method: 'get',
    path: '/cases/:case/scope',
    requires: 'recall.read',
    summary: { en: 'Lots and custodians in scope, and how complete that is', zh: '召回范围及完整性' },
    reply: {
      200: z.object({
        lots: z.array(ScopedLotView),
        custodians: z.array(CustodianView),
        offsets: z.array(SourceOffset),
        complete: z.boolean(),
        gaps: z.array(z.string()),
      }),
    },
    errors: ['recall-case-unknown'],
    handle: async ({ params }) => {
      await records.caseOf(params.case);
      const { head, lots, custodians } = await scopes.of(params.case);
      return ok({
        lots: lots.map(({ case: _, sequence: __, ...lot }) => lot),
        custodians: custodians.map(({ custodian, lines }) => ({ custodian, lines })),
        offsets: head?.offsets ?? [],
        complete: head?.complete ?? false,
        gaps: head?.gaps ?? ['traceability has not answered yet'],
      });
    },
  }),
  route({
    method: 'get',
    path: '/cases/:case/acknowledgements',
    requires: 'recall.read',
    summary: { en: 'Every epoch of the hold, and what the gates said', zh: '各冻结批次及关口确认' },
    reply: { 200: z.object({ hold: z.string(), epochs: z.array(EpochView) }) },
    errors: ['recall-case-unknown'],
    handle: async ({ params }) => {
      const { hold } = await records.caseOf(params.case);
      const epochs = (await freezes.epochs.find({ hold }).sort({ epoch: 1 }).toArray()).map(record);
      const words = await freezes.spoken.find({ case: params.case }).sort({ _id: 1 }).toArray();
      const view = epochs.map(({ hold: _, case: __, since: ___, ...epoch }) => ({
        ...epoch,
        acknowledgements: words
          .filter((word) => word.epoch === epoch.epoch)
          .map(({ gate, at, count, digest, incarnation }) => ({ gate, at, count, digest, incarnation })),
      }));
      return ok({ hold, epochs: view });
    },
  }),
  route({
    method: 'get',
    path: '/cases/:case/findings',
    requires: 'recall.read',
    summary: { en: 'What needs a person', zh: '需人工处理的发现' },
    query: z.object({ ...pageQuery }),
    reply: { 200: pageOf(FindingView) },
    errors: ['recall-case-unknown'],
    handle: async ({ params, query: { limit, cursor } }) => {
      await records.caseOf(params.case);
      const { items, next } = await findings.list(params.case, limit, cursor);
      return ok(page(items, next));
    },
  }),
  route({
    method: 'get',
    path: '/cases/:case/balance',
    requires: 'recall.read',
    summary: { en: 'Where every unit in scope is, and what nobody can account for', zh: '召回物料平衡' },
    reply: {
      200: z.object({ items: z.array(BalanceLine), unknown: z.array(z.string()), remainder: z.array(Quantity) }),
    },
    errors: ['recall-case-unknown', 'upstream-unavailable'],
    handle: async ({ params }) => ok(await records.balance(params.case)),
  }),
  route({
    method: 'get',
    path: '/cases/:case/report',
    requires: 'recall.read',
    summary: { en: 'The report of a case; once closed, the one that was signed', zh: '召回报告' },
    reply: { 200: ReportView },
    print: printedReport,
    errors: ['recall-case-unknown', 'upstream-unavailable'],
    handle: async ({ params }) => ok(await records.report(params.case), { fileName: `${params.case}.json` }),
  }),
  route({
    method: 'get',
    path: '/cases/:case/close-record',
    requires: 'recall.read',
    summary: { en: 'The record to sign for closing, and what stands in its way', zh: '关闭召回的待签记录及障碍' },
    query: Explained,
    reply: { 200: SignedRecord.extend({ remainder: z.array(Quantity), hindrance: z.string().nullable() }) },
    errors: ['recall-case-unknown', 'upstream-unavailable'],
    handle: async ({ params, query }) => {
      const { record: toSign, ...rest } = await records.closingRecord(params.case, query.explanation ?? null);
      return ok({ ...toSign, ...rest });
    },
  }),
  route({
    method: 'post',
    path: '/cases/:case/closures',
    requires: 'recall.close',
    summary: { en: 'Close a recall, signed; no hold is lifted by it', zh: '签署并关闭召回(不解除任何冻结)' },
    body: Explained.extend({ signature: Jws }),
    reply: { 201: ReportView },
    errors: [
      'recall-case-unknown',
      'recall-case-not-launched',
      'recall-case-closed',
      'recall-not-contained',
      'custodians-untold',
      'notices-unanswered',
      'remainder-unexplained',
      'signature-for-another-record',
      'signature-of-another-person',
    ],
    handle: async ({ params, body: { signature, explanation }, context }) => {
      await records.close(params.case, signature, explanation ?? null, context);
      return created(await records.report(params.case));
    },
  }),
];
