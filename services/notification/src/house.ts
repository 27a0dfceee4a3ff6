import type { EventOf } from '@lotwarden/contracts/events';
import type { Deps } from '@lotwarden/platform/service';
import type { PlainDocument } from '@lotwarden/platform/store';
import { evolve as evolveDelivery, NO_DELIVERY } from './delivery/delivery.ts';
import { evolve as evolveEndpoint, UNKNOWN_ENDPOINT } from './endpoint/endpoint.ts';

export type NoticeIssued = Extract<EventOf<'recall.notice.v1'>, { type: 'NoticeIssued' }>;

/** A version of a notice as recall issued it, frozen: what each recipient was told. */
export interface NoticeDocument extends PlainDocument {
  readonly issued: NoticeIssued;
  readonly trace: string | null;
}

/**
 * What is to be done about a delivery, and when. Leased before anything is sent; gone when nothing is left to do. Each
 * endpoint of the party has a task of its own, so that one that hangs does not hold up the others; the delivery itself
 * has one that looks for endpoints until one of them has taken the notice, and waits for the answer then.
 */
export interface DueDocument extends PlainDocument {
  readonly step: 'spread' | 'send' | 'await-answer';
  readonly delivery: string;
  /** Of a `send`. */
  readonly endpoint: string | null;
  readonly dueAt: Date;
  readonly leasedUntil: Date;
  readonly notice: string;
  readonly version: number;
}

export const NOTICES = 'notices';
export const DUE = 'due_deliveries';

export const openHouse = ({ aggregate, collection }: Pick<Deps, 'aggregate' | 'collection'>) => ({
  endpoints: aggregate({
    collection: 'endpoints',
    initial: UNKNOWN_ENDPOINT,
    evolve: evolveEndpoint,
    indexes: [{ key: { 'state.party': 1, _id: 1 } }],
  }),
  deliveries: aggregate({
    collection: 'deliveries',
    topic: 'notification.delivery.v1',
    initial: NO_DELIVERY,
    evolve: evolveDelivery,
    indexes: [{ key: { 'state.case': 1, _id: 1 } }, { key: { 'state.party': 1, _id: 1 } }],
  }),
  notices: collection<NoticeDocument>(NOTICES, [{ key: { 'issued.notice': 1, 'issued.version': -1 } }]),
  due: collection<DueDocument>(DUE, [{ key: { dueAt: 1 } }, { key: { notice: 1 } }]),
});

export type House = ReturnType<typeof openHouse>;
