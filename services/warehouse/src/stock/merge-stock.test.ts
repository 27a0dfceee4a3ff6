import { expect, test } from '@jest/globals';
import Big from 'big.js';
import fc from 'fast-check';
import { ea, serials } from '../../test/goods.ts';
import { mergeStock } from './merge-stock.ts';
import { evolve, NO_STOCK, type Stock, type StockEvent } from './stock.ts';

const event = (type: 'StockReceived' | 'StockShipped' | 'StockReturned', location: string, n: number, first: number) =>
  ({
    type,
    lot: 'X-1',
    quantity: ea(n),
    site: 'SZ1',
    location,
    serials: serials(first, first + n - 1),
    cause: { kind: 'receipt', id: '1' },
    violations: [],
  }) as const satisfies StockEvent;

const sum = ({ buckets }: Stock) => buckets.reduce((all, b) => all.plus(b.quantity.value), new Big(0)).toNumber();

test('a merge moves quantities and serials as they are, missing and returned ones too, and leaves nothing behind', () => {
  const history = fc.array(
    fc.record({
      type: fc.constantFrom('StockReceived' as const, 'StockShipped' as const, 'StockReturned' as const),
      location: fc.constantFrom('FIN', 'QUAR', 'SHIP'),
      n: fc.integer({ min: 1, max: 9 }),
      first: fc.integer({ min: 1, max: 40 }),
    }),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(history, (steps) => {
      const unknown = steps
        .map(({ type, location, n, first }) => event(type, type === 'StockReturned' ? 'QUAR' : location, n, first))
        .reduce<Stock>(evolve, NO_STOCK);
      const named = { placeholder: 'X-1', lot: 'F-1' };
      const { out, into } = mergeStock(unknown, named, ({ location }) => location === 'QUAR');
      const [emptied, lot] = [out.reduce(evolve, unknown), into.reduce(evolve, NO_STOCK)];
      expect(emptied).toMatchObject({ buckets: [], serials: [], left: [] });
      expect(sum(lot)).toBe(sum(unknown));
      expect([lot.serials, lot.left]).toEqual([unknown.serials, unknown.left]);
      expect(lot.buckets.map(({ location, quantity }) => [location, quantity.value]).sort()).toEqual(
        unknown.buckets.map(({ location, quantity }) => [location, quantity.value]).sort(),
      );
      expect([...out, ...into].every((e) => e.type !== 'StockAdjusted' && e.cause.kind === 'merge')).toBe(true);
      const again = mergeStock(emptied, named, () => false);
      expect([...again.out, ...again.into]).toEqual([]);
    }),
  );
});
