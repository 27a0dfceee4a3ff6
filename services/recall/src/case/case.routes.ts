import { Rejected } from '@lotwarden/platform/errors';
import { created, ok, page, pageOf, pageQuery, route, table } from '@lotwarden/platform/http';
import { Code, Instant, LotRef, Quantity, Text } from '@lotwarden/platform/http-schemas';
import type { ShowSignatures } from '@lotwarden/platform/show-signatures';
import { ShownSignature } from '@lotwarden/platform/shown-signature';
import { z } from 'zod';
import { behind, drainOf } from '../freeze/freeze.saga.ts';
import type { Freezes } from '../freeze/freeze.store.ts';
import { GATES } from '../freeze/gate-life.ts';
import type { Findings } from '../finding/finding.store.ts';
import type { Notices } from '../notice/notice.store.ts';
import type { Scopes } from '../scope/scope.store.ts';
import { Jws, SignatureAct, SignedRecord, SourceOffset } from '../schemas.routes.ts';
import { opened } from './case.ts';
import { caseView } from './case-view.ts';
import type { Cases } from './case.store.ts';
import type { CaseWork } from './case-work.store.ts';
import { launchRecord } from './launch-case.ts';
import { signedBy } from './signed-by.ts';
import { record } from '../documents.ts';

const RecallClass = z.enum(['I', 'II', 'III']);
const what = { recallClass: RecallClass, instructions: Text, instructionsZh: Text };

const CaseView = z
  .object({
    case: z.string(),
    status: z.enum(['draft', 'launched', 'closed']),
    title: z.string(),
    reason: z.string(),
    roots: z.array(z.string()),
    complaint: z.string().nullable(),
    hold: z.string(),
    draftedAt: Instant,
    epoch: z.number().int().meta({ description: 'Of the hold; one more each time it grows' }),
    held: z.number().int().meta({ description: 'Lots in the manifest of this epoch' }),
    digest: z.string(),
    step: z.string().meta({ description: 'freezing, draining, settling, contained' }),
    waitingFor: z.array(z.string()).meta({ description: 'Gates that have not acknowledged, or not drained' }),
    launch: z.object({ ...what, signature: SignatureAct }).nullable(),
    frozen: z
      .object({
        at: Instant.nullable(),
        epoch: z.number().int(),
        lots: z.number().int(),
        digest: z.string(),
        gates: z.array(z.string()),
        elapsedMs: z.number(),
        current: z.boolean().meta({ description: 'False while a later epoch is not acknowledged by all' }),
      })
      .nullable(),
    contained: z
      .object({
        at: Instant.nullable(),
        epoch: z.number().int(),
        rounds: z.number().int(),
        offsets: z.array(SourceOffset),
      })
      .nullable(),
    scope: z.object({
      lots: z.number().int(),
      custodians: z.number().int(),
      sequence: z.number().int(),
      complete: z.boolean(),
      gaps: z.array(z.string()),
    }),
    notices: z.object({
      issued: z.number().int(),
      delivered: z.number().int(),
      escalated: z.number().int(),
      answered: z.number().int(),
      closed: z.number().int(),
    }),
    findings: z.number().int(),
    closure: z
      .object({
        report: z.string(),
        remainder: z.array(Quantity),
        explanation: z.string().nullable(),
        extended: z.literal(true).optional().meta({ description: 'the scope has grown since' }),
        signature: SignatureAct,
      })
      .nullable(),
    signatures: z.array(ShownSignature).meta({ description: 'of who launched and who closed it' }),
    rev: z.number().int(),
  })
  .meta({ id: 'RecallCase' });

const CaseLine = z
  .object({
    case: z.string(),
    status: z.string(),
    title: z.string(),
    hold: z.string(),
    signatures: z.array(ShownSignature),
    rev: z.number().int(),
  })
  .meta({ id: 'RecallCaseLine' });

interface Needs {
  readonly cases: Cases;
  readonly caseWork: CaseWork;
  readonly freezes: Freezes;
  readonly scopes: Scopes;
  readonly notices: Notices;
  readonly findings: Findings;
  readonly showing: ShowSignatures;
}

