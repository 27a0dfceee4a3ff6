import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { Rejected } from '../errors.ts';
import type { Context } from '../store/context.ts';
import { parseTraceparent } from '../telemetry/traceparent.ts';

const LIMITS = { 'x-reason': 1000, 'x-device': 100, 'x-site': 100 } as const;
/** A clock at the line may run ahead of ours by this much. */
const AHEAD_MS = 5 * 60_000;
// eslint-disable-next-line no-control-regex -- control characters are exactly what must not reach the audit log
const CONTROL = /[\u0000-\u001f\u007f]/;
const KEY = /^[\x21-\x7e]{1,200}$/;
const REQUEST_ID = /^[\w.-]{1,100}$/;
const OccurredAt = z.iso.datetime({ offset: true });

const one = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value);

/** Headers carry ASCII: what people write in them is percent-encoded UTF-8. */
function words(headers: IncomingHttpHeaders, header: keyof typeof LIMITS): string | undefined {
  const sent = one(headers[header]);
  if (sent === undefined || sent === '') return undefined;
  const expected = `percent-encoded UTF-8 of at most ${String(LIMITS[header])} characters`;
  let text: string;
  try {
    text = decodeURIComponent(sent);
  } catch (cause) {
    throw new Rejected('header-invalid', { header, expected }, undefined, { cause });
  }
  if (text.length > LIMITS[header] || CONTROL.test(text)) throw new Rejected('header-invalid', { header, expected });
  return text;
}

function occurredAt(headers: IncomingHttpHeaders, now: Date): string | undefined {
  const header = 'x-occurred-at';
  const sent = one(headers[header]);
  if (sent === undefined) return undefined;
  if (!OccurredAt.safeParse(sent).success)
    throw new Rejected('header-invalid', { header, expected: 'an ISO 8601 time with its zone' });
  const moment = new Date(sent);
  if (moment.getTime() > now.getTime() + AHEAD_MS)
    throw new Rejected('header-invalid', { header, expected: 'a time that is not in the future' });
  return moment.toISOString();
}

/** Throws `idempotency-key-invalid` for a key that could not be told apart from others or stored. */
function idempotencyKey(headers: IncomingHttpHeaders): string | undefined {
  const key = one(headers['idempotency-key']);
  if (key !== undefined && !KEY.test(key)) throw new Rejected('idempotency-key-invalid');
  return key;
}

/** The version the caller looked at; undefined without `If-Match` or for `*`. Throws `header-invalid`. */
export function expectedRev(headers: IncomingHttpHeaders): number | undefined {
  const sent = headers['if-match'];
  if (sent === undefined || sent === '*') return undefined;
  const rev = /^"(\d{1,15})"$/.exec(sent)?.[1];
  if (rev === undefined)
    throw new Rejected('header-invalid', { header: 'if-match', expected: 'the ETag as it was given, like "7"' });
  return Number(rev);
}

/** The caller's id for this request if it is harmless in a log, else undefined. */
export function requestIdOf(headers: IncomingHttpHeaders): string | undefined {
  const sent = one(headers['x-request-id']);
  return sent !== undefined && REQUEST_ID.test(sent) ? sent : undefined;
}

/** The caller's trace if it is well formed, else undefined. */
export function traceOf(headers: IncomingHttpHeaders): string | undefined {
  const sent = one(headers['traceparent']);
  return sent !== undefined && sent.length <= 200 && parseTraceparent(sent) ? sent : undefined;
}

interface Arrival {
  readonly actor: string;
  readonly sites?: readonly string[] | undefined;
  readonly markets?: readonly string[] | undefined;
  /** The registered device, which no header says otherwise. */
  readonly device?: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly trace: string;
  /** Ours, and new for each attempt: the inbox mark tells attempts under one Idempotency-Key apart by it. */
  readonly attempt: string;
  readonly now: Date;
}

export function requestContext({ actor, sites, markets, device, headers, trace, attempt, now }: Arrival): Context {
  return {
    actor,
    sites,
    markets,
    reason: words(headers, 'x-reason'),
    device: device ?? words(headers, 'x-device'),
    site: words(headers, 'x-site'),
    occurredAt: occurredAt(headers, now),
    idempotencyKey: idempotencyKey(headers),
    trace,
    causationId: attempt,
  };
}
