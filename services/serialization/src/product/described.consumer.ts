import { consumer } from '@lotwarden/platform/consumer';
import { mergePlaceholder } from '@lotwarden/platform/gate';
import type { LotDirectory } from '@lotwarden/platform/lot-directory';
import type { Work } from '@lotwarden/platform/store';
import type { House } from '../house.ts';

/** What production says of products and lots: what may be serialised, under which device identifier. */
export const described = ({ products, lots, serials }: House, directory: LotDirectory) => {
  const merge = (work: Work, placeholder: string, lot: string) => mergePlaceholder(work, serials, placeholder, lot);
  return [
    consumer({
      topic: 'mes-bridge.product.v1',
      group: 'serialization.lots',
      on: {
        ProductSpecified: ({ event: { product, gtin } }, work) =>
          work.append(products, product, [{ type: 'ProductDescribed', gtin }]),
      },
    }),
    consumer({
      topic: 'mes-bridge.production-lot.v1',
      group: 'serialization.lots',
      on: {
        ProductionLotDeclared: async ({ event }, work) => {
          const { lot, product, kind } = event;
          await work.append(lots, lot, [{ type: 'LotDescribed', product, kind }]);
          await directory.hear(work, event, merge);
        },
        LotAliasAssigned: ({ event }, work) => directory.hear(work, event, merge),
      },
    }),
  ];
};
