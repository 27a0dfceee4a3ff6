import type { Contact, EventOf } from '@lotwarden/contracts/events';
import { Rejected } from '@lotwarden/platform/errors';

export type PartyEvent = EventOf<'field.party.v1'>;

export const PARTY_ROLES = ['sold-to', 'ship-to', 'custodian', 'distributor', 'hospital'] as const;

/** An organisation beyond our dock: buys, is shipped to, or holds our goods. */
export type Party =
  | { readonly status: 'unknown' }
  | {
      readonly status: 'registered';
      readonly party: string;
      readonly name: string;
      readonly nameZh: string | null;
      readonly roles: readonly string[];
      readonly region: string;
      readonly channel: string;
      readonly country: string;
      readonly contacts: readonly Contact[];
    };

export const UNKNOWN_PARTY: Party = { status: 'unknown' };

export const evolve = (_known: Party, { type: _, ...facts }: PartyEvent): Party => ({ status: 'registered', ...facts });

/** Without somebody to call there is nobody to tell: a party needs a contact. */
export function registerParty(known: Party, asked: Omit<PartyEvent, 'type'>): PartyEvent[] {
  if (known.status === 'registered') throw new Rejected('party-already-registered', { party: asked.party });
  if (!asked.contacts.some((contact) => contact.email ?? contact.phone))
    throw new Rejected('party-without-contact', { party: asked.party });
  return [{ type: 'PartyRegistered', ...asked }];
}
