import { Rejected } from '@lotwarden/platform/errors';
import { assertFree, type Gate } from '@lotwarden/platform/gate';
import { created, ok, route } from '@lotwarden/platform/http';
import { Market, Text } from '@lotwarden/platform/http-schemas';
import type { Deps } from '@lotwarden/platform/service';
import type { ShowSignatures } from '@lotwarden/platform/show-signatures';
import type { SignOff } from '@lotwarden/platform/sign-off';
import { z } from 'zod';
import type { House } from '../house.ts';
import { Jws, SignedRecord } from '../schemas.routes.ts';
import type { LotQualities } from './lot-quality.store.ts';
import { missingForRelease } from './lot-quality.ts';
import { releaseLot, releaseRecord, revocationRecord, revokeRelease } from './release-lot.ts';
import type { Release } from './release.ts';
import { ReleaseView, showRelease } from './show-release.client.ts';
import { lotSites } from './lot-site.store.ts';
import { releaseCertificate } from './release-certificate.ts';

const Readiness = z
  .object({ lot: z.string(), ready: z.boolean(), missing: z.array(z.string()), record: SignedRecord.nullable() })
  .meta({ id: 'ReleaseReadiness' });

interface Needs {
  readonly deps: Pick<Deps, 'work'>;
  readonly house: Pick<House, 'releases' | 'quality'>;
  readonly qualities: LotQualities;
  readonly gate: Gate;
  readonly signing: SignOff;
  readonly showing: ShowSignatures;
  readonly assertNoHeldAncestor: (lot: string) => Promise<void>;
}

export function releaseRoutes({
  deps: { work },
  house,
  qualities,
  gate,
  signing,
  showing,
  assertNoHeldAncestor,
}: Needs) {
  const { releases } = house;
  const assertOwnLot = lotSites(house);
  const view = showRelease({ qualities, showing });
  const version = async (lot: string): Promise<number> => (await releases.get(lot))?.version ?? 0;

  return [
    route({
      method: 'get',
      path: '/lots/:lot/release-readiness',
      requires: 'inspection.read',
      summary: { en: 'What a lot still lacks before release, and the record to sign', zh: '放行准备情况及待签记录' },
      query: z.object({ market: Market.default('CN') }),
      reply: { 200: Readiness },
      handle: async ({ params: { lot }, query: { market } }) => {
        const facts = await qualities.get(lot);
        const missing = missingForRelease(facts);
        const record = facts ? releaseRecord(facts, market, await version(lot)) : null;
        return ok({ lot, ready: missing.length === 0, missing, record });
      },
    }),
    route({
      method: 'post',
      path: '/lots/:lot/releases',
      requires: 'lot.release',
      summary: { en: 'Release a lot for a market, signed', zh: '签名放行批次(按市场)' },
      body: z.object({
        market: Market,
        review: Jws.meta({ description: 'of another person, who reviewed the same record (meaning review)' }),
        signature: Jws,
      }),
      reply: { 201: ReleaseView },
      errors: [
        'lot-not-ready-for-release',
        'lot-on-hold',
        'gate-closed',
        'signature-invalid',
        'signature-for-another-record',
        'signature-by-author',
        'signature-same-person',
      ],
      handle: async ({ params: { lot }, body, context }) => {
        gate.assertOpen();
        await assertOwnLot(context, lot);
        const facts = await qualities.get(lot);
        const missing = missingForRelease(facts);
        if (!facts || missing.length > 0) throw new Rejected('lot-not-ready-for-release', { lot, missing });
        const signed = releaseRecord(facts, body.market, await version(lot));
        const { decidedBy } = facts.finalInspection ?? {};
        const authors = decidedBy == null ? [] : [{ person: decidedBy, as: 'author' as const }];
        const at = { site: facts.site, market: body.market };
        const reviewed = await signing.by({ jws: body.review, record: signed, meaning: 'review', at });
        const involved = [reviewed.involved, ...authors];
        const release = { jws: body.signature, record: signed, meaning: 'release', involved };
        const signature = await signing.own(context.actor, release);
        await assertNoHeldAncestor(lot);
        const released = await work(context, async (unit) => {
          // Loaded first: a nonconformance that is opened meanwhile changes it, and this runs again.
          await unit.load(releases, [lot]);
          const current = await qualities.guarded(unit, lot);
          return unit.change(releases, lot, (known, loaded) => {
            gate.assertOpen();
            assertFree(loaded, [], 'release');
            // What was signed must be what is released: another version or another inspection needs another signature.
            const now = current ? releaseRecord(current, body.market, loaded.version) : undefined;
            if (now?.recordHash !== signed.recordHash || now.recordVersion !== signed.recordVersion)
              throw new Rejected('version-stale', { lot });
            return releaseLot(known, {
              quality: current,
              market: body.market,
              signature,
              review: reviewed.signature,
            });
          });
        });
        return created(await view(released));
      },
    }),
    route({
      method: 'post',
      path: '/lots/:lot/revocations',
      requires: 'lot.revoke-release',
      summary: { en: 'Revoke the release of a lot for a market, signed', zh: '签名撤销放行' },
      body: z.object({ market: Market, reason: Text, signature: Jws }),
      reply: { 201: ReleaseView },
      errors: ['lot-not-released', 'signature-invalid', 'signature-for-another-record', 'signature-of-another-person'],
      handle: async ({ params: { lot }, body: { market, reason, signature: jws }, context }) => {
        await assertOwnLot(context, lot);
        const record = revocationRecord(lot, market, await version(lot));
        const signature = await signing.own(context.actor, { jws, record, meaning: 'revoke-release' });
        const decide = (release: Release) => revokeRelease(release, { market, reason, signature });
        return created(await view(await releases.change(lot, context, decide)));
      },
    }),
    route({
      method: 'get',
      path: '/lots/:lot/release',
      requires: 'release.read',
      summary: { en: 'For which markets a lot is released, and by whom', zh: '查询批次放行情况' },
      reply: { 200: ReleaseView },
      print: releaseCertificate,
      errors: ['lot-not-released'],
      handle: async ({ params: { lot } }) => {
        const release = await releases.get(lot);
        if (!release) throw new Rejected('lot-not-released', { lot }, 404);
        return ok(await view(release));
      },
    }),
  ];
}
