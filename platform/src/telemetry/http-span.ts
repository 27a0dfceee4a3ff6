import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Metrics } from './metrics.ts';
import { contextOf, rootOf, tracer, withTraceIds } from './spans.ts';

/** Express keeps the route it chose on the request: its pattern, never the ids in the path. */
interface Routed extends IncomingMessage {
  readonly route?: { readonly path?: unknown };
  readonly baseUrl?: string;
}

const routeOf = (request: Routed): string =>
  typeof request.route?.path === 'string' ? `${request.baseUrl ?? ''}${request.route.path}` : 'unknown';

/**
 * Goes before everything else in a service's HTTP server: one span a request in the caller's trace, and its rate, errors
 * and duration by route. Without telemetry the request still has a trace id, for logs and events.
 */
export function httpSpans(service: string, metrics: Metrics) {
  return (request: IncomingMessage, response: ServerResponse, next: () => void): void => {
    const from = Date.now();
    const { traceparent } = request.headers;
    const parent = contextOf(typeof traceparent === 'string' ? traceparent : undefined, rootOf(service));
    const method = request.method ?? 'GET';
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    const attributes = { 'http.request.method': method, 'url.path': path };
    const begun = tracer().startSpan(method, { kind: SpanKind.SERVER, attributes }, parent);
    const span = withTraceIds(begun, (bytes) => randomBytes(bytes).toString('hex'));
    response.once('close', () => {
      const route = routeOf(request);
      span.updateName(`${method} ${route}`);
      span.setAttributes({ 'http.route': route, 'http.response.status_code': response.statusCode });
      if (response.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
      metrics.request({ method, route, status: response.statusCode, seconds: (Date.now() - from) / 1000 });
    });
    context.with(trace.setSpan(parent, span), next);
  };
}
