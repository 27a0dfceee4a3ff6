import type { LotLine, SerialRange } from '@lotwarden/contracts/events';

export const ea = (n: number) => ({ value: String(n), unit: 'EA' });
const GTIN = '09520123456788';
export const serials = (first: number, last: number): SerialRange[] => [
  { gtin: GTIN, prefix: 'IP', width: 6, first, last },
];
export const line = (lot: string, n: number, over: Partial<LotLine> = {}): LotLine => ({
  lot,
  quantity: ea(n),
  serials: [],
  containers: [],
  ...over,
});
