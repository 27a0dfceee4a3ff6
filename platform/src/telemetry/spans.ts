import {
  context,
  createContextKey,
  isSpanContextValid,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Attributes,
  type Context as TelemetryContext,
  type Link,
  type Span,
  type SpanContext,
} from '@opentelemetry/api';
import { formatTraceparent, parseTraceparent } from './traceparent.ts';

const SERVICE = createContextKey('lotwarden.service');
/** A batch of ten thousand messages must not make a span of ten thousand links. */
const MOST_LINKS = 32;

export const tracer = () => trace.getTracer('lotwarden');

/** Where a trace begins in the name of a service. */
export const rootOf = (service: string): TelemetryContext => ROOT_CONTEXT.setValue(SERVICE, service);

/** Runs something in the name of a service: spans begun in it, also by libraries, carry its name. */
export const asService = <R>(service: string, run: () => R): R =>
  context.with(context.active().setValue(SERVICE, service), run);

export const serviceOf = (active: TelemetryContext): string | undefined => {
  const name = active.getValue(SERVICE);
  return typeof name === 'string' ? name : undefined;
};

/** The W3C traceparent to hand on: into an outbox entry, a job's data, a request to somebody else. */
export const currentTraceparent = (): string | undefined => traceparentOf(trace.getActiveSpan());

function traceparentOf(span: Span | undefined): string | undefined {
  const known = span?.spanContext();
  return known !== undefined && isSpanContextValid(known) ? formatTraceparent(known) : undefined;
}

/** The context of a trace that came from elsewhere; a traceparent that is none begins a new one. */
export function contextOf(
  traceparent: string | undefined,
  from: TelemetryContext = context.active(),
): TelemetryContext {
  const remote = traceparent === undefined ? undefined : parseTraceparent(traceparent);
  return remote === undefined ? from : trace.setSpanContext(from, remote);
}

/** Runs in a span and ends it; what is thrown goes on and is noted. */
export function inSpan<R>(
  name: string,
  options: {
    readonly kind?: SpanKind;
    readonly attributes?: Attributes;
    readonly links?: Link[];
    readonly parent?: TelemetryContext;
  },
  run: (span: Span) => Promise<R>,
): Promise<R> {
  const { parent = context.active(), ...rest } = options;
  const span = tracer().startSpan(name, rest, parent);
  return context.with(trace.setSpan(parent, span), async () => {
    try {
      return await run(span);
    } catch (error) {
      noteFailure(span, error);
      throw error;
    } finally {
      span.end();
    }
  });
}

/**
 * Work that something asked for long before and that was stored with its traceparent: a span in that trace. `run` gets
 * the traceparent for what the work leads to, the `trace` of its changes, wakes and requests; without telemetry that is
 * the stored one, so that a trace is whole whether anybody watches or not.
 */
export const inStoredTrace = <R>(
  name: string,
  stored: string | null | undefined,
  run: (trace: string | undefined) => Promise<R>,
): Promise<R> => inSpan(name, { parent: contextOf(stored ?? undefined) }, (span) => run(traceparentOf(span)));

export function noteFailure(span: Span, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  span.setStatus({ code: SpanStatusCode.ERROR, message });
  span.setAttribute('error.type', error instanceof Error ? error.name : typeof error);
}

export interface Processing {
  readonly service: string;
  /** Without prefix. */
  readonly topic: string;
  readonly group: string;
  readonly partition?: number;
  /** Traceparents of the messages, as far as they have one. */
  readonly traces: readonly (string | undefined)[];
  readonly count: number;
}

/**
 * One span for a batch of messages: the child of their trace where they share one, else the root of its own that links
 * to them (32 at most). What a message leads to stays in the message's trace either way, by its own traceparent.
 */
export function withProcessSpan<R>(processing: Processing, run: (span: Span) => Promise<R>): Promise<R> {
  const { service, topic, group, partition, traces, count } = processing;
  const origins = distinctTraces(traces);
  const base = rootOf(service);
  const shared = origins.length === 1 ? origins[0] : undefined;
  return inSpan(
    `process ${topic}`,
    {
      kind: SpanKind.CONSUMER,
      parent: shared === undefined ? base : trace.setSpanContext(base, shared),
      links: shared === undefined ? origins.slice(0, MOST_LINKS).map((origin) => ({ context: origin })) : [],
      attributes: {
        'messaging.system': 'kafka',
        'messaging.operation.type': 'process',
        'messaging.destination.name': topic,
        'messaging.consumer.group.name': group,
        'messaging.batch.message_count': count,
        ...(partition === undefined ? {} : { 'messaging.destination.partition.id': String(partition) }),
      },
    },
    run,
  );
}

/** One span for what the relay sends in one request; links to the traces of its entries, child where they share one. */
export function withProduceSpan<R>(
  sending: {
    readonly service: string;
    readonly topic: string;
    readonly traces: readonly (string | undefined)[];
    readonly count: number;
  },
  run: (span: Span) => Promise<R>,
): Promise<R> {
  const origins = distinctTraces(sending.traces);
  const base = rootOf(sending.service);
  const shared = origins.length === 1 ? origins[0] : undefined;
  return inSpan(
    `send ${sending.topic}`,
    {
      kind: SpanKind.PRODUCER,
      parent: shared === undefined ? base : trace.setSpanContext(base, shared),
      links: shared === undefined ? origins.slice(0, MOST_LINKS).map((origin) => ({ context: origin })) : [],
      attributes: {
        'messaging.system': 'kafka',
        'messaging.operation.type': 'send',
        'messaging.destination.name': sending.topic,
        'messaging.batch.message_count': sending.count,
      },
    },
    run,
  );
}

/** One per trace, not per message: a hundred events of one command are one origin. */
function distinctTraces(traces: readonly (string | undefined)[]): SpanContext[] {
  const byTrace = new Map<string, SpanContext>();
  for (const traceparent of traces) {
    const origin = traceparent === undefined ? undefined : parseTraceparent(traceparent);
    if (origin !== undefined && !byTrace.has(origin.traceId)) byTrace.set(origin.traceId, origin);
  }
  return [...byTrace.values()];
}

/** A request to somebody else by HTTP, in the trace that is given or else in the one that is active; `run` gets the headers that carry it on. */
export function withClientSpan<R>(
  {
    name,
    attributes,
    trace: given,
  }: { readonly name: string; readonly attributes: Attributes; readonly trace?: string | undefined },
  run: (headers: Readonly<Record<string, string>>) => Promise<R>,
): Promise<R> {
  return inSpan(name, { kind: SpanKind.CLIENT, attributes, parent: contextOf(given) }, (span) => {
    const traceparent = traceparentOf(span);
    return run(traceparent === undefined ? {} : { traceparent });
  });
}

/** Without an SDK no span has an id; a request still gets one of its own, so that logs and events can be followed. */
export function withTraceIds(span: Span, randomHex: (bytes: number) => string): Span {
  if (isSpanContextValid(span.spanContext())) return span;
  return trace.wrapSpanContext({ traceId: randomHex(16), spanId: randomHex(8), traceFlags: TraceFlags.NONE });
}
