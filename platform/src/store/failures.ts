import { MongoError, MongoNetworkError, MongoServerSelectionError } from 'mongodb';
import { Conflict, LotwardenError, Transient } from '../errors.ts';

/** The stored offset is not where this batch began: another consumer took the partition over. Stop, do not retry. */
export class OffsetFenced extends LotwardenError {
  override readonly name = 'OffsetFenced';
  readonly retriable = false;
}

/** An inbound message of this unit was handled before. */
export class AlreadyHandled extends LotwardenError {
  override readonly name = 'AlreadyHandled';
  readonly retriable = false;
}

export const DUPLICATE_KEY = 11000;
const WRITE_CONFLICT = 112;

export const isDuplicateKey = (error: unknown): boolean => error instanceof MongoError && error.code === DUPLICATE_KEY;

export const isCommitUnknown = (error: unknown): boolean =>
  error instanceof MongoError && error.hasErrorLabel('UnknownTransactionCommitResult');

/** What MongoDB says, in our taxonomy; an error of ours or a bug comes back as it is. */
export function understand(error: unknown): unknown {
  if (!(error instanceof MongoError)) return error;
  if (isCommitUnknown(error)) return new Transient('commit-unknown', {}, { cause: error });
  if (error instanceof MongoNetworkError || error instanceof MongoServerSelectionError)
    return new Transient('database-unavailable', {}, { cause: error });
  const lostTheRace = error.code === DUPLICATE_KEY || error.code === WRITE_CONFLICT;
  if (lostTheRace || error.hasErrorLabel('TransientTransactionError'))
    return new Conflict('version-conflict', {}, { cause: error });
  return error;
}
