import { Rejected } from '@lotwarden/platform/errors';
import { mergedLots } from '@lotwarden/platform/gate';
import { created, ok, route } from '@lotwarden/platform/http';
import { Code, Text } from '@lotwarden/platform/http-schemas';
import { isPlaceholder } from '@lotwarden/platform/ids';
import { sequences } from '@lotwarden/platform/sequence';
import type { Deps } from '@lotwarden/platform/service';
import type { ShowSignatures } from '@lotwarden/platform/show-signatures';
import { ShownSignature } from '@lotwarden/platform/shown-signature';
import type { SignedRecord as RecordToSign } from '@lotwarden/platform/signature';
import type { SignOff } from '@lotwarden/platform/sign-off';
import type { Stored } from '@lotwarden/platform/store';
import { z } from 'zod';
import type { House } from '../house.ts';
import { lotSites } from '../release/lot-site.store.ts';
import { Jws, shown, SignatureAct, SignedRecord } from '../schemas.routes.ts';
import {
  closeNonconformance,
  disposedRecord,
  dispositionRecord,
  DISPOSITIONS,
  NO_NONCONFORMANCE,
  openNonconformance,
  type Disposition,
  type Nonconformance,
} from './nonconformance.ts';

const NonconformanceView = z
  .object({
    nonconformance: z.string(),
    lot: z.string(),
    status: z.enum(['open', 'closed']),
    code: z.string(),
    description: z.string(),
    severity: z.string(),
    disposition: z.string().nullable(),
    signature: SignatureAct.nullable().meta({ description: 'of the person who disposed of it' }),
    signatures: z.array(ShownSignature),
    rev: z.number().int(),
  })
  .meta({ id: 'Nonconformance' });

const viewed = (showing: ShowSignatures) =>
  async function view({ id, state, rev }: Stored<Nonconformance>) {
    if (state.status === 'unknown') throw new Rejected('nonconformance-unknown', { nonconformance: id });
    const { signature, ...known } = state;
    const signatures = await showing(signature ? [{ signature, now: disposedRecord(state) }] : []);
    return { ...known, signature: signature && shown(signature), signatures, rev };
  };

interface Needs {
  readonly deps: Pick<Deps, 'work' | 'db' | 'clock'>;
  readonly house: House;
  readonly signing: SignOff;
  readonly showing: ShowSignatures;
}

const Disposal = z.object({ disposition: z.enum(DISPOSITIONS) });

export function nonconformanceRoutes({ deps: { work, db, clock }, house, signing, showing }: Needs) {
  const view = viewed(showing);
  const { nonconformances, quality, releases } = house;
  const assertOwnLot = lotSites(house);
  const next = sequences(db);

  /** A database restored from a backup counts from where it was; numbers given since then are passed over. */
  async function number(): Promise<string> {
    const year = clock.instant().slice(0, 4);
    for (;;) {
      const id = `NCR-${year}-${String(await next(`nonconformance|${year}`)).padStart(5, '0')}`;
      if (!(await nonconformances.get(id))) return id;
    }
  }

  async function toSign(id: string, disposition: Disposition): Promise<RecordToSign> {
    const { state, version } = (await nonconformances.get(id)) ?? { state: NO_NONCONFORMANCE, version: 0 };
    return dispositionRecord(state, disposition, version);
  }

  return [
    route({
      method: 'post',
      path: '/nonconformances',
      requires: 'nonconformance.open',
      summary: { en: 'Open a nonconformance on a lot', zh: '对批次开立不合格' },
      body: z.object({
        lot: Code,
        code: Code,
        description: Text,
        severity: z.enum(['minor', 'major', 'critical']),
      }),
      reply: { 201: NonconformanceView },
      errors: ['lot-unknown'],
      handle: async ({ body, context }) => {
        const nonconformance = await number();
        const opened = await work(context, async (unit) => {
          // What was said of a placeholder is said of the lot that it turned out to be.
          const lot = (await mergedLots(unit, releases, [body.lot])).get(body.lot) ?? body.lot;
          const [described] = await unit.load(quality, [lot]);
          await assertOwnLot(context, lot);
          if (described?.version === 0 && !isPlaceholder(lot)) throw new Rejected('lot-unknown', { lot });
          await unit.touch(releases, lot);
          return unit.change(nonconformances, nonconformance, (known) =>
            openNonconformance(known, { ...body, lot, nonconformance }),
          );
        });
        return created(await view(opened), { location: `/nonconformances/${nonconformance}` });
      },
    }),
    route({
      method: 'post',
      path: '/nonconformances/:nonconformance/closure-records',
      requires: 'nonconformance.close',
      summary: { en: 'The record to sign, for disposing of a nonconformance', zh: '不合格处置的待签记录' },
      body: Disposal,
      reply: { 200: SignedRecord },
      errors: ['nonconformance-unknown', 'nonconformance-already-closed'],
      handle: async ({ params: { nonconformance }, body: { disposition } }) =>
        ok(await toSign(nonconformance, disposition)),
    }),
    route({
      method: 'post',
      path: '/nonconformances/:nonconformance/closures',
      requires: 'nonconformance.close',
      summary: { en: 'Close a nonconformance with a disposition, signed', zh: '签名处置并关闭不合格' },
      body: Disposal.extend({ signature: Jws }),
      reply: { 201: NonconformanceView },
      errors: [
        'nonconformance-unknown',
        'nonconformance-already-closed',
        'disposition-needs-approval',
        'signature-invalid',
        'signature-for-another-record',
        'signature-of-another-person',
      ],
      handle: async ({ params: { nonconformance }, body: { disposition, signature: jws }, context }) => {
        const record = await toSign(nonconformance, disposition);
        const known = (await nonconformances.get(nonconformance))?.state;
        if (known && known.status !== 'unknown') await assertOwnLot(context, known.lot);
        const signature = await signing.own(context.actor, { jws, record, meaning: 'dispose-nonconformance' });
        const closed = await nonconformances.change(nonconformance, context, (known) =>
          closeNonconformance(known, { disposition, signature }),
        );
        return created(await view(closed));
      },
    }),
    route({
      method: 'get',
      path: '/nonconformances/:nonconformance',
      requires: 'nonconformance.read',
      summary: { en: 'A nonconformance', zh: '查询不合格' },
      reply: { 200: NonconformanceView },
      errors: ['nonconformance-unknown'],
      handle: async ({ params }) => {
        const known = await nonconformances.get(params.nonconformance);
        if (!known) throw new Rejected('nonconformance-unknown', { nonconformance: params.nonconformance });
        return ok(await view(known));
      },
    }),
  ];
}
