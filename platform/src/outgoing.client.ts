import { lookup, type LookupAddress } from 'node:dns';
import { Agent, request } from 'undici';
import { addressGuard, mayBeCalled } from './safe-address.client.ts';
import { withClientSpan } from './telemetry/spans.ts';

export interface OutgoingSettings {
  readonly allowLoopback: boolean;
  /** Milliseconds. */
  readonly timeout: number;
}

export type Sent =
  | { readonly taken: true }
  | { readonly taken: false; readonly error: string; readonly gone: boolean; readonly retryAfter: number | null };

/** Calls to addresses that somebody outside gave us: never into the house, and never for long. */
export interface Outgoing {
  post(message: {
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
    /** The traceparent it goes on in. */
    readonly trace: string | null;
  }): Promise<Sent>;
  close(): Promise<void>;
}

/** 2xx alone is success. */
export function outgoing({ allowLoopback, timeout }: OutgoingSettings): Outgoing {
  const isSafe = addressGuard(allowLoopback);
  const agent = new Agent({
    connections: 4,
    headersTimeout: timeout,
    bodyTimeout: timeout,
    connect: {
      timeout,
      // The address that is called is the one that was judged: a second look-up could answer otherwise.
      lookup: (hostname, options, callback) => {
        lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[] | undefined) => {
          const safe = (addresses ?? []).filter(({ address }) => isSafe(address));
          const [first] = safe;
          if (error) callback(error, [], undefined);
          else if (!first) callback(new Error(`${hostname} leads to an address that is not called`), [], undefined);
          else if (options.all) callback(null, safe, undefined);
          else callback(null, first.address, first.family);
        });
      },
    },
  });

  return {
    post: async ({ url, headers, body, trace }) => {
      const target = new URL(url);
      if (!mayBeCalled(target, isSafe, allowLoopback)) return failed('endpoint-address-refused');
      const attributes = { 'http.request.method': 'POST', 'server.address': target.hostname };
      try {
        const span = { name: 'POST webhook', attributes, trace: trace ?? undefined };
        return await withClientSpan(span, async (carried) => {
          const response = await request(target, {
            dispatcher: agent,
            method: 'POST',
            headers: { 'content-type': 'application/json', ...headers, ...carried },
            body,
            signal: AbortSignal.timeout(timeout),
          });
          await response.body.dump({ limit: 65_536 });
          return outcome(response.statusCode, response.headers['retry-after']);
        });
      } catch (error) {
        return failed(error instanceof Error ? error.message : String(error));
      }
    },
    close: () => agent.close(),
  };
}

function outcome(status: number, retryAfter: string | string[] | undefined): Sent {
  if (status >= 200 && status < 300) return { taken: true };
  const seconds = Number(Array.isArray(retryAfter) ? retryAfter[0] : retryAfter);
  const asked = Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : null;
  return { taken: false, error: `HTTP ${String(status)}`, gone: status === 410, retryAfter: asked };
}

const failed = (error: string): Sent => ({ taken: false, error, gone: false, retryAfter: null });
