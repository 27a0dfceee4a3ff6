import type { LotRef } from '@lotwarden/platform/lot-ref';

/** A supplier's lot as receiving tells of it: whether the line may use it, and what it is. `_id` is the lot. */
export interface Material {
  readonly _id: string;
  readonly status: 'pending' | 'accepted' | 'rejected';
  /** ISO 8601, by receiving's clock; null until it is. */
  readonly acceptedAt: string | null;
  /** The part, and the unit it is counted in. */
  readonly item: string;
  readonly unit: string;
  readonly aliases: readonly LotRef[];
}

/** The collection of these documents: a projection of what receiving says. */
export const MATERIALS = 'materials';
