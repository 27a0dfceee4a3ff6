import { Rejected } from '@lotwarden/platform/errors';
import { created, ok, page, pageOf, pageQuery, route, table } from '@lotwarden/platform/http';
import { Code, Instant, Text } from '@lotwarden/platform/http-schemas';
import { words } from '@lotwarden/platform/http-words';
import { z } from 'zod';
import type { KeyRing, SigningKey } from '../key/key-ring.store.ts';
import { judge } from './judge.ts';
import { MEANINGS } from './meanings.ts';
import type { Sign } from './sign.store.ts';
import type { SignatureState } from './signature.ts';
import type { Signatures } from './signature.store.ts';

const Meaning = z.enum(Object.keys(MEANINGS) as [string, ...string[]]);

const SignedView = z
  .object({
    signatureId: z.string(),
    signature: z.string().meta({ description: 'compact JWS, verifiable with /signing-keys' }),
    signer: z.string(),
    signerName: z.string(),
    meaning: z.string(),
    reason: z.string(),
    signedAt: Instant,
  })
  .meta({ id: 'Signed' });

const SignatureView = z
  .object({
    signatureId: z.string(),
    recordType: z.string(),
    recordId: z.string(),
    recordVersion: z.number().int(),
    recordHash: z.string(),
    signer: z.string(),
    signerName: z.string(),
    meaning: z.string(),
    reason: z.string(),
    signedAt: z.string(),
    signature: z.string(),
    renewals: z.array(z.string()).meta({ description: 'compact JWS by newer keys, each of the one before' }),
    holds: z.boolean().meta({ description: 'what the keys say of it today' }),
    brokenBy: z.enum(['key-revoked', 'key-of-another-time']).nullable(),
  })
  .meta({ id: 'Signature', description: 'An act of signing and everything that proves it' });

interface Needs {
  readonly signatures: Signatures;
  readonly sign: Sign;
  readonly ring: () => KeyRing;
}

export const signatureRoutes = ({ signatures, sign, ring }: Needs) => [
  route({
    method: 'post',
    path: '/signatures',
    requires: 'record.sign',
    summary: { en: 'Sign a record: account and password again', zh: '签署记录(须再次输入账户和密码)' },
    body: z.object({
      account: z.string().max(100).default('').meta({ description: "the token's own account" }),
      password: z.string().max(200).default(''),
      code: z.string().max(20).optional().meta({ description: 'of the authenticator, where the signer has one' }),
      recordType: Code,
      recordId: z.string().min(1).max(200),
      recordVersion: z.number().int().min(0).max(2_147_483_647),
      recordHash: z
        .string()
        .regex(
          /^[0-9a-f]{64}$/,
          words(
            'SHA-256 in hex, as the service that owns the record gives it',
            '十六进制 SHA-256,由拥有该记录的服务给出',
          ),
        ),
      meaning: Meaning,
      reason: Text,
    }),
    reply: { 201: SignedView },
    errors: [
      'credentials-required',
      'credentials-wrong',
      'account-locked',
      'person-required',
      'signer-other',
      'second-factor-required',
      'second-factor-wrong',
      'second-factor-missing',
      'password-temporary',
      'password-expired',
      'signature-meaning-not-yours',
    ],
    handle: async ({ body, context, principal }) => {
      if (principal?.kind !== 'person') throw new Rejected('person-required');
      const { account, password, code, ...asked } = body;
      // 21 CFR 11.200(a)(1): two components at each signing, whatever session there is.
      if (account === '' || password === '') throw new Rejected('credentials-required');
      if (account !== principal.id) throw new Rejected('signer-other', { caller: principal.id, account });
      const { meaning, reason, ...record } = asked;
      const act = { record, meaning, reason };
      const { jws, signatureId, ...signed } = await sign({ account, password, code }, act, context);
      return created({ signatureId, signature: jws, ...signed }, { location: `/signatures/${signatureId}` });
    },
  }),
  route({
    method: 'get',
    path: '/signatures/:signature',
    requires: 'signature.read',
    summary: { en: 'An act of signing, what vouches for it, and whether it holds', zh: '查询签名及其有效性' },
    reply: { 200: SignatureView },
    errors: ['signature-unknown'],
    handle: async ({ params: { signature } }) => {
      const found = await signatures.get(signature);
      const shown = found && view(found.state, await ring().keys('record'));
      if (!shown) throw new Rejected('signature-unknown', { signature });
      return ok(shown);
    },
  }),
  route({
    method: 'get',
    path: '/signatures',
    requires: 'signature.read',
    summary: { en: 'Acts of signing, of a record or of a person', zh: '按记录或人员列出签名' },
    query: z.object({
      ...pageQuery,
      recordId: z.string().max(200).optional(),
      signer: z.string().max(100).optional(),
    }),
    reply: { 200: pageOf(SignatureView) },
    csv: table(SignatureView),
    handle: async ({ query: { limit, cursor, recordId, signer } }) => {
      const filter = {
        ...(recordId !== undefined && { 'state.recordId': recordId }),
        ...(signer !== undefined && { 'state.signature.signer': signer }),
      };
      const found = await signatures.find(filter, { limit, after: cursor });
      const keys = await ring().keys('record');
      return ok(page(found.items.flatMap(({ state }) => view(state, keys) ?? []), found.next)); // prettier-ignore
    },
  }),
];

function view(state: SignatureState, keys: readonly SigningKey[]) {
  if (state.status === 'unsigned') return undefined;
  const { status: _, signature, renewals, ...record } = state;
  const { jws, ...act } = signature;
  const broken = judge(state, keys);
  return {
    ...record,
    ...act,
    signature: jws,
    renewals: renewals.map((renewal) => renewal.jws),
    holds: broken === undefined,
    brokenBy: broken ?? null,
  };
}
