import { formatSerial, type SerialRange } from '@lotwarden/platform/serial-range';
import type { Root } from './roots.ts';

/** A root as a person would write it. */
export function rootName(root: Root): string {
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
