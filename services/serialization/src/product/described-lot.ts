import { Rejected } from '@lotwarden/platform/errors';

/** A product's device identifier, and the lots that wait for it: lots and products come on topics that race each other. */
export interface DescribedProduct {
  readonly gtin: string | null;
}

export type DescribedProductEvent = { readonly type: 'ProductDescribed'; readonly gtin: string | null };

export const UNDESCRIBED_PRODUCT: DescribedProduct = { gtin: null };

export const evolveProduct = (_known: DescribedProduct, { gtin }: DescribedProductEvent): DescribedProduct => ({
  gtin,
});

/** What production says of a lot. */
export interface DescribedLot {
  readonly product: string | null;
  readonly kind: string;
}

export type DescribedLotEvent = {
  readonly type: 'LotDescribed';
  readonly product: string | null;
  readonly kind: string;
};

export const UNDESCRIBED_LOT: DescribedLot = { product: null, kind: 'unknown' };

export const evolveLot = (_known: DescribedLot, { product, kind }: DescribedLotEvent): DescribedLot => ({
  product,
  kind,
});

/** Serials are given to finished goods, under the product's own device identifier. */
export function productToSerialise(
  lot: string,
  known: DescribedLot,
  ofProduct: DescribedProduct,
  gtin: string,
): string {
  if (known.product === null) throw new Rejected('lot-unknown', { lot });
  if (known.kind !== 'finished') throw new Rejected('lot-not-finished-goods', { lot });
  if (ofProduct.gtin === null) throw new Rejected('product-without-gtin', { lot, product: known.product });
  if (ofProduct.gtin !== gtin) throw new Rejected('gtin-of-other-product', { lot, gtin, wanted: ofProduct.gtin });
  return known.product;
}
