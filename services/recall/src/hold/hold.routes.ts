import { created, ok, route } from '@lotwarden/platform/http';
import { Code, Text } from '@lotwarden/platform/http-schemas';
import type { ShowSignatures } from '@lotwarden/platform/show-signatures';
import { ShownSignature } from '@lotwarden/platform/shown-signature';
import { z } from 'zod';
import { releasedBy } from '../case/signed-by.ts';
import { Jws, SignedRecord } from '../schemas.routes.ts';
import type { ReleaseWork } from './release-work.store.ts';

const what = {
  lots: z.array(Code).min(1).max(500),
  reviewedOperations: z.array(Code).max(5_000).meta({ description: 'Operations that those who sign have looked at' }),
  reason: Text,
};

const ReleaseView = z
  .object({
    hold: z.string(),
    case: z.string(),
    epoch: z.number().int(),
    lots: z.array(z.string()),
    reviewedOperations: z.array(z.string()),
    reason: z.string(),
    signatures: z.array(ShownSignature),
  })
  .meta({ id: 'HoldRelease' });

export const holdRoutes = ({ releases, showing }: { releases: ReleaseWork; showing: ShowSignatures }) => [
  route({
    method: 'post',
    path: '/holds/:hold/reviews',
    requires: 'hold.read',
    summary: { en: 'Operations to review before these lots are released', zh: '解除冻结前须评审的工序' },
    body: z.object({ lots: what.lots }),
    reply: { 200: z.object({ operations: z.array(z.string()) }) },
    errors: ['hold-unknown'],
    handle: async ({ params, body }) => ok({ operations: [...(await releases.toReview(params.hold, body.lots))] }),
  }),
  route({
    method: 'post',
    path: '/holds/:hold/release-records',
    requires: 'hold.read',
    summary: { en: 'The record that two people sign to release these lots', zh: '解除冻结的待签记录' },
    body: z.object(what),
    reply: { 200: SignedRecord },
    errors: ['hold-unknown'],
    handle: async ({ params, body }) => ok(await releases.record(params.hold, body)),
  }),
  route({
    method: 'post',
    path: '/holds/:hold/releases',
    requires: 'hold.release',
    summary: { en: 'Release lots from one hold, signed by two people', zh: '双人签署解除冻结' },
    body: z.object({ ...what, signatures: z.array(Jws).min(1).max(5) }),
    reply: { 201: ReleaseView },
    errors: [
      'hold-unknown',
      'lot-not-held',
      'two-signers-needed',
      'signature-same-person',
      'operation-not-reviewed',
      'hold-still-growing',
      'signature-invalid',
      'signature-for-another-record',
      'signature-of-another-person',
    ],
    handle: async ({ params, body, context }) => {
      const released = await releases.release(params.hold, body, context);
      const { hold, case: recall, epoch, lots, reviewedOperations, reason } = released;
      // In the moment of the release none of these lots is held by it.
      const signatures = await showing(releasedBy(released, () => false));
      return created({ hold, case: recall, epoch, lots, reviewedOperations, reason, signatures });
    },
  }),
];
