/** What an error tells beyond its code: plain data that goes into its message and to the caller. Never secrets. */
export type ErrorDetail = Readonly<Record<string, unknown>>;

/** The family every layer knows how to treat: HTTP answers, consumers record, retry, pause or park by it. */
export abstract class LotwardenError extends Error {
  readonly code: string;
  readonly detail: ErrorDetail;
  /** Whether the same attempt may succeed later without anybody changing anything. */
  abstract readonly retriable: boolean;

  constructor(code: string, detail: ErrorDetail = {}, options?: ErrorOptions) {
    super(code, options);
    this.code = code;
    this.detail = detail;
  }
}

export type RejectedStatus = 400 | 401 | 403 | 404 | 405 | 406 | 409 | 412 | 413 | 415 | 422 | 428 | 429 | 501;

/** The business says no. HTTP answers with the status of the code's message; a consumer parks the message's key. */
export class Rejected extends LotwardenError {
  override readonly name = 'Rejected';
  readonly retriable = false;
  /** Overrides the status that the code's message names. */
  readonly status: RejectedStatus | undefined;

  constructor(code: string, detail: ErrorDetail = {}, status?: RejectedStatus, options?: ErrorOptions) {
    super(code, detail, options);
    this.status = status;
  }
}

/** Somebody else changed the same thing first; deciding again on what is there now may succeed. */
export class Conflict extends LotwardenError {
  override readonly name = 'Conflict';
  readonly retriable = true;

  constructor(code = 'version-conflict', detail: ErrorDetail = {}, options?: ErrorOptions) {
    super(code, detail, options);
  }
}

/** Something we depend on does not answer now; wait and try the same again. */
export class Transient extends LotwardenError {
  override readonly name = 'Transient';
  readonly retriable = true;

  constructor(code = 'upstream-unavailable', detail: ErrorDetail = {}, options?: ErrorOptions) {
    super(code, detail, options);
  }
}

/** A message nobody will ever be able to read: it goes to the dead letters as it came. */
export class Poison extends LotwardenError {
  override readonly name = 'Poison';
  readonly retriable = false;
}
