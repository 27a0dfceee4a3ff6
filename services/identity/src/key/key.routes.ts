import { created, ok, route } from '@lotwarden/platform/http';
import { Text } from '@lotwarden/platform/http-schemas';
import { z } from 'zod';
import type { KeyRing, Keys } from './key-ring.store.ts';

const PublicKeys = z
  .object({
    keys: z.array(
      z
        .object({
          kid: z.string(),
          validFrom: z.string(),
          retiredAt: z.string().optional().meta({ description: 'since then a newer key signs' }),
          revokedAt: z.string().optional().meta({ description: 'since then it proves nothing by itself' }),
          revokedReason: z.string().optional(),
        })
        .catchall(z.string()),
    ),
  })
  .meta({ id: 'SigningKeys', description: 'RFC 7517, newest first: every key that ever signed, with its life' });

interface Needs {
  readonly ring: () => KeyRing;
}

export const keyRoutes = ({ ring }: Needs) => [
  route({
    method: 'get',
    path: '/signing-keys',
    requires: 'public',
    summary: { en: 'Public keys that verify signatures, for ever', zh: '用于验证签名的公钥(永久公布)' },
    reply: { 200: PublicKeys },
    handle: async () => ok(published(await ring().keys('record'))),
  }),
  route({
    method: 'post',
    path: '/signing-keys/rotations',
    requires: 'key.manage',
    summary: { en: 'Sign with a new key from now on', zh: '轮换签名密钥' },
    body: z.object({ reason: Text }),
    reply: { 201: PublicKeys },
    handle: async ({ body, context, log }) => {
      const keys = await ring().rotate('record');
      log.warn({ actor: context.actor, reason: body.reason, key: keys[0].kid }, 'a new key signs records');
      return created(published(keys));
    },
  }),
  route({
    method: 'post',
    path: '/signing-keys/:key/revocations',
    requires: 'key.manage',
    summary: { en: 'Somebody else may have this key: what it alone vouches for is void', zh: '吊销签名密钥' },
    body: z.object({ reason: Text }),
    reply: { 201: PublicKeys },
    errors: ['signing-key-unknown'],
    handle: async ({ params: { key }, body: { reason }, context, log }) => {
      const keys = await ring().revoke('record', key, reason);
      log.error({ actor: context.actor, reason, key }, 'a key that signs records was revoked');
      return created(published(keys));
    },
  }),
];

const published = (keys: Keys) => ({
  keys: keys.map(({ publicJwk, kid, validFrom, retiredAt, revokedAt, revokedReason }) => ({
    ...(publicJwk as Record<string, string>),
    kid,
    validFrom,
    ...(retiredAt !== null && { retiredAt }),
    ...(revokedAt !== null && { revokedAt }),
    ...(revokedReason !== null && { revokedReason }),
  })),
});
