import { randomBytes } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { Rejected } from '../errors.ts';
import type { Principal } from '../principal.ts';
import { currentTraceparent } from '../telemetry/spans.ts';
import type { TokenVerifier } from '../token-verifier.client.ts';
import type { Language } from '../messages.ts';
import { traceOf } from './request-context.ts';

/** English unless the caller likes Chinese better; `zh-CN`, `zh-Hans` and so on are Chinese. */
export const languageOf = (request: Request): Language => (request.acceptsLanguages('en', 'zh') === 'zh' ? 'zh' : 'en');

/** The active span where telemetry runs, else the caller's, else a new one: events always have a trace to follow. */
export const traceparent = (request: Request): string =>
  currentTraceparent() ??
  traceOf(request.headers) ??
  `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-00`;

/** Who calls; undefined without a token. Throws what the verifier throws. */
export async function authenticate(request: Request, verifier: TokenVerifier): Promise<Principal | undefined> {
  const header = request.headers.authorization;
  if (header === undefined || header === '') return undefined;
  const token = /^Bearer +([\w~+/.=-]+)$/i.exec(header)?.[1];
  if (token === undefined) throw new Rejected('token-invalid', { reason: 'format' });
  return verifier(token);
}

/** Express middleware as something to await. */
export const pass = (middleware: RequestHandler, request: Request, response: Response): Promise<void> =>
  new Promise((resolve, reject) => {
    middleware(request, response, (error?: unknown) => {
      if (error === undefined) resolve();
      else reject(error instanceof Error ? error : new Error('middleware failed', { cause: error }));
    });
  });
