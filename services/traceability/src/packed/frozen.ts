/**
 * What a structure is at one moment: small things as JSON, bytes in pieces. Pieces that are still written to are only
 * written to behind what counts, so that they may be saved bit by bit while facts go on to come.
 */
export interface Frozen {
  readonly meta: Readonly<Record<string, unknown>>;
  readonly parts: Readonly<Record<string, readonly Uint8Array[]>>;
}
