export interface SnapshotSettings {
  /** A folder of this replica alone. */
  readonly folder: string;
  /** Milliseconds after which one is written, if anything has come since the last. */
  readonly every: number;
  /** Facts after which one is written before its time. */
  readonly growth: number;
  /** What is there is of other topics than these: begin anew. */
  readonly ignore?: boolean;
}

/** What becomes of snapshots, for the log. */
export type SnapshotNews =
  | { readonly kind: 'snapshot-unusable'; readonly reason: string }
  | { readonly kind: 'snapshot-read'; readonly milliseconds: number }
  | { readonly kind: 'snapshot-written'; readonly milliseconds: number; readonly bytes: number; readonly held: number }
  | { readonly kind: 'snapshot-failed'; readonly reason: string };
