import { createHash, randomUUID } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import { Rejected, Transient } from '../errors.ts';
import type { Log } from '../log/log.ts';
import type { Language } from '../messages.ts';
import { assertOwnSite, namedSites } from '../permissions/own-site.ts';
import { mayDo, operationOf } from '../permissions/permissions.ts';
import type { Principal } from '../principal.ts';
import type { TokenVerifier } from '../token-verifier.client.ts';
import { answerOf, kept, replayed, send, type Answer } from './answer.ts';
import { authenticate, languageOf, pass } from './arrival.ts';
import { paramsSchema, strict } from './check-routes.ts';
import type { IdempotencyStore } from './idempotency.ts';
import { CALLER } from './limiter.ts';
import { PROBLEM_NAME } from './answer-problems.ts';
import { fieldErrors } from './field-errors.ts';
import { bodyReader } from './read-body.ts';
import { expectedRev, requestContext } from './request-context.ts';
import { commandMark } from '../store/work.ts';
import type { Call, Route } from './route.ts';
import { formatOf, sendStreamed, streamed, type Streamed } from './stream-table.ts';
import { within } from './within.ts';

export interface Serving {
  readonly service: string;
  readonly verifier: TokenVerifier;
  readonly log: Log;
  readonly now: () => Date;
  readonly limit: RequestHandler;
  readonly isOpen: () => boolean;
  readonly timeoutMs: number;
  readonly checkReplies: boolean;
  readonly idempotency: IdempotencyStore | undefined;
}

type HandleCall = Call<unknown, unknown, unknown>;

const localeErrors = { en: z.locales.en().localeError, zh: z.locales.zhCN().localeError } as const;

function parsed(schema: z.ZodType, value: unknown, code: string, language: Language): unknown {
  const result = schema.safeParse(value, { error: localeErrors[language] });
  if (!result.success) throw new Rejected(code, { errors: fieldErrors(result.error, language, value) });
  return result.data;
}

/** What happens to a request: who, may he, how often, what, once, do it, answer. */
export function serveRoute(route: Route, serving: Serving): (request: Request, response: Response) => Promise<void> {
  const readBody = bodyReader(route);
  const params = strict(paramsSchema(route));
  const query = strict(route.query ?? z.object({}));
  const body = route.body === undefined || 'mediaType' in route.body ? undefined : strict(route.body);

  return async (request, response) => {
    const { log, timeoutMs } = serving;
    response.locals[PROBLEM_NAME] = route.problemName;
    const left = new AbortController();
    response.once('close', () => {
      if (!response.writableFinished) left.abort();
    });
    const late = (work: Promise<unknown>): void => {
      work.catch((error: unknown) =>
        log.warn({ err: error, path: route.path }, 'a request failed after its time was over'),
      );
    };
    const answered = await within(timeoutMs, answer(request, response, left.signal), (work) => {
      left.abort();
      late(work);
    });
    if (response.headersSent) return;
    if (!('rest' in answered)) {
      send(response, answered);
      return;
    }
    try {
      await sendStreamed(request, response, answered, { patience: timeoutMs, signal: left.signal, late });
    } catch (error) {
      left.abort();
      // Too late for a problem document: the broken connection tells the caller, the log tells us.
      log.warn({ err: error, path: route.path }, 'a list could not be sent to its end');
    }
  };

  async function answer(request: Request, response: Response, signal: AbortSignal): Promise<Answer | Streamed> {
    if (!serving.isOpen()) throw new Transient('service-closed', { service: serving.service });
    const principal = await admitted(request, response);
    const language = languageOf(request);
    const attempt = randomUUID();
    const context = requestContext({
      actor: principal?.id ?? 'anonymous',
      sites: principal?.sites,
      headers: request.headers,
      trace: String(response.getHeader('traceparent')),
      attempt,
      now: serving.now(),
    });
    const rev = expectedRev(request.headers);
    if (route.ifMatch === 'required' && rev === undefined) throw new Rejected('precondition-required');
    const asked = formatOf(route, request);
    const { json, raw, made } = await readBody(request, response);
    const call: HandleCall = {
      params: parsed(params, request.params, 'path-invalid', language),
      query: parsed(query, asked.query, 'query-invalid', language),
      body: body ? parsed(body, json, 'body-invalid', language) : route.body ? (made ?? raw) : undefined,
      context,
      principal,
      expectedRev: rev,
      headers: request.headers,
      rawBody: raw,
      signal,
      log: serving.log.child({ requestId: response.getHeader('x-request-id'), actor: context.actor }),
    };
    if (route.requires !== 'public' && operationOf(route.requires).site)
      for (const site of namedSites(call.params, call.body)) assertOwnSite(context, site);
    if (asked.format !== 'json') return streamed(route, call, asked);
    const key = context.idempotencyKey;
    const store = serving.idempotency;
    if (key === undefined || !principal || !store || ['get', 'delete', 'options'].includes(route.method))
      return perform(call);
    const attempted = {
      key,
      id: commandMark(principal.id, key),
      fingerprint: fingerprint(request, raw),
      log: call.log,
    };
    return once(store, attempted, () => perform(call));
  }

  async function admitted(request: Request, response: Response): Promise<Principal | undefined> {
    const who = await authenticate(request, serving.verifier).then(
      (principal) => ({ principal, refusal: undefined }),
      (refusal: unknown) => ({ principal: undefined, refusal }),
    );
    response.locals[CALLER] = who.principal;
    // Counted before the refusal is told, so that guessing tokens is limited too.
    await pass(serving.limit, request, response);
    if (who.refusal !== undefined) throw who.refusal as Error;
    if (route.requires === 'public') return who.principal;
    if (!who.principal) throw new Rejected('not-authenticated');
    if (!mayDo(who.principal.roles, route.requires))
      throw new Rejected('permission-missing', { permission: route.requires });
    return who.principal;
  }

  async function perform(call: HandleCall): Promise<Answer> {
    const handle = route.handle as (call: HandleCall) => Promise<Parameters<typeof answerOf>[1]>;
    return answerOf(route, await handle(call), serving.checkReplies);
  }
}

/** The same key and request get the same answer; only what succeeded is kept, as a refusal changed nothing. */
async function once(
  store: IdempotencyStore,
  { key, id, fingerprint, log }: { key: string; id: string; fingerprint: string; log: Log },
  perform: () => Promise<Answer>,
): Promise<Answer> {
  const begun = await store.begin(id, fingerprint);
  if (begun.outcome === 'answered') return replayed(begun.answer);
  if (begun.outcome === 'reused') throw new Rejected('idempotency-key-reused', { key });
  if (begun.outcome === 'in-progress') throw new Rejected('idempotency-in-progress', { key });
  const answer = await perform().catch(async (error: unknown) => {
    // Free for another try: if the effect was committed after all, its inbox mark refuses to let it happen again.
    await store
      .release(id, begun.ticket)
      .catch((cause: unknown) => log.warn({ err: cause, key }, 'an idempotency key stays taken until its lease ends'));
    throw error;
  });
  // The effect is there: the caller gets the answer even if it cannot be kept for a repeat.
  await store
    .complete(id, begun.ticket, kept(answer))
    .catch((cause: unknown) => log.warn({ err: cause, key }, 'an answer was not kept for repeats'));
  return answer;
}

const fingerprint = (request: Request, raw: Buffer): string =>
  createHash('sha256').update(`${request.method} ${request.originalUrl}\n`).update(raw).digest('base64url');
