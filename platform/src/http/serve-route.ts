import { createHash, randomUUID } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import type { Printer } from '../document/printer.client.ts';
import { Rejected, Transient } from '../errors.ts';
import type { Log } from '../log/log.ts';
import type { Language } from '../messages.ts';
import { assertKnownDevice, sitesAt, type DeviceSites } from '../permissions/known-device.ts';
import { named } from '../permissions/named.ts';
import { assertOwnMarket } from '../permissions/own-market.ts';
import { assertOwnSite } from '../permissions/own-site.ts';
import { mayDo, operationOf } from '../permissions/permissions.ts';
import type { Principal } from '../principal.ts';
import { refusalKind, type Refusals } from '../security/refusals.ts';
import { answerOf, kept, replayed, send, type Answer } from './answer.ts';
import { authenticate, languageOf, pass, type Proving } from './arrival.ts';
import { paramsSchema, strict } from './check-routes.ts';
import type { IdempotencyStore } from './idempotency.ts';
import { CALLER } from './limiter.ts';
import { PROBLEM_NAME } from './answer-problems.ts';
import { fieldErrors } from './field-errors.ts';
import { bodyReader } from './read-body.ts';
import { expectedRev, requestContext } from './request-context.ts';
import { commandMark } from '../store/work.ts';
import type { Call, Route } from './route.ts';
import { firstIn, restrictionsOf, withheldFrom } from './restricted.ts';
import { formatOf } from './format.ts';
import { printed } from './print.ts';
import { sendStreamed, streamed, type Streamed } from './stream-table.ts';
import { within } from './within.ts';

export interface Serving extends Proving {
  readonly service: string;
  readonly deviceSites: DeviceSites;
  readonly log: Log;
  readonly now: () => Date;
  readonly limit: RequestHandler;
  readonly isOpen: () => boolean;
  readonly timeoutMs: number;
  readonly checkReplies: boolean;
  readonly idempotency: IdempotencyStore | undefined;
  readonly printer: Printer;
  /** Takes note of what bears on security. */
  readonly refusals: Pick<Refusals, 'note'> | undefined;
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
  const restrictions = restrictionsOf(route);

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
    const answering = answer(request, response, left.signal).catch((error: unknown) => {
      noted(error, request, response, serving);
      throw error;
    });
    const answered = await within(timeoutMs, answering, (work) => {
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
      sites: principal && sitesAt(principal),
      markets: principal?.markets,
      device: principal?.device?.id,
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
    if (route.requires !== 'public' && principal) {
      const { site: ofSite, market: ofMarket, knownDevice } = operationOf(route.requires);
      const sites = named('site', call.params, call.body);
      if (ofSite) for (const site of sites) assertOwnSite(context, site);
      if (ofMarket) for (const market of named('market', call.params, call.body)) assertOwnMarket(context, market);
      if (knownDevice) assertKnownDevice(principal, serving.deviceSites, sites);
    }
    const roles = principal?.roles ?? [];
    const hidden = [...withheldFrom(restrictions.query, roles), ...withheldFrom(restrictions.body, roles)];
    const unseen = firstIn(call.query, hidden) ?? firstIn(call.body, hidden);
    if (unseen) throw new Rejected('permission-missing', { permission: unseen.to });
    const { format, bom } = asked;
    const withheld = withheldFrom(restrictions.reply[200], roles);
    if (format === 'pdf') {
      const at = serving.now().toISOString();
      return printed(route, call, request, { language, at, withheld, printer: serving.printer });
    }
    if (format !== 'json') return streamed(route, call, { format, bom, withheld });
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
    const who = await authenticate(request, serving).then(
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
    const { party } = who.principal;
    if (party !== undefined && !operationOf(route.requires).ownParty) throw new Rejected('party-not-ours', { party });
    // Where every site asks for one, what the request names makes no difference.
    if (operationOf(route.requires).knownDevice && serving.deviceSites.includes('*'))
      assertKnownDevice(who.principal, serving.deviceSites, []);
    return who.principal;
  }

  async function perform(call: HandleCall): Promise<Answer> {
    const handle = route.handle as (call: HandleCall) => Promise<Parameters<typeof answerOf>[1]>;
    const reply = await handle(call);
    const restriction = restrictions.reply[reply.status as keyof typeof restrictions.reply];
    const withheld = withheldFrom(restriction, call.principal?.roles ?? []);
    return answerOf(route, reply, { check: serving.checkReplies, withheld });
  }
}

/** Whoever tries what he may not is in the records of security (21 CFR 11.10(d), 11.300(d)). */
function noted(error: unknown, request: Request, response: Response, { refusals, now }: Serving): void {
  if (!refusals || !(error instanceof Rejected)) return;
  const kind = refusalKind(error.code);
  if (kind === undefined) return;
  const caller = response.locals[CALLER] as Principal | undefined;
  const address = request.ip ?? null;
  refusals.note({ kind, subject: caller?.id ?? address ?? 'unknown', reason: error.code, address }, now());
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
