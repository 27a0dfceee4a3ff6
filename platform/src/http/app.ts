import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import express, { type Express, type Request, type Response } from 'express';
import helmet from 'helmet';
import { deviceProofs } from '../device/device-proof.client.ts';
import { createPrinter } from '../document/printer.client.ts';
import { Rejected } from '../errors.ts';
import type { Log } from '../log/log.ts';
import { platformMessages, type Messages } from '../messages.ts';
import type { DeviceSites } from '../permissions/known-device.ts';
import type { Refusals } from '../security/refusals.ts';
import { asService } from '../telemetry/spans.ts';
import type { TokenVerifier } from '../token-verifier.client.ts';
import { answerProblems } from './answer-problems.ts';
import { traceparent } from './arrival.ts';
import { checkRoutes } from './check-routes.ts';
import type { IdempotencyStore } from './idempotency.ts';
import { limiter, type RateLimits } from './limiter.ts';
import { openApi } from './openapi.ts';
import { requestIdOf } from './request-context.ts';
import type { Route } from './route.ts';
import { serveRoute } from './serve-route.ts';

export interface HealthReport {
  readonly ok: boolean;
  readonly checks?: Readonly<Record<string, unknown>>;
}

/** Something that speaks HTTP by itself (an OIDC provider, a proxy, static files); it guards itself. */
export interface Mount {
  readonly path: string;
  readonly handler: (request: IncomingMessage, response: ServerResponse) => unknown;
}

export interface HttpAppOptions {
  readonly service: string;
  readonly routes: readonly (readonly Route[])[];
  /** The service's words; the platform's are added. */
  readonly messages: Messages;
  readonly verifier: TokenVerifier;
  readonly log: Log;
  readonly now: () => Date;
  readonly health: { live(): HealthReport | Promise<HealthReport>; ready(): HealthReport | Promise<HealthReport> };
  readonly idempotency?: IdempotencyStore;
  /** False while the service recovers or stops: everything but health answers 503. */
  readonly isOpen?: () => boolean;
  readonly mounts?: readonly Mount[];
  readonly rateLimits?: Partial<RateLimits>;
  /** Of the gateway: `https://lotwarden.example`. */
  readonly origin?: string;
  /** Sites where a registered device is asked for; nowhere if absent. */
  readonly deviceSites?: DeviceSites;
  /** Takes note of what bears on security; nobody if absent. */
  readonly refusals?: Pick<Refusals, 'note'>;
  /** 30 s if absent. */
  readonly timeoutMs?: number;
  /** Check every reply against its schema; for tests, where a reply that does not fit should hurt. */
  readonly checkReplies?: boolean;
}

/** The way into a service. Throws at once if a route declares no permission or cannot be served. */
export function createHttpApp(options: HttpAppOptions): Express {
  const {
    service,
    verifier,
    log,
    now,
    idempotency,
    isOpen = () => true,
    timeoutMs = 30_000,
    checkReplies = false,
    deviceSites = [],
    refusals,
  } = options;
  const routes = options.routes.flat();
  checkRoutes(routes);
  const messages: Messages = { ...platformMessages, ...options.messages };

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag'); // an ETag is a document's rev, never a hash of the text
  app.set('trust proxy', 'loopback, linklocal, uniquelocal'); // the gateway stands on this machine or in this cluster
  app.set('query parser', 'simple');

  app.use((request, response, next) => {
    response.set({ 'x-request-id': requestIdOf(request.headers) ?? randomUUID(), traceparent: traceparent(request) });
    response.vary('Accept-Language');
    asService(service, next);
  });
  app.use(helmet());
  serveHealth(app, options.health);
  serveDocuments(app, messages, () => openApi(service, routes, messages));
  for (const { path, handler } of options.mounts ?? [])
    app.use(path, async (request, response) => {
      await handler(request, response);
    });

  const limit = limiter(options.rateLimits);
  const proofs = deviceProofs(now);
  const gateway = `${options.origin ?? 'http://localhost'}/api/${service}`;
  const serving = {
    service,
    verifier,
    proofs,
    gateway,
    deviceSites,
    log,
    now,
    limit,
    isOpen,
    timeoutMs,
    checkReplies,
    idempotency,
    refusals,
    printer: createPrinter(),
  };
  for (const route of routes) app[route.method](route.path, serveRoute(route, serving));
  for (const [path, methods] of methodsByPath(routes)) {
    app.all(path, (request, response) => {
      response.set('allow', methods);
      throw new Rejected('method-not-allowed', { method: request.method, allowed: methods });
    });
  }
  app.use(() => {
    throw new Rejected('not-found');
  });
  app.use(answerProblems(messages, log));
  return app;
}

function methodsByPath(routes: readonly Route[]): Map<string, string> {
  const byPath = Map.groupBy(routes, (route) => route.path);
  return new Map([...byPath].map(([path, same]) => [path, same.map((route) => route.method.toUpperCase()).join(', ')]));
}

function serveHealth(app: Express, health: HttpAppOptions['health']): void {
  const tell =
    (report: () => HealthReport | Promise<HealthReport>) => async (_request: Request, response: Response) => {
      const told = await report();
      response
        .status(told.ok ? 200 : 503)
        .set('cache-control', 'no-store')
        .json(told);
    };
  app.get(
    '/health/live',
    tell(() => health.live()),
  );
  app.get(
    '/health/ready',
    tell(() => health.ready()),
  );
}

function serveDocuments(app: Express, messages: Messages, document: () => unknown): void {
  let built: unknown; // made when first asked for: a start should not wait for it
  app.get('/openapi.json', (_request, response) => {
    built ??= document();
    response.json(built);
  });
  app.get('/errors', (_request, response) => {
    response.json({
      items: Object.keys(messages)
        .sort()
        .map((code) => ({ code, href: `/errors/${code}` })),
    });
  });
  app.get('/errors/:code', (request, response, next) => {
    const { code } = request.params;
    const message = Object.hasOwn(messages, code) ? messages[code] : undefined;
    if (message) response.json({ code, ...message });
    else next(); // a mount may know it; else it is not found
  });
}
