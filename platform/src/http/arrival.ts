import { randomBytes } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import type { DeviceProofs } from '../device/device-proof.client.ts';
import { Rejected } from '../errors.ts';
import type { Principal } from '../principal.ts';
import { currentTraceparent } from '../telemetry/spans.ts';
import type { TokenVerifier } from '../token-verifier.client.ts';
import type { Language } from '../messages.ts';
import { traceOf } from './request-context.ts';

/** English unless the caller likes Chinese better; `zh-CN`, `zh-Hans` and so on are Chinese. */
export const languageOf = (request: Request): Language => (request.acceptsLanguages('en', 'zh') === 'zh' ? 'zh' : 'en');

/** The active span where telemetry runs, else the caller's, else a new one: events always have a trace to follow. */
export const traceparent = (request: Request): string =>
  currentTraceparent() ??
  traceOf(request.headers) ??
  `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-00`;

export interface Proving {
  readonly verifier: TokenVerifier;
  readonly proofs: DeviceProofs;
  /** Where callers find this service from outside, `https://lotwarden.example/api/warehouse`. */
  readonly gateway: string;
}

/**
 * Who calls; undefined without a token. Throws what the verifier throws, and `device-proof-invalid` for a token that is
 * bound to a device's key and comes without the proof that this device asks (RFC 9449 §7.1).
 */
export async function authenticate(
  request: Request,
  { verifier, proofs, gateway }: Proving,
): Promise<Principal | undefined> {
  const header = request.headers.authorization;
  if (header === undefined || header === '') return undefined;
  const [, scheme = '', token] = /^(Bearer|DPoP) +([\w~+/.=-]+)$/i.exec(header) ?? [];
  if (token === undefined) throw new Rejected('token-invalid', { reason: 'format' });
  const principal = await verifier(token);
  const { boundTo: thumbprint } = principal;
  const proves = scheme.toLowerCase() === 'dpop';
  if (thumbprint === undefined) {
    if (proves) throw new Rejected('device-proof-invalid', { reason: 'the token is bound to no key' });
    return principal;
  }
  if (!proves) throw new Rejected('device-proof-invalid', { reason: 'sent as Bearer' });
  const proof = request.headers['dpop'];
  await proofs({
    proof: Array.isArray(proof) ? proof.join(',') : proof,
    method: request.method,
    urls: [`${request.protocol}://${request.host}`, gateway].map((origin) => `${origin}${request.originalUrl}`),
    token,
    thumbprint,
  });
  return principal;
}

/** Express middleware as something to await. */
export const pass = (middleware: RequestHandler, request: Request, response: Response): Promise<void> =>
  new Promise((resolve, reject) => {
    middleware(request, response, (error?: unknown) => {
      if (error === undefined) resolve();
      else reject(error instanceof Error ? error : new Error('middleware failed', { cause: error }));
    });
  });
