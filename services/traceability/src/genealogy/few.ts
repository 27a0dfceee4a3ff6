/** Sets of a lot are nearly always empty, and a lot has three: all empty ones are this one. */
export const NONE: ReadonlySet<never> = new Set();

/** The set with one more: the same one, unless it was empty. */
export function withOne<T>(set: ReadonlySet<T>, value: T): ReadonlySet<T> {
  if (set === NONE) return new Set([value]);
  (set as Set<T>).add(value);
  return set;
}

export function withoutOne<T>(set: ReadonlySet<T>, value: T): ReadonlySet<T> {
  if (set !== NONE) (set as Set<T>).delete(value);
  return set;
}
