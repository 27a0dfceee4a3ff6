import { Rejected } from '@lotwarden/platform/errors';
import type { LotRef } from '@lotwarden/platform/lot-ref';
import type { AskOptions } from '../graph/graph.client.ts';
import type { Replica } from '../graph/replica.client.ts';
import type { AsOf } from './as-of.store.ts';

/** The one lot that the name was known to mean then. Throws `lot-unknown-then`, `lot-ambiguous`, `past-too-large`. */
export async function lotNamedThen({ named }: Pick<AsOf, 'named'>, name: string | LotRef, at: string): Promise<string> {
  const told = typeof name === 'string' ? name : `${name.system}/${name.code}`;
  const lot = only(told, await named(name, at));
  if (lot === undefined) throw new Rejected('lot-unknown-then', { lot: told, asOf: at });
  return lot;
}

/**
 * Ids of the lot that the name was known to mean then, and of its placeholders; none of one that somebody told of only
 * later. Throws `lot-unknown` for one that nobody knows now either, `lot-ambiguous`, `past-too-large`.
 */
export async function idsNamedThen(
  { replica, asOf }: { readonly replica: Pick<Replica, 'ask'>; readonly asOf: Pick<AsOf, 'named' | 'ids'> },
  name: string,
  at: string,
  options: AskOptions,
): Promise<readonly string[]> {
  const [now = []] = await replica.ask('resolve', { names: [name] }, options);
  if (now.length === 0) throw new Rejected('lot-unknown', { lot: name });
  const lot = only(name, await asOf.named(name, at));
  return lot === undefined ? [] : asOf.ids(lot, at);
}

function only(name: string, [lot, ...others]: readonly string[]): string | undefined {
  if (lot !== undefined && others.length > 0)
    throw new Rejected('lot-ambiguous', { lot: name, lots: [lot, ...others].join(', ') });
  return lot;
}
