/** Chance that can be repeated: the same seed always gives the same draws, on every machine. */
export interface Random {
  /** A whole number from 0 up to but without `below`. */
  readonly below: (below: number) => number;
  /** A whole number from `low` to `high`, both possible. */
  readonly between: (low: number, high: number) => number;
  /** True in `share` of all cases. */
  readonly chance: (share: number) => boolean;
  /** One of the items; throws for none. */
  readonly pick: <T>(items: readonly T[]) => T;
}

/** mulberry32: 32 bits of state, good enough to draw a factory. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    between: (low, high) => low + below(high - low + 1),
    chance: (share) => next() < share,
    pick: (items) => {
      const item = items[below(items.length)];
      if (item === undefined) throw new RangeError('nothing to pick from');
      return item;
    },
  };
}
