import { Rejected } from '@lotwarden/platform/errors';
import { created, ok, route } from '@lotwarden/platform/http';
import { Code, Instant, Text } from '@lotwarden/platform/http-schemas';
import type { Deps } from '@lotwarden/platform/service';
import { z } from 'zod';
import type { Credentials } from '../account/account.store.ts';
import type { KeyRing } from '../key/key-ring.store.ts';
import { mayMean, MEANINGS } from './meanings.ts';
import { jwsOf, type Signatures } from './signature.store.ts';

const Meaning = z.enum(Object.keys(MEANINGS) as [string, ...string[]]);

const SignatureView = z
  .object({
    signatureId: z.string(),
    signature: z.string().meta({ description: 'compact JWS, verifiable with /signing-keys' }),
    signer: z.string(),
    signerName: z.string(),
    meaning: z.string(),
    reason: z.string(),
    signedAt: Instant,
  })
  .meta({ id: 'Signature' });

const PublicKeys = z
  .object({ keys: z.array(z.record(z.string(), z.string())) })
  .meta({ id: 'SigningKeys', description: 'RFC 7517' });

interface Needs extends Pick<Deps, 'clock' | 'random'> {
  readonly signatures: Signatures;
  readonly credentials: Credentials;
  readonly ring: () => KeyRing;
}

export const signatureRoutes = ({ signatures, credentials, ring, clock, random }: Needs) => [
  route({
    method: 'post',
    path: '/signatures',
    requires: 'record.sign',
    summary: { en: 'Sign a record: account and password again', zh: '签署记录(须再次输入账户和密码)' },
    body: z.object({
      account: z.string().max(100).default('').meta({ description: "the token's own account" }),
      password: z.string().max(200).default(''),
      recordType: Code,
      recordId: z.string().min(1).max(200),
      recordVersion: z.number().int().min(0).max(2_147_483_647),
      recordHash: z.string().regex(/^[0-9a-f]{64}$/, 'SHA-256 in hex, as the service that owns the record gives it'),
      meaning: Meaning,
      reason: Text,
    }),
    reply: { 201: SignatureView },
    errors: [
      'credentials-required',
      'credentials-wrong',
      'account-locked',
      'person-required',
      'signer-other',
      'password-temporary',
      'signature-meaning-not-yours',
    ],
    handle: async ({ body, context, principal }) => {
      if (principal?.kind !== 'person') throw new Rejected('person-required');
      const { account, password, ...asked } = body;
      // 21 CFR 11.200(a)(1): two components at each signing, whatever session there is.
      if (account === '' || password === '') throw new Rejected('credentials-required');
      if (account !== principal.id) throw new Rejected('signer-other', { caller: principal.id, account });
      const { name, roles, temporary } = await credentials.prove(account, password, context.trace);
      // Somebody else has set it, so it proves nobody (21 CFR 11.200(a)(2)).
      if (temporary) throw new Rejected('password-temporary');
      const { meaning, reason, ...record } = asked;
      if (!mayMean(meaning, roles))
        throw new Rejected('signature-meaning-not-yours', { meaning, roles: (MEANINGS[meaning] ?? []).join(', ') });
      const act = { signer: account, signerName: name, meaning, reason, signedAt: clock.instant() };
      const jws = jwsOf({ ...record, ...act, roles }, ring().record[0]);
      const signatureId = random.uuid();
      await signatures.change(signatureId, { ...context, reason }, () => [
        { type: 'RecordSigned', signatureId, ...record, signature: { jws, ...act } },
      ]);
      return created({ signatureId, signature: jws, ...act });
    },
  }),
  route({
    method: 'get',
    path: '/signing-keys',
    requires: 'public',
    summary: { en: 'Public keys that verify signatures', zh: '用于验证签名的公钥' },
    reply: { 200: PublicKeys },
    handle: async () => ok({ keys: ring().record.map(({ publicJwk }) => publicJwk as Record<string, string>) }),
  }),
];
