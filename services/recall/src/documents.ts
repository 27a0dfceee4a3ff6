import type { PlainDocument } from '@lotwarden/platform/store';

/** A plain record as it lies in MongoDB. */
export type Doc<T> = T & PlainDocument;

/** The record without what only MongoDB needs of it. */
export function record<T extends object>({ _id, ...rest }: Doc<T>): T {
  return rest as unknown as T;
}
