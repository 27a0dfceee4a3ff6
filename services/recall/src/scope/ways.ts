import type { ScopeLot, ScopeWay } from '@lotwarden/contracts/events';

/** A lot of a scope, and every step by which the scope reaches it from another. */
export interface Reachable {
  readonly lot: string;
  readonly ways: readonly ScopeWay[];
}

const keyOf = ({ from, operation }: ScopeWay): string => `${operation} ${from}`;

/** All steps into a lot; of an answer that names none (before they were named), the last one of its path. */
export function waysInto({ ways, path }: Pick<ScopeLot, 'ways' | 'path'>): readonly ScopeWay[] {
  const last = path.at(-2);
  return ways.length > 0 || !last || last.operation === null ? ways : [{ from: last.lot, operation: last.operation }];
}

/** Steps only come to be known, in one order: a voided one was a way all the same, and release looks at it. */
export const unionWays = (a: readonly ScopeWay[], b: readonly ScopeWay[]): ScopeWay[] =>
  [...new Map([...a, ...b].map((way) => [keyOf(way), way])).values()].sort((x, y) => (keyOf(x) < keyOf(y) ? -1 : 1));

export function hasNewWay(known: readonly ScopeWay[], said: readonly ScopeWay[]): boolean {
  const before = new Set(known.map(keyOf));
  return said.some((way) => !before.has(keyOf(way)));
}

/**
 * A step that was not known before is a new path to every lot behind it: the lot it leads to, and all that the scope
 * reaches through that.
 *
 * @param before the scope as it was known
 * @param now what became of some of its lots, or came to them
 */
export function behindNewWays(before: readonly Reachable[], now: readonly Reachable[]): Set<string> {
  const known = new Map(before.map((one) => [one.lot, one]));
  const news = now.filter(({ lot, ways }) => hasNewWay(known.get(lot)?.ways ?? [], ways)).map(({ lot }) => lot);
  for (const one of now) known.set(one.lot, one);
  const onwards = Map.groupBy(
    [...known.values()].flatMap(({ lot, ways }) => ways.map(({ from }) => ({ from, lot }))),
    ({ from }) => from,
  );
  return closure(news, (lot) => (onwards.get(lot) ?? []).map((step) => step.lot));
}

/** Operations on any path of the scope to each of these lots, sorted. */
export function operationsOnWaysTo(scope: readonly Reachable[]): (lot: string) => readonly string[] {
  const ways = new Map(scope.map((one) => [one.lot, one.ways]));
  return (lot) => {
    const upstream = closure([lot], (one) => (ways.get(one) ?? []).map(({ from }) => from));
    const operations = [...upstream].flatMap((one) => (ways.get(one) ?? []).map(({ operation }) => operation));
    return [...new Set(operations)].sort();
  };
}

function closure(from: Iterable<string>, next: (lot: string) => readonly string[]): Set<string> {
  const found = new Set<string>();
  const open = [...from];
  for (let lot = open.pop(); lot !== undefined; lot = open.pop()) {
    if (found.has(lot)) continue;
    found.add(lot);
    open.push(...next(lot));
  }
  return found;
}
