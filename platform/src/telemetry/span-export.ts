import { appendFileSync } from 'node:fs';
import type { ReadableSpan, Span, SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { Context as TelemetryContext } from '@opentelemetry/api';
import { resourceFromAttributes, type Resource } from '@opentelemetry/resources';
import { serviceOf } from './spans.ts';

/** Several services share one provider: the name on a span comes from whose work it is, not from the process. */
export const serviceNames = (): SpanProcessor => ({
  onStart: (span: Span, parent: TelemetryContext) => {
    const service = serviceOf(parent);
    if (service !== undefined) span.setAttribute('service.name', service);
  },
  onEnd: () => undefined,
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
});

/** Gives each span the resource of its service, which is what a tracing back end groups by. */
export function byService(exporter: SpanExporter): SpanExporter {
  const resources = new Map<string, Resource>();
  const resourceOf = (service: string, base: Resource): Resource => {
    const known = resources.get(service);
    if (known !== undefined) return known;
    const resource = base.merge(resourceFromAttributes({ 'service.name': service }));
    resources.set(service, resource);
    return resource;
  };
  const named = (span: ReadableSpan): ReadableSpan => {
    const service = span.attributes['service.name'];
    if (typeof service !== 'string') return span;
    return Object.create(span, { resource: { value: resourceOf(service, span.resource) } }) as ReadableSpan;
  };
  return {
    export: (spans, done) => exporter.export(spans.map(named), done),
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
  };
}

/** A span as the file keeps it, one JSON line each. Times in milliseconds since 1970. */
export interface WrittenSpan {
  readonly service: string | null;
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly links: readonly string[];
  readonly startedAt: number;
  readonly endedAt: number;
  readonly status: number;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** ExportResultCode.SUCCESS */
const SUCCESS = 0;

/** For tests and for looking without a collector: appends each span to a file as it ends. */
export const fileExporter = (path: string): SpanExporter => ({
  export: (spans, done) => {
    appendFileSync(path, spans.map((span) => `${JSON.stringify(written(span))}\n`).join(''));
    // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- the enum's package is there in two versions
    done({ code: SUCCESS });
  },
  shutdown: () => Promise.resolve(),
});

const ms = ([seconds, nanos]: readonly [number, number]): number => seconds * 1000 + nanos / 1e6;

function written(span: ReadableSpan): WrittenSpan {
  const { traceId, spanId } = span.spanContext();
  return {
    service: (span.attributes['service.name'] as string | undefined) ?? null,
    name: span.name,
    kind: span.kind,
    traceId,
    spanId,
    parentSpanId: span.parentSpanContext?.spanId ?? null,
    links: span.links.map((link) => link.context.traceId),
    startedAt: ms(span.startTime),
    endedAt: ms(span.endTime),
    status: span.status.code,
    attributes: span.attributes,
  };
}
