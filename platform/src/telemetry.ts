/**
 * Loaded before everything else: `node --import ./platform/src/telemetry.ts services/main.ts`.
 *
 * Traces and metrics leave by OTLP where OTEL_EXPORTER_OTLP_ENDPOINT says to, spans also into the file that
 * LOTWARDEN_SPANS_FILE names. Where neither is set nothing is instrumented and nothing is paid for, but trace ids.
 */
import { context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';

const collector = process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? '';
const spansFile = process.env['LOTWARDEN_SPANS_FILE'] ?? '';

if (collector === '' && spansFile === '') {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
} else {
  const { startTelemetry } = await import('./telemetry/sdk.ts');
  const telemetry = startTelemetry({ collector, spansFile });
  // What has ended but is not sent yet goes out before the process does.
  process.once('beforeExit', () => void telemetry.shutdown());
}
