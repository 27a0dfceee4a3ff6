import type { ErrorRequestHandler } from 'express';
import type { Log } from '../log/log.ts';
import type { Messages } from '../messages.ts';
import { understand } from '../store/failures.ts';
import { languageOf } from './arrival.ts';
import { problemOf } from './problem.ts';
import type { Route } from './route.ts';

/** Where a route leaves how its standard names problems. */
export const PROBLEM_NAME = 'lotwarden.problemName';

/** The only place where an error becomes an answer. What is no error of ours is logged and told as `internal`. */
export function answerProblems(messages: Messages, log: Log): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const requestId = String(response.getHeader('x-request-id'));
    const plain = problemOf(understand(error), {
      messages,
      language: languageOf(request),
      instance: request.path,
      requestId,
    });
    const nameOf = response.locals[PROBLEM_NAME] as Route['problemName'];
    const { headers = {}, ...name } = nameOf?.(plain) ?? { type: plain.type };
    const problem = { ...plain, ...name };
    if (problem.status >= 500 && problem.status !== 501) {
      const facts = { requestId, method: request.method, path: request.path, code: problem.code };
      // A fault of ours wakes somebody; something we wait for is only worth a note here, its owner has the alert.
      if (problem.code === 'internal') log.error({ err: error, ...facts }, 'request failed');
      else log.warn({ ...facts, data: problem.data, cause: causeOf(error) }, 'request could not be served now');
    }
    if (!Object.hasOwn(messages, problem.code)) log.error({ code: problem.code }, 'an error code has no message');
    if (response.headersSent) {
      next(error);
      return;
    }
    if (problem.status === 401) response.set('www-authenticate', challenge(problem.code));
    if (problem.status === 503) response.set('retry-after', '1');
    response
      .status(problem.status)
      .set({ ...headers, 'cache-control': 'no-store', 'content-language': languageOf(request) })
      .type('application/problem+json')
      .send(JSON.stringify(problem));
  };
}

/** Only what speaks of the token says that the token is at fault: a wrong password beside a good one must not end a session. */
const challenge = (code: string): string =>
  code === 'device-proof-invalid'
    ? 'DPoP error="invalid_dpop_proof", algs="ES256 EdDSA Ed25519"'
    : code.startsWith('token-')
      ? `Bearer error="invalid_token", error_description="${code}"`
      : 'Bearer';

/** Where an expected failure came from, in one line: its own stack would only lead back here. */
const causeOf = (error: unknown): string | undefined =>
  error instanceof Error && error.cause instanceof Error ? error.cause.message : undefined;
