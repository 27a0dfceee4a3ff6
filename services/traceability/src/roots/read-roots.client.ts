import { Rejected } from '@lotwarden/platform/errors';
import { formatSerial } from '@lotwarden/platform/serial-range';
import type { z } from 'zod';
import { rootName } from './root-name.ts';
import type { Root, RootFound } from './roots.ts';
import type { RootsBody } from './schemas.routes.ts';

type Told = z.output<typeof RootsBody>;

/** A lot may be told by its mere name. */
export const rootsFrom = (told: Told): Root[] =>
  told.map((one) => (typeof one === 'string' || 'system' in one ? { lot: one } : one));

/**
 * Throws `roots-unknown` with the name of each root that nobody knows, `lot-ambiguous` for one that means several lots. A
 * single root is named for what it is: `lot-unknown`, `serial-unknown`, `container-unknown`, `operation-unknown`.
 */
export function assertFound(roots: readonly Root[], found: readonly RootFound[]): void {
  const unknown = roots.filter((_, at) => found[at]?.is === 'unknown').map(rootName);
  const ambiguous = found.findIndex(({ is }) => is === 'ambiguous');
  const [only, ...others] = roots;
  if (unknown.length === 1 && only && others.length === 0) throw unknownRoot(only);
  if (unknown.length > 0)
    throw new Rejected('roots-unknown', { count: unknown.length, of: roots.length, unknown: unknown.join(', ') });
  const several = roots[ambiguous];
  if (several)
    throw new Rejected('lot-ambiguous', { lot: rootName(several), lots: found[ambiguous]?.candidates.join(', ') });
}

function unknownRoot(root: Root): Rejected {
  if ('container' in root) return new Rejected('container-unknown', { container: root.container });
  const through = 'alongside' in root && root.alongside.lot === undefined ? root.alongside.operation : undefined;
  const operation = 'operation' in root ? root.operation : through;
  if (operation !== undefined) return new Rejected('operation-unknown', { operation });
  const [range, ...others] = 'serials' in root && !('lot' in root) ? root.serials : [];
  if (range && others.length === 0 && range.first === range.last)
    return new Rejected('serial-unknown', { serial: formatSerial(range, range.first), gtin: range.gtin });
  if (range) return new Rejected('roots-unknown', { count: 1, of: 1, unknown: rootName(root) });
  return new Rejected('lot-unknown', { lot: rootName(root) });
}

/** What a question from roots may be refused with because of these. */
export const ROOT_ERRORS = [
  'lot-unknown',
  'serial-unknown',
  'container-unknown',
  'operation-unknown',
  'roots-unknown',
  'lot-ambiguous',
] as const;
