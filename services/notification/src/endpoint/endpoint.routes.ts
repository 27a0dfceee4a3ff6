import { Rejected } from '@lotwarden/platform/errors';
import { created, ok, page, pageOf, pageQuery, route } from '@lotwarden/platform/http';
import { Code } from '@lotwarden/platform/http-schemas';
import { words } from '@lotwarden/platform/http-words';
import type { SecretBox } from '@lotwarden/platform/secret-box';
import type { Deps } from '@lotwarden/platform/service';
import type { Stored } from '@lotwarden/platform/store';
import { z } from 'zod';
import type { House } from '../house.ts';
import { registerEndpoint, rotateSecret, type Endpoint } from './endpoint.ts';
import { addressGuard, mayBeCalled } from '@lotwarden/platform/safe-address';

const Secret = z
  .string()
  .regex(
    /^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/,
    words('whsec_ and 24 to 64 bytes in base64', 'whsec_ 加 24 至 64 字节的 base64'),
  )
  .meta({ description: 'Standard Webhooks secret; made here if left out, and shown only once' });

const EndpointView = z
  .object({
    endpoint: z.string(),
    party: z.string(),
    url: z.string(),
    status: z.enum(['active', 'gone']),
    rev: z.number().int(),
  })
  .meta({ id: 'Endpoint' });
const WithSecret = EndpointView.extend({ secret: z.string() }).meta({ id: 'EndpointWithSecret' });

function view({ id, state, rev }: Stored<Endpoint>) {
  if (state.status === 'unknown') throw new Rejected('endpoint-unknown', { endpoint: id });
  const { sealedSecrets: _, ...endpoint } = state;
  return { ...endpoint, rev };
}

interface Needs {
  readonly deps: Pick<Deps, 'random'>;
  readonly house: Pick<House, 'endpoints'>;
  readonly box: SecretBox;
  readonly allowLoopback: boolean;
}

export function endpointRoutes({ deps: { random }, house: { endpoints }, box, allowLoopback }: Needs) {
  const isSafe = addressGuard(allowLoopback);
  const fresh = (endpoint: string, given: string | undefined) => {
    const secret = given ?? `whsec_${Buffer.from(random.bytes(32)).toString('base64')}`;
    return { secret, sealedSecret: box.seal(secret, endpoint) };
  };
  return [
    route({
      method: 'post',
      path: '/endpoints',
      requires: 'endpoint.manage',
      summary: { en: "Register a party's webhook; its secret is shown once", zh: '登记单位的通知接口(密钥仅显示一次)' },
      body: z.object({ endpoint: Code, party: Code, url: z.url().max(2000), secret: Secret.optional() }),
      reply: { 201: WithSecret },
      errors: ['endpoint-already-registered', 'endpoint-address-refused'],
      handle: async ({ body: { secret: given, ...asked }, context }) => {
        if (!mayBeCalled(new URL(asked.url), isSafe, allowLoopback))
          throw new Rejected('endpoint-address-refused', { url: asked.url });
        const { secret, sealedSecret } = fresh(asked.endpoint, given);
        const registered = await endpoints.change(asked.endpoint, context, (known) =>
          registerEndpoint(known, { ...asked, sealedSecret }),
        );
        return created({ ...view(registered), secret });
      },
    }),
    route({
      method: 'post',
      path: '/endpoints/:endpoint/secrets',
      requires: 'endpoint.manage',
      summary: { en: 'Rotate the secret of a webhook; the old one is honoured beside it', zh: '轮换通知接口密钥' },
      body: z.object({ secret: Secret.optional() }),
      reply: { 201: WithSecret },
      errors: ['endpoint-unknown'],
      handle: async ({ params, body, context }) => {
        const { secret, sealedSecret } = fresh(params.endpoint, body.secret);
        const rotated = await endpoints.change(params.endpoint, context, (known) => rotateSecret(known, sealedSecret));
        return created({ ...view(rotated), secret });
      },
    }),
    route({
      method: 'get',
      path: '/endpoints',
      requires: 'delivery.read',
      summary: { en: 'Webhooks of parties', zh: '通知接口列表' },
      query: z.object({ ...pageQuery, party: Code.optional() }),
      reply: { 200: pageOf(EndpointView) },
      handle: async ({ query: { limit, cursor, party } }) => {
        const { items, next } = await endpoints.find(party ? { 'state.party': party } : {}, { limit, after: cursor });
        return ok(page(items.map(view), next));
      },
    }),
  ];
}
