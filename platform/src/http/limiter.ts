import type { RequestHandler, Response } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { Rejected } from '../errors.ts';
import type { Principal } from '../principal.ts';

/** Where a request's caller is noted for the limiter, in `response.locals`. */
export const CALLER = 'caller';

/** Requests a minute: of each person, of each service or system, and of each address that does not say who it is. */
export interface RateLimits {
  readonly person: number;
  readonly machine: number;
  readonly anonymous: number;
}

const LIMITS: RateLimits = { person: 1200, machine: 120_000, anonymous: 600 };

/** Counts by caller where there is one, else by address; in memory, so each replica counts for itself. */
export function limiter(given: Partial<RateLimits> = {}): RequestHandler {
  const limits = { ...LIMITS, ...given };
  const caller = (response: Response): Principal | undefined => response.locals[CALLER] as Principal | undefined;
  return rateLimit({
    windowMs: 60_000,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    identifier: 'caller',
    keyGenerator: (request, response) => {
      const principal = caller(response);
      return principal ? `id:${principal.id}` : `ip:${ipKeyGenerator(request.ip ?? '')}`;
    },
    limit: (_request, response) => {
      const principal = caller(response);
      if (!principal) return limits.anonymous;
      return principal.kind === 'person' ? limits.person : limits.machine;
    },
    handler: (_request, _response, next) => next(new Rejected('rate-limited')),
  });
}
