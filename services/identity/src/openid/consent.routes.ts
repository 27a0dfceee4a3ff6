import type { IncomingMessage, ServerResponse } from 'node:http';
import type { KnownProgram } from '../program/program.ts';
import { consentPage } from './consent-page.ts';
import { readForm } from './form.client.ts';
import type { Interactions } from './interaction.client.ts';
import { preferredLanguage } from './language.ts';
import { EXPIRED } from './log-in.routes.ts';
import { contentSecurityPolicy, errorPage } from './pages.ts';

interface Needs {
  readonly interactions: Interactions;
  /** One that people may let act for them. */
  readonly program: (id: string) => Promise<KnownProgram | undefined>;
  /** Where this is mounted, `/openid`. */
  readonly path: string;
}

/** `/interaction/<uid>` of somebody who is signed in and is asked whether a program of others may act for him. */
export function consent({ interactions, program, path }: Needs) {
  /** Whether it was such a one; else nothing is answered. */
  return async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    const under = await interactions.asked(request, response);
    if (!under) return false;
    const { uid, params, session } = under;
    const language = preferredLanguage(request.headers['accept-language']);
    const send = (status: number, html: string, targets: readonly string[] = []): void => {
      response.writeHead(status, {
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'content-security-policy': contentSecurityPolicy(targets),
      });
      response.end(html);
    };
    const known = await program(String(params['client_id']));
    if (!known || !session) send(400, errorPage(language, EXPIRED[language]));
    else if (request.method === 'POST') {
      const isAllowed = (await readForm(request)).get('consent') === 'allow';
      await interactions.answer(request, response, under, isAllowed);
    } else if (request.method === 'GET' || request.method === 'HEAD') {
      const action = `${path}/interaction/${uid}`;
      const back = new URL(String(params['redirect_uri'])).origin;
      send(200, consentPage({ language, action, account: session.accountId, program: known }), [back]);
    } else response.writeHead(405, { allow: 'GET, POST' }).end();
    return true;
  };
}
