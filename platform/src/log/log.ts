import { isSpanContextValid, trace } from '@opentelemetry/api';
import { pino, type DestinationStream, type Logger } from 'pino';

/** One JSON line an entry. ERROR means wake someone; people are named by account, patients never. */
export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error' | 'child' | 'level' | 'isLevelEnabled'>;

export interface LogSettings {
  readonly service: string;
  readonly level: string;
  /** Standard output if absent. */
  readonly destination?: DestinationStream | undefined;
}

const SECRET_FIELDS = [
  'authorization',
  'cookie',
  'secret',
  'password',
  'token',
  'access_token',
  'clientSecret',
  'signature',
];

/** Wherever such a field stands in an entry down to its third level; a secret deeper than that must not be logged at all. */
const REDACTED = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]);

export const createLog = ({ service, level, destination }: LogSettings): Log =>
  pino(
    {
      level,
      base: { service },
      messageKey: 'message',
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: REDACTED, censor: '[redacted]' },
      mixin: traceIds,
    },
    ...(destination === undefined ? [] : [destination]),
  );

function traceIds(): Record<string, string> {
  const span = trace.getActiveSpan()?.spanContext();
  return span !== undefined && isSpanContextValid(span) ? { traceId: span.traceId, spanId: span.spanId } : {};
}
