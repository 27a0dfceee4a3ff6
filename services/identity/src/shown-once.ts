import { Rejected } from '@lotwarden/platform/errors';
import type { Context } from '@lotwarden/platform/store';

/** Before an answer that holds a secret: answers to requests with a key are kept in the database for the repeat. */
export function assertShownOnce({ idempotencyKey }: Pick<Context, 'idempotencyKey'>): void {
  if (idempotencyKey !== undefined) throw new Rejected('secret-shown-once');
}
