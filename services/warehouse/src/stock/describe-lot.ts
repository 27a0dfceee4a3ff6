import type { Cause } from '@lotwarden/contracts/events';
import type { Stock, StockEvent } from './stock.ts';

export type Description = Partial<Pick<Stock, 'item' | 'kind' | 'status' | 'markets'>>;

/** What the owners of a lot say it is; nothing if that is known. What they do not speak of stays as it was. */
export function describeLot(stock: Stock, lot: string, said: Description, cause: Cause): StockEvent[] {
  const { item, kind, status, markets } = { ...stock, ...said };
  const same =
    stock.lot === lot &&
    stock.item === item &&
    stock.kind === kind &&
    stock.status === status &&
    stock.markets.join('\n') === markets.join('\n');
  return same ? [] : [{ type: 'StockStatusChanged', lot, item, kind, status, markets, cause }];
}

export const withMarket = (stock: Stock, market: string): string[] => [...new Set([...stock.markets, market])].sort();

export const withoutMarket = (stock: Stock, market: string): string[] => stock.markets.filter((m) => m !== market);
