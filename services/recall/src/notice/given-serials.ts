import { union, type SerialRange } from '@lotwarden/platform/serial-range';

/** All serials of a lot that ever came to a party; what it gave back or used is not taken off. */
export interface GivenSerials {
  readonly custodian: string;
  readonly lot: string;
  readonly serials: readonly SerialRange[];
}

export const givenId = (custodian: string, lot: string): string => `${custodian}|${lot}`;

export const addGiven = (known: GivenSerials | undefined, { custodian, lot, serials }: GivenSerials): GivenSerials => ({
  custodian,
  lot,
  serials: union(known?.serials ?? [], serials),
});
