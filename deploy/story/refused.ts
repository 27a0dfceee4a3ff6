/** A problem+json answer (RFC 9457). */
export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail?: unknown;
}

/** A service said no. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: number;
  readonly problem: Problem;

  constructor(request: string, status: number, problem: Problem) {
    super(`${request}: ${status} ${problem.code} ${problem.title} ${JSON.stringify(problem).slice(0, 400)}`);
    this.status = status;
    this.problem = problem;
  }
}
