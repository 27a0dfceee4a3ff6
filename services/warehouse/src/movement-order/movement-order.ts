import Big from 'big.js';
import type { Cause, EventOf, Signature } from '@lotwarden/contracts/events';
import { Rejected } from '@lotwarden/platform/errors';
import { compare, subtract, type Quantity } from '@lotwarden/platform/quantity';
import { signable, type SignedRecord } from '@lotwarden/platform/signature';
import { mayDirect, type DestinationRole, type OrderPurpose } from './ways.ts';

export type MovementOrderEvent = EventOf<'warehouse.movement-order.v1'>;

/** Where somebody wants so much of a lot to go, and why. */
export interface Directed {
  readonly order: string;
  readonly lot: string;
  readonly quantity: Quantity;
  readonly purpose: OrderPurpose;
  /** Where the goods are. */
  readonly site: string;
  /** The place they are taken from; null = any of the site. */
  readonly from: string | null;
  readonly destination: DestinationRole;
  /** A place of the site, or a party. */
  readonly to: string;
  readonly reason: string;
}

type Signed = Omit<Directed, 'purpose' | 'destination'> & {
  readonly purpose: string;
  readonly destination: string;
  readonly signature: Signature;
};

export type MovementOrder =
  { readonly status: 'unknown' } | ({ readonly status: 'signed'; readonly left: Quantity } & Signed);

export const UNKNOWN_ORDER: MovementOrder = { status: 'unknown' };

export function evolve(known: MovementOrder, event: MovementOrderEvent): MovementOrder {
  if (event.type === 'MovementOrdered') {
    const { type: _, ...facts } = event;
    return { status: 'signed', ...facts, left: event.quantity };
  }
  return known.status === 'unknown' ? known : { ...known, left: subtract(known.left, event.quantity) };
}

/** What the signature speaks of: all of the order (21 CFR 11.70). Throws `destination-not-for-purpose`. */
export function orderRecord(directed: Directed): SignedRecord {
  const { order, purpose, destination } = directed;
  if (!mayDirect(purpose, destination)) throw new Rejected('destination-not-for-purpose', { purpose, destination });
  return signable('movement-order', order, 1, directed);
}

/** The same of an order that there is, to hold its signature against. */
export const givenRecord = (given: Omit<Signed, 'signature'>): SignedRecord =>
  signable('movement-order', given.order, 1, given);

/** Signed once; the same order again is the order there is. Throws `order-already-signed`. */
export function giveOrder(known: MovementOrder, directed: Directed, signature: Signature): MovementOrderEvent[] {
  if (known.status === 'unknown') return [{ type: 'MovementOrdered', ...directed, signature }];
  const { status: _, left: __, signature: ___, ...before } = known;
  if (givenRecord(before).recordHash === orderRecord(directed).recordHash) return [];
  throw new Rejected('order-already-signed', { order: directed.order });
}

/** Goods that are about to move by an order. */
export interface Movement {
  readonly lot: string;
  readonly quantity: Quantity;
  readonly purpose: string;
  readonly site: string;
  /** Undefined where nobody asks: then the order's own word does. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly cause: Cause;
}

/** Throws `order-unknown`, `order-for-other-goods`, `order-used-up`: an order moves what it says, and not more. */
export function useOrder(
  known: MovementOrder,
  order: string,
  { quantity, cause, ...asked }: Movement,
): MovementOrderEvent[] {
  if (known.status === 'unknown') throw new Rejected('order-unknown', { order });
  const wanted = { ...asked, from: known.from === null ? undefined : asked.from, unit: quantity.unit };
  const ordered = { ...known, unit: known.quantity.unit };
  for (const field of ['lot', 'purpose', 'site', 'from', 'to', 'unit'] as const)
    if (wanted[field] !== undefined && wanted[field] !== ordered[field])
      throw new Rejected('order-for-other-goods', { order, field, ordered: ordered[field], asked: wanted[field] });
  if (compare(quantity, known.left) > 0)
    throw new Rejected('order-used-up', { order, left: new Big(known.left.value).toFixed(), asked: quantity.value });
  return [{ type: 'MovementOrderUsed', order, quantity, cause }];
}
