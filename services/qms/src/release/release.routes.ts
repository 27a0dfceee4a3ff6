import { Rejected } from '@lotwarden/platform/errors';
import { assertFree, type Gate } from '@lotwarden/platform/gate';
import { created, ok, route } from '@lotwarden/platform/http';
import { Instant, Text } from '@lotwarden/platform/http-schemas';
import type { Deps } from '@lotwarden/platform/service';
import { signable } from '@lotwarden/platform/signature';
import { heldBy, type Stored } from '@lotwarden/platform/store';
import type { VerifySignature } from '@lotwarden/platform/verify-signature';
import { z } from 'zod';
import type { House } from '../house.ts';
import type { LotQualities } from './lot-quality.store.ts';
import { missingForRelease } from './lot-quality.ts';
import { releaseLot, releaseRecord, revokeRelease } from './release-lot.ts';
import type { Release } from './release.ts';

const Market = z.string().regex(/^([A-Z]{2}|\*)$/, 'ISO 3166-1 alpha-2, or * for any');
const Jws = z.string().min(20).max(8000);

const ReleaseView = z
  .object({
    lot: z.string(),
    product: z.string().nullable(),
    markets: z.array(
      z.object({
        market: z.string(),
        signer: z.string(),
        signerName: z.string(),
        meaning: z.string(),
        reason: z.string(),
        signedAt: Instant,
      }),
    ),
    heldBy: z.array(z.string()),
    rev: z.number().int(),
  })
  .meta({ id: 'Release' });

const SignedRecord = z
  .object({ recordType: z.string(), recordId: z.string(), recordVersion: z.number().int(), recordHash: z.string() })
  .meta({ id: 'SignedRecord', description: 'What a signature must speak of' });

const Readiness = z
  .object({ lot: z.string(), ready: z.boolean(), missing: z.array(z.string()), record: SignedRecord.nullable() })
  .meta({ id: 'ReleaseReadiness' });

const view = ({ id, state, holds, rev }: Stored<Release>) => ({
  lot: id,
  product: state.product,
  markets: state.markets.map(({ market, signature: { jws: _, ...act } }) => ({ market, ...act })),
  heldBy: heldBy(holds),
  rev,
});

interface Needs {
  readonly deps: Pick<Deps, 'work'>;
  readonly house: Pick<House, 'releases'>;
  readonly qualities: LotQualities;
  readonly gate: Gate;
  readonly verify: VerifySignature;
  readonly assertNoHeldAncestor: (lot: string) => Promise<void>;
}

export function releaseRoutes({ deps: { work }, house, qualities, gate, verify, assertNoHeldAncestor }: Needs) {
  const { releases } = house;
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
      body: z.object({ market: Market, signature: Jws }),
      reply: { 201: ReleaseView },
      errors: [
        'lot-not-ready-for-release',
        'lot-on-hold',
        'gate-closed',
        'signature-invalid',
        'signature-for-another-record',
      ],
      handle: async ({ params: { lot }, body, context, principal }) => {
        gate.assertOpen();
        const facts = await qualities.get(lot);
        const missing = missingForRelease(facts);
        if (!facts || missing.length > 0) throw new Rejected('lot-not-ready-for-release', { lot, missing });
        const signed = releaseRecord(facts, body.market, await version(lot));
        const signature = await verify(body.signature, signed, 'release');
        if (signature.signer !== principal?.id) throw new Rejected('signature-of-another-person', { lot });
        await assertNoHeldAncestor(lot);
        const released = await work(context, async (unit) => {
          // Loaded first: a nonconformance that is opened meanwhile changes it, and this runs again.
          await unit.load(releases, [lot]);
          const current = await qualities.guarded(unit, lot);
          return unit.change(releases, lot, (release, loaded) => {
            gate.assertOpen();
            assertFree(loaded, [], 'release');
            // What was signed must be what is released: another version or another inspection needs another signature.
            const now = current ? releaseRecord(current, body.market, loaded.version) : undefined;
            if (now?.recordHash !== signed.recordHash || now.recordVersion !== signed.recordVersion)
              throw new Rejected('version-stale', { lot });
            return releaseLot(release, { quality: current, market: body.market, signature });
          });
        });
        return created(view(released));
      },
    }),
    route({
      method: 'post',
      path: '/lots/:lot/revocations',
      requires: 'lot.revoke-release',
      summary: { en: 'Revoke the release of a lot for a market, signed', zh: '签名撤销放行' },
      body: z.object({ market: Market, reason: Text, signature: Jws }),
      reply: { 201: ReleaseView },
      errors: ['lot-not-released', 'signature-invalid', 'signature-for-another-record'],
      handle: async ({ params: { lot }, body: { market, reason, signature: jws }, context }) => {
        const record = signable('lot-release-revocation', lot, await version(lot), { lot, market });
        const signature = await verify(jws, record, 'revoke-release');
        const decide = (release: Release) => revokeRelease(release, { market, reason, signature });
        return created(view(await releases.change(lot, context, decide)));
      },
    }),
    route({
      method: 'get',
      path: '/lots/:lot/release',
      requires: 'release.read',
      summary: { en: 'For which markets a lot is released, and by whom', zh: '查询批次放行情况' },
      reply: { 200: ReleaseView },
      errors: ['lot-not-released'],
      handle: async ({ params: { lot } }) => {
        const release = await releases.get(lot);
        if (!release) throw new Rejected('lot-not-released', { lot }, 404);
        return ok(view(release));
      },
    }),
  ];
}
