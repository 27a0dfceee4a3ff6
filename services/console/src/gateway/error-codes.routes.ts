import type { IncomingMessage, ServerResponse } from 'node:http';
import { Rejected } from '@lotwarden/platform/errors';
import type { ServiceQuestions } from './service-questions.client.ts';

/** `/errors/<code>` for codes of every service: a problem's `type` leads here, whoever wrote it. */
export const errorCodeMount = (questions: ServiceQuestions) => ({
  path: '/errors',
  handler: async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const code = /^\/([a-z0-9-]{1,100})$/.exec(request.url ?? '')?.[1];
    const words = code === undefined ? undefined : await questions.errorCode(code);
    if (words === undefined) throw new Rejected('not-found');
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(words));
  },
});
