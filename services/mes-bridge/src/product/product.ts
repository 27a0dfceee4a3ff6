import type { BomLine, Characteristic, EventOf } from '@lotwarden/contracts/events';
import { Rejected } from '@lotwarden/platform/errors';
import { isGtin14 } from '@lotwarden/platform/ids';

export type ProductEvent = EventOf<'mes-bridge.product.v1'>;

export interface ProductRevision {
  readonly product: string;
  readonly revision: string;
  readonly name: string;
  readonly nameZh: string | null;
  readonly kind: string;
  readonly unit: string;
  readonly gtin: string | null;
  /** What it is counted under. */
  readonly productLine: string | null;
  readonly validFrom: string;
  readonly bom: readonly BomLine[];
  readonly characteristics: readonly Characteristic[];
}

/** A product we make with all its revisions, newest validity last. */
export interface Product {
  readonly revisions: readonly ProductRevision[];
}

export const UNKNOWN_PRODUCT: Product = { revisions: [] };

export function evolve(product: Product, { type: _, ...revision }: ProductEvent): Product {
  const revisions = [...product.revisions, revision];
  return { revisions: revisions.sort((a, b) => (a.validFrom < b.validFrom ? -1 : 1)) };
}

/** A revision, once specified, stands; unit and kind never change, since lots are counted in them. */
export function specifyProduct(product: Product, asked: ProductRevision): ProductEvent[] {
  const { product: id, revision } = asked;
  if (product.revisions.some((r) => r.revision === revision))
    throw new Rejected('product-revision-already-specified', { product: id, revision });
  if (product.revisions.some((r) => r.unit !== asked.unit || r.kind !== asked.kind))
    throw new Rejected('product-unit-and-kind-fixed', { product: id });
  if (asked.kind === 'finished' && (asked.gtin === null || !isGtin14(asked.gtin)))
    throw new Rejected('gtin-invalid', { product: id, gtin: asked.gtin });
  return [{ type: 'ProductSpecified', ...asked }];
}

/** The revision in force at a moment; the oldest one for a moment before any (an operation reported late). */
export const revisionInForce = (product: Product, moment: string): ProductRevision | undefined =>
  product.revisions.findLast((r) => r.validFrom <= moment) ?? product.revisions[0];
