import type { EventOf, Signature } from '@lotwarden/contracts/events';

export type HoldEvent = EventOf<'recall.hold.v1'>;

/** A hold as the gates were told. Which lots it holds are documents of their own (correctness rule 27). */
export type Hold =
  | { readonly status: 'unknown' }
  | {
      readonly status: 'placed';
      readonly hold: string;
      readonly case: string;
      readonly epoch: number;
      /** Placed by one person before a launch was signed. */
      readonly provisional: boolean;
      /** Of the manifest: lots held now, and the digest over them. */
      readonly count: number;
      readonly digest: string;
    };

export const NO_HOLD: Hold = { status: 'unknown' };

export function evolve(hold: Hold, event: HoldEvent): Hold {
  switch (event.type) {
    case 'HoldPlaced': {
      const { hold: id, case: recall, epoch, provisional } = event;
      const { count, digest } = hold.status === 'placed' ? hold : { count: 0, digest: '' };
      return { status: 'placed', hold: id, case: recall, epoch, provisional, count, digest };
    }
    case 'HoldReleased':
      return hold.status === 'unknown' ? hold : { ...hold, epoch: event.epoch };
    case 'HoldManifest':
      return hold.status === 'unknown'
        ? hold
        : { ...hold, epoch: event.epoch, count: event.count, digest: event.digest };
  }
}

/** What two people signed when lots were let go; kept for ever. */
export interface HoldRelease {
  readonly hold: string;
  readonly case: string;
  readonly epoch: number;
  readonly lots: readonly string[];
  readonly reviewedOperations: readonly string[];
  readonly reason: string;
  readonly signatures: readonly Signature[];
}
