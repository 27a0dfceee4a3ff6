import type { IncomingMessage, ServerResponse } from 'node:http';
import { Rejected } from '@lotwarden/platform/errors';
import { SERVICES } from './services.ts';
import { checkTarget, upstreamOf } from './upstream-path.ts';
import type { Proxy } from './proxy.client.ts';

/** As it came; a mount sees its own part of it only. */
const targetOf = (request: IncomingMessage): string =>
  'originalUrl' in request && typeof request.originalUrl === 'string' ? request.originalUrl : (request.url ?? '');

/** `/api/<service>/…` and `/openid/…` under one origin. */
export const gatewayMounts = (proxy: Proxy) => [
  {
    path: '/api',
    handler: async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      const { service, path } = upstreamOf(targetOf(request));
      if (!Object.hasOwn(SERVICES, service)) throw new Rejected('service-unknown', { service: service.slice(0, 100) });
      await proxy.pass(request, response, { service, path, prefix: `/api/${service}`, cookies: false });
    },
  },
  {
    path: '/openid',
    handler: async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      const path = targetOf(request);
      checkTarget(path);
      // Express mounts match in any case; identity and its cookies do not.
      if (!/^\/openid(?:[/?]|$)/.test(path)) throw new Rejected('not-found');
      await proxy.pass(request, response, { service: 'identity', path, prefix: '', cookies: true });
    },
  },
];
