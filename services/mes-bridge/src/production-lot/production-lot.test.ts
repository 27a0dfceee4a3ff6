import { expect, test } from '@jest/globals';
import { given as givenEvents } from '@lotwarden/platform/testing/given';
import { revisionInForce, UNKNOWN_PRODUCT } from '../product/product.ts';
import { declareLot, evolve, resolvePlaceholder, UNKNOWN_LOT, type ProductionLotEvent } from './production-lot.ts';

const name = (code: string) => ({ system: 'MES-SZ', code });
const asked = {
  lot: 'F-1',
  product: 'IP-200',
  revision: 'A',
  kind: 'finished',
  site: 'SZ1',
  workOrder: null,
  aliases: [name('F1')],
  placeholder: false,
};
const given = (...history: ProductionLotEvent[]) => givenEvents(UNKNOWN_LOT, evolve, history);
const declared = declareLot(UNKNOWN_LOT, asked);

test('a lot is declared once; a second declaration brings only further names', () => {
  given(...declared)
    .when((lot) => declareLot(lot, asked))
    .then([]);
  given(...declared)
    .when((lot) => declareLot(lot, { ...asked, aliases: [name('F1'), name('ERP-1')] }))
    .then([{ type: 'LotAliasAssigned', lot: 'F-1', alias: name('ERP-1'), placeholder: null }]);
  given(...declared)
    .when((lot) => declareLot(lot, { ...asked, product: 'IP-300' }))
    .rejects('lot-already-declared');
});

test('a lot of a product that was unknown is specified later', () => {
  const unspecified = { ...asked, revision: null, kind: 'unknown' };
  given(...declareLot(UNKNOWN_LOT, unspecified))
    .when((lot) => declareLot(lot, asked))
    .thenLike([{ type: 'ProductionLotDeclared', kind: 'finished', revision: 'A' }]);
});

test('a name that a placeholder had is told with it, and kept once', () => {
  const events = [...declared, ...resolvePlaceholder('F-1', name('F1'), 'X-1')];
  expect(events.reduce(evolve, UNKNOWN_LOT)).toMatchObject({ status: 'declared', aliases: [name('F1')] });
  given(...declareLot(UNKNOWN_LOT, { ...asked, lot: 'X-1', product: null, placeholder: true }))
    .when((lot) => declareLot(lot, asked))
    .thenLike([{ type: 'ProductionLotDeclared', placeholder: false }]);
});

test('the revision in force is the newest that was valid; before any, the first one', () => {
  const revision = (id: string, validFrom: string) => ({ ...UNKNOWN_REVISION, revision: id, validFrom });
  const product = { revisions: [revision('A', '2026-02-01'), revision('B', '2026-03-01')] };
  expect(revisionInForce(product, '2026-02-15')?.revision).toBe('A');
  expect(revisionInForce(product, '2026-04-01')?.revision).toBe('B');
  expect(revisionInForce(product, '2026-01-01')?.revision).toBe('A');
  expect(revisionInForce(UNKNOWN_PRODUCT, '2026-01-01')).toBeUndefined();
});

const UNKNOWN_REVISION = {
  product: 'IP-200',
  name: 'Pump',
  nameZh: null,
  kind: 'finished',
  unit: 'EA',
  gtin: null,
  productLine: null,
  bom: [],
  characteristics: [],
};
