import { Rejected } from '@lotwarden/platform/errors';

/** The device identifier of each revision of a product; null where it has none. The last one heard comes last. */
export interface DescribedProduct {
  readonly revisions: readonly { readonly revision: string; readonly gtin: string | null }[];
}

export interface DescribedProductEvent {
  readonly type: 'ProductDescribed';
  readonly revision: string;
  readonly gtin: string | null;
}

export const UNDESCRIBED_PRODUCT: DescribedProduct = { revisions: [] };

export const evolveProduct = (
  { revisions }: DescribedProduct,
  { revision, gtin }: DescribedProductEvent,
): DescribedProduct => ({
  revisions: [...revisions.filter((known) => known.revision !== revision), { revision, gtin }],
});

/** What production says of a lot. Null where it does not know: placeholders, products not specified yet. */
export interface DescribedLot {
  readonly product: string | null;
  readonly revision: string | null;
  readonly kind: string;
  /** Where it is made; absent while nobody said. */
  readonly site?: string;
}

export interface DescribedLotEvent extends DescribedLot {
  readonly type: 'LotDescribed';
}

export const UNDESCRIBED_LOT: DescribedLot = { product: null, revision: null, kind: 'unknown' };

export const evolveLot = (
  known: DescribedLot,
  { type: _, site = known.site, ...said }: DescribedLotEvent,
): DescribedLot => ({
  ...said,
  ...(site !== undefined && { site }),
});

/**
 * Serials are given to finished goods, under the device identifier of the very revision they are of. Throws
 * `lot-unknown`, `lot-not-finished-goods`, `product-without-gtin`, `gtin-of-other-product`.
 */
export function productToSerialise(lot: string, known: DescribedLot, { revisions }: DescribedProduct, gtin: string) {
  const { product, revision, kind } = known;
  if (product === null) throw new Rejected('lot-unknown', { lot });
  if (kind !== 'finished') throw new Rejected('lot-not-finished-goods', { lot });
  const described = revision === null ? revisions.at(-1) : revisions.find((each) => each.revision === revision);
  // Lots and products come on topics that race each other.
  if (!described || described.gtin === null) throw new Rejected('product-without-gtin', { lot, product });
  if (described.gtin !== gtin) throw new Rejected('gtin-of-other-product', { lot, gtin, wanted: described.gtin });
  return product;
}
