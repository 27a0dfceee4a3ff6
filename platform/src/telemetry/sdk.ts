import { register } from 'import-in-the-middle/register-hooks.mjs';
import { ExpressInstrumentation, ExpressLayerType } from '@opentelemetry/instrumentation-express';
import { MongoDBInstrumentation } from '@opentelemetry/instrumentation-mongodb';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { BatchSpanProcessor, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { byService, fileExporter, serviceNames } from './span-export.ts';

export interface TelemetrySettings {
  /** Base address of the OTLP collector, or '' for none. */
  readonly collector: string;
  /** File for spans as JSON lines, or '' for none. */
  readonly spansFile: string;
}

/**
 * The hooks must be there before express and mongodb are loaded: without them their spans are silently missing. Kafka is
 * not instrumented: its spans are written by hand, as a library would overwrite the traceparent kept in the outbox.
 */
export function startTelemetry({ collector, spansFile }: TelemetrySettings): { shutdown: () => Promise<void> } {
  register({ include: ['express', 'mongodb'] });
  const sdk = new NodeSDK({
    serviceName: 'lotwarden',
    autoDetectResources: false,
    spanProcessors: [
      serviceNames(),
      ...(collector === '' ? [] : [new BatchSpanProcessor(byService(new OTLPTraceExporter()))]),
      ...(spansFile === '' ? [] : [new SimpleSpanProcessor(byService(fileExporter(spansFile)))]),
    ],
    logRecordProcessors: [],
    metricReaders: collector === '' ? [] : [new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter() })],
    instrumentations: [
      new ExpressInstrumentation({ ignoreLayersType: [ExpressLayerType.MIDDLEWARE] }),
      new MongoDBInstrumentation({ requireParentSpan: true }),
    ],
  });
  sdk.start();
  return { shutdown: () => sdk.shutdown() };
}
