import { media, ok, route } from '@lotwarden/platform/http';
import { z } from 'zod';
import type { ServiceQuestions } from '../gateway/service-questions.client.ts';
import { SERVICES } from '../gateway/services.ts';
import { homePage } from './home-page.ts';

const ApiIndex = z
  .object({
    items: z.array(z.object({ service: z.string(), openapi: z.string(), health: z.string(), summary: z.string() })),
  })
  .meta({ id: 'ApiIndex' });

export const homeRoutes = (questions: ServiceQuestions) => [
  route({
    method: 'get',
    path: '/',
    requires: 'public',
    summary: { en: 'What is here', zh: '首页' },
    // People come back here from signing in, with a code in the address that is meant for somebody else.
    query: z.looseObject({}),
    reply: { 200: media('text/html; charset=utf-8') },
    handle: async () => {
      const states = await questions.states();
      const unnamed = { en: '', zh: '' };
      return ok(homePage(states.map((state) => ({ ...state, ...(SERVICES[state.service] ?? unnamed) }))));
    },
  }),
  route({
    method: 'get',
    path: '/openapi',
    requires: 'public',
    summary: { en: 'Where each service describes its API', zh: '各服务接口说明目录' },
    reply: { 200: ApiIndex },
    handle: async () =>
      ok({
        items: Object.entries(SERVICES).map(([service, { en }]) => ({
          service,
          openapi: `/api/${service}/openapi.json`,
          health: `/api/${service}/health/ready`,
          summary: en,
        })),
      }),
  }),
];
