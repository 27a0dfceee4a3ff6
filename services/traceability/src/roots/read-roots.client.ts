import { Rejected } from '@lotwarden/platform/errors';
import { formatSerial, type SerialRange } from '@lotwarden/platform/serial-range';
import type { z } from 'zod';
import type { Root, RootFound } from './roots.ts';
import type { RootsBody } from './schemas.routes.ts';

type Told = z.output<typeof RootsBody>;

/** A lot may be told by its mere name. */
export const rootsFrom = (told: Told): Root[] =>
  told.map((one) => (typeof one === 'string' || 'system' in one ? { lot: one } : one));

/** Throws `roots-unknown` with the name of each root that nobody knows, `lot-ambiguous` for one that means several lots. */
export function assertFound(roots: readonly Root[], found: readonly RootFound[]): void {
  const unknown = roots.filter((_, at) => found[at]?.is === 'unknown').map(nameOf);
  const ambiguous = found.findIndex(({ is }) => is === 'ambiguous');
  if (unknown.length === 1 && roots.length === 1) throw new Rejected('lot-unknown', { lot: unknown[0] });
  if (unknown.length > 0)
    throw new Rejected('roots-unknown', { count: unknown.length, of: roots.length, unknown: unknown.join(', ') });
  const several = roots[ambiguous];
  if (several)
    throw new Rejected('lot-ambiguous', { lot: nameOf(several), lots: found[ambiguous]?.candidates.join(', ') });
}

function nameOf(root: Root): string {
  if ('container' in root) return root.container;
  const { lot, operation } = 'alongside' in root ? root.alongside : { lot: undefined, operation: undefined, ...root };
  if (lot !== undefined) return typeof lot === 'string' ? lot : `${lot.system}/${lot.code}`;
  if (operation !== undefined) return operation;
  if ('serials' in root && root.serials) return root.serials.map(unitsNamed).join(', ');
  return JSON.stringify(root);
}

const unitsNamed = (range: SerialRange): string => {
  const { gtin, first, last } = range;
  const [from, to] = [formatSerial(range, first), formatSerial(range, last)];
  return from === to ? `${gtin} ${from}` : `${gtin} ${from}–${to}`;
};
