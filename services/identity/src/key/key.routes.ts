import { created, ok, route } from '@lotwarden/platform/http';
import { Text } from '@lotwarden/platform/http-schemas';
import { z } from 'zod';
import type { SecurityLog } from '../security/security-log.store.ts';
import type { KeyRing, Keys } from './key-ring.store.ts';
import { published } from './local-keys.client.ts';

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

const TokenKeyList = z
  .object({
    keys: z.array(
      z.object({
        kid: z.string(),
        validFrom: z.string(),
        retiredAt: z.string().nullable(),
        revokedAt: z.string().nullable(),
        revokedReason: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'TokenKeys', description: 'newest first; what is public of those in use is at <issuer>/jwks' });

interface Needs {
  readonly ring: () => KeyRing;
  /** Other keys sign tokens from now on. */
  readonly tokenKeysChanged: () => Promise<void>;
  readonly security: Pick<SecurityLog, 'report'>;
}

export const keyRoutes = ({ ring, tokenKeysChanged, security }: Needs) => [
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
      await security.report({ kind: 'key-rotated', subject: keys[0].kid, actor: context.actor, reason: body.reason });
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
      await security.report({ kind: 'key-revoked', subject: key, actor: context.actor, reason, urgent: true });
      return created(published(keys));
    },
  }),
  route({
    method: 'get',
    path: '/token-keys',
    requires: 'security.read',
    summary: { en: 'Keys that sign tokens, and those that did', zh: '令牌签名密钥列表' },
    reply: { 200: TokenKeyList },
    handle: async () => ok(listed(await ring().keys('token'))),
  }),
  route({
    method: 'post',
    path: '/token-keys/rotations',
    requires: 'key.manage',
    summary: { en: 'Sign tokens with a new key from now on; those under way stay good', zh: '轮换令牌签名密钥' },
    body: z.object({ reason: Text }),
    reply: { 201: TokenKeyList },
    handle: async ({ body: { reason }, context }) => {
      const keys = await ring().rotate('token');
      await tokenKeysChanged();
      await security.report({ kind: 'key-rotated', subject: keys[0].kid, actor: context.actor, reason });
      return created(listed(keys));
    },
  }),
  route({
    method: 'post',
    path: '/token-keys/:key/revocations',
    requires: 'key.manage',
    summary: { en: 'Somebody else may have this key: no token of it is good any more', zh: '吊销令牌签名密钥' },
    body: z.object({ reason: Text }),
    reply: { 201: TokenKeyList },
    errors: ['signing-key-unknown'],
    handle: async ({ params: { key }, body: { reason }, context, log }) => {
      const keys = await ring().revoke('token', key, reason);
      await tokenKeysChanged();
      log.error({ actor: context.actor, reason, key }, 'a key that signs tokens was revoked');
      await security.report({ kind: 'key-revoked', subject: key, actor: context.actor, reason, urgent: true });
      return created(listed(keys));
    },
  }),
];

const listed = (keys: Keys) => ({
  keys: keys.map(({ kid, validFrom, retiredAt, revokedAt, revokedReason }) => ({ kid, validFrom, retiredAt, revokedAt, revokedReason })), // prettier-ignore
});
