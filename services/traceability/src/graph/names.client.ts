import { Rejected } from '@lotwarden/platform/errors';
import type { LotRef } from '@lotwarden/platform/lot-ref';
import type { AskOptions } from './graph.client.ts';
import type { Replica } from './replica.client.ts';

type Asking = Pick<Replica, 'ask'>;

const text = (name: string | LotRef): string => (typeof name === 'string' ? name : `${name.system}/${name.code}`);

/** The one lot that each name means. Throws `lot-unknown`, `lot-ambiguous`. */
export async function lotsNamed(
  { ask }: Asking,
  names: readonly (string | LotRef)[],
  options?: AskOptions,
): Promise<string[]> {
  const found = await ask('resolve', { names }, options);
  return found.map((lots, index) => {
    const name = text(names[index] ?? '');
    const [lot, ...others] = lots;
    if (lot === undefined) throw new Rejected('lot-unknown', { lot: name });
    if (others.length > 0) throw new Rejected('lot-ambiguous', { lot: name, lots: lots.join(', ') });
    return lot;
  });
}

/** Every lot that a name may mean; a name that nobody knows yet stands for itself. */
export async function rootsNamed({ ask }: Asking, names: readonly (string | LotRef)[]): Promise<string[]> {
  const found = await ask('resolve', { names });
  return found.flatMap((lots, index) => (lots.length > 0 ? lots : [text(names[index] ?? '')]));
}