export function caseRoutes({ cases, caseWork, freezes, scopes, notices, findings, showing }: Needs) {
  async function view(id: string) {
    const known = await cases.get(id);
    if (!known) throw new Rejected('recall-case-unknown', { case: id });
    const recall = opened(known.state, id);
    const saga = (await freezes.sagas.get(id))?.state;
    const participants = saga?.step === 'freezing' ? (gate: string) => gate : drainOf;
    const waits = saga?.step === 'freezing' || saga?.step === 'draining';
    const signatures = await showing(signedBy(recall));
    const facts = {
      recall,
      rev: known.rev,
      epochs: (await freezes.epochs.find({ hold: recall.hold }).toArray()).map(record),
      step: saga?.step ?? 'freezing',
      waitingFor: saga && waits ? GATES.filter((gate) => behind(saga, participants(gate))) : [],
      scope: await scopes.counts(id),
      ...(await notices.of(id)),
      findings: await findings.collection.countDocuments({ case: id }),
    };
    return { ...caseView(facts), signatures };
  }

  return [
    route({
      method: 'post',
      path: '/cases',
      requires: 'recall.draft',
      summary: { en: 'Draft a recall; its roots are held at once', zh: '起草召回;源批次立即冻结' },
      body: z.object({
        title: Text,
        reason: Text,
        roots: z
          .array(z.union([Code, LotRef]))
          .min(1)
          .max(200),
        complaint: Code.nullable().default(null),
      }),
      reply: { 201: CaseView },
      errors: ['recall-roots-missing'],
      handle: async ({ body, context }) => {
        const { id } = await caseWork.draft(body, context);
        return created(await view(id), { location: `/cases/${id}` });
      },
    }),
    route({
      method: 'get',
      path: '/cases',
      requires: 'recall.read',
      summary: { en: 'Recall cases', zh: '查询召回' },
      query: z.object({ ...pageQuery, status: z.enum(['draft', 'launched', 'closed']).optional() }),
      reply: { 200: pageOf(CaseLine) },
      csv: table(CaseLine),
      handle: async ({ query: { limit, cursor, status } }) => {
        const { items, next } = await cases.find(status ? { 'state.status': status } : {}, { limit, after: cursor });
        const lines = items.map(async ({ id, state, rev }) => {
          const recall = opened(state, id);
          const { status: now, title, hold } = recall;
          return { case: recall.case, status: now, title, hold, signatures: await showing(signedBy(recall)), rev };
        });
        return ok(page(await Promise.all(lines), next));
      },
    }),
    route({
      method: 'get',
      path: '/cases/:case',
      requires: 'recall.read',
      summary: { en: 'A recall at a glance', zh: '查询召回概况' },
      reply: { 200: CaseView },
      errors: ['recall-case-unknown'],
      handle: async ({ params }) => ok(await view(params.case)),
    }),
    route({
      method: 'get',
      path: '/cases/:case/launch-record',
      requires: 'recall.read',
      summary: { en: 'The record to sign for a launch with this content', zh: '启动召回的待签记录' },
      query: z.object(what),
      reply: { 200: SignedRecord },
      errors: ['recall-case-unknown'],
      handle: async ({ params, query }) => {
        const known = await cases.get(params.case);
        if (!known) throw new Rejected('recall-case-unknown', { case: params.case });
        return ok(launchRecord(known.state, params.case, query));
      },
    }),
    route({
      method: 'post',
      path: '/cases/:case/launches',
      requires: 'recall.launch',
      summary: { en: 'Launch a recall, signed', zh: '签署并启动召回' },
      body: z.object({ ...what, signature: Jws }),
      reply: { 201: CaseView },
      errors: [
        'recall-case-unknown',
        'recall-case-already-launched',
        'recall-case-closed',
        'signature-invalid',
        'signature-for-another-record',
        'signature-meaning-other',
        'signature-of-another-person',
      ],
      handle: async ({ params, body: { signature: jws, ...asked }, context }) => {
        await caseWork.launch(params.case, { jws, ...asked }, context);
        return created(await view(params.case));
      },
    }),
  ];
}
