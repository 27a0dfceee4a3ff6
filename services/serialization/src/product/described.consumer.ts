import { consumer } from '@lotwarden/platform/consumer';
import { mergePlaceholder } from '@lotwarden/platform/gate';
import type { LotDirectory } from '@lotwarden/platform/lot-directory';
import type { Work } from '@lotwarden/platform/store';
import type { House } from '../house.ts';
import type { SerialFollower } from '../serial-range/follow-serials.store.ts';

const GROUP = 'serialization.lots';

interface Needs {
  readonly house: Pick<House, 'products' | 'lots' | 'serials'>;
  readonly directory: LotDirectory;
  readonly follower: SerialFollower;
}

/** What production and receiving say of products and lots: what may be serialised, and how others call it. */
export function described({ house: { products, lots, serials }, directory, follower }: Needs) {
  async function merge(work: Work, placeholder: string, lot: string): Promise<void> {
    await mergePlaceholder(work, serials, placeholder, lot);
    await follower.merged(work, placeholder);
  }
  return [
    consumer({
      topic: 'mes-bridge.product.v1',
      group: GROUP,
      on: {
        ProductSpecified: ({ event: { product, revision, gtin } }, work) =>
          work.append(products, product, [{ type: 'ProductDescribed', revision, gtin }]),
      },
    }),
    consumer({
      topic: 'mes-bridge.production-lot.v1',
      group: GROUP,
      on: {
        ProductionLotDeclared: async ({ event }, work) => {
          const { lot, product, revision, kind, site } = event;
          await work.append(lots, lot, [{ type: 'LotDescribed', product, revision, kind, site }]);
          await directory.hear(work, event, merge);
        },
        LotAliasAssigned: ({ event }, work) => directory.hear(work, event, merge),
      },
    }),
    // A component that was unknown when it was used: its holds go along when it is named.
    consumer({
      topic: 'receiving.material-lot.v1',
      group: GROUP,
      on: {
        MaterialLotReceived: ({ event }, work) => directory.hear(work, event, merge),
        LotAliasAssigned: ({ event }, work) => directory.hear(work, event, merge),
      },
    }),
  ];
}
