import { Rejected } from '@lotwarden/platform/errors';
import { created, ok, page, pageOf, pageQuery, route, table } from '@lotwarden/platform/http';
import { CharacteristicResult, CharacteristicView, Code } from '@lotwarden/platform/http-schemas';
import type { ShowSignatures } from '@lotwarden/platform/show-signatures';
import { ShownSignature } from '@lotwarden/platform/shown-signature';
import type { SignedRecord as RecordToSign } from '@lotwarden/platform/signature';
import type { SignOff } from '@lotwarden/platform/sign-off';
import type { Stored } from '@lotwarden/platform/store';
import { z } from 'zod';
import type { House } from '../house.ts';
import { lotSites } from '../release/lot-site.store.ts';
import { Jws, shown, SignatureAct, SignedRecord } from '../schemas.routes.ts';
import { decideByPerson, decisionRecord } from './inspect.ts';
import type { Inspection } from './inspection.ts';

const InspectionView = z
  .object({
    inspection: z.string(),
    lot: z.string(),
    stage: z.enum(['incoming', 'final']),
    status: z.enum(['awaited', 'open', 'decided']),
    verdict: z.enum(['accept', 'reject']).nullable(),
    characteristics: z.array(CharacteristicView),
    decision: SignatureAct.nullable().meta({ description: 'of the person who decided; null where the results did' }),
    signatures: z.array(ShownSignature),
    results: z.array(z.object({ sample: z.string(), result: CharacteristicResult })),
    rev: z.number().int(),
  })
  .meta({ id: 'Inspection' });

const Decision = z.object({ verdict: z.enum(['accept', 'reject']) });

interface Needs {
  readonly house: Pick<House, 'inspections' | 'quality'>;
  readonly signing: SignOff;
  readonly showing: ShowSignatures;
}

export const inspectionRoutes = ({ house, signing, showing }: Needs) => {
  const { inspections } = house;
  const assertOwnLot = lotSites(house);

  /** With a decision that was signed; a result that came after it makes it one of an earlier version. */
  async function view({ state, rev }: Stored<Inspection>) {
    const { decision, verdict } = state;
    const now = verdict ? decisionRecord(state, { verdict }, 0) : undefined;
    const signatures = await showing(decision ? [{ signature: decision, now }] : []);
    return { ...state, decision: decision && shown(decision), signatures, rev };
  }

  async function toSign(inspection: string, decision: z.output<typeof Decision>): Promise<RecordToSign> {
    const known = await inspections.get(inspection);
    if (!known || known.state.status === 'awaited') throw new Rejected('inspection-unknown', { inspection });
    if (known.state.status === 'decided')
      throw new Rejected('inspection-already-decided', { inspection, verdict: known.state.verdict ?? '' });
    return decisionRecord(known.state, decision, known.version);
  }

  return [
    route({
      method: 'get',
      path: '/inspections',
      requires: 'inspection.read',
      summary: { en: 'Inspections, by lot', zh: '按批次查询检验' },
      query: z.object({ ...pageQuery, lot: Code.optional() }),
      reply: { 200: pageOf(InspectionView) },
      csv: table(InspectionView),
      handle: async ({ query: { lot, limit, cursor } }) => {
        const { items, next } = await inspections.find(lot ? { 'state.lot': lot } : {}, { limit, after: cursor });
        return ok(page(await Promise.all(items.map(view)), next));
      },
    }),
    route({
      method: 'get',
      path: '/inspections/:inspection',
      requires: 'inspection.read',
      summary: { en: 'An inspection with its results', zh: '查询检验及其结果' },
      reply: { 200: InspectionView },
      errors: ['inspection-unknown'],
      handle: async ({ params }) => {
        const known = await inspections.get(params.inspection);
        if (!known) throw new Rejected('inspection-unknown', { inspection: params.inspection });
        return ok(await view(known));
      },
    }),
    route({
      method: 'post',
      path: '/inspections/:inspection/decision-records',
      requires: 'inspection.decide',
      summary: { en: 'The record to sign, for deciding an inspection by hand', zh: '人工判定的待签记录' },
      body: Decision,
      reply: { 200: SignedRecord },
      errors: ['inspection-unknown'],
      handle: async ({ params: { inspection }, body }) => ok(await toSign(inspection, body)),
    }),
    route({
      method: 'post',
      path: '/inspections/:inspection/decisions',
      requires: 'inspection.decide',
      summary: { en: 'Decide an inspection by hand, signed', zh: '签名人工判定检验' },
      body: Decision.extend({ signature: Jws }),
      reply: { 201: InspectionView },
      errors: [
        'inspection-unknown',
        'inspection-already-decided',
        'inspection-not-passed',
        'signature-invalid',
        'signature-for-another-record',
        'signature-of-another-person',
      ],
      handle: async ({ params: { inspection }, body: { verdict, signature: jws }, context }) => {
        const record = await toSign(inspection, { verdict });
        await assertOwnLot(context, (await inspections.get(inspection))?.state.lot ?? '');
        const signature = await signing.own(context.actor, { jws, record, meaning: 'decide-inspection' });
        const decided = await inspections.change(inspection, context, (known, { version }) => {
          // Results that came since then were not looked at by whoever signed.
          if (version !== record.recordVersion) throw new Rejected('version-stale', { inspection });
          return decideByPerson(known, { verdict, signature });
        });
        return created(await view(decided));
      },
    }),
  ];
};
