import type { EventOf } from '@lotwarden/contracts/events';

/** What the graph is folded from. Order does not matter: order is per aggregate (correctness rule 3). */
export const FACT_TOPICS = [
  'receiving.material-lot.v1',
  'mes-bridge.production-lot.v1',
  'mes-bridge.operation.v1',
  'mes-bridge.product.v1',
  'mes-bridge.mount.v1',
  'mes-bridge.process-load.v1',
  'serialization.serial-range.v1',
  'serialization.container.v1',
  'warehouse.site.v1',
  'warehouse.stock.v1',
  'warehouse.shipment.v1',
  'warehouse.return.v1',
  'warehouse.destruction.v1',
  'field.party.v1',
  'field.custody.v1',
  'qms.release.v1',
  'qms.complaint.v1',
  'traceability.epcis.v1',
] as const;

export type FactTopic = (typeof FACT_TOPICS)[number];

/** One published event, with what is needed to put it in order and to cite it. */
export interface FactAbout<T extends FactTopic> {
  readonly topic: T;
  readonly partition: number;
  readonly offset: number;
  /** The aggregate that it happened to; its events have the versions 1, 2, … without gaps. */
  readonly aggregate: string;
  readonly version: number;
  readonly id: string;
  readonly occurredAt: string;
  readonly event: EventOf<T>;
}

export type Fact = { [T in FactTopic]: FactAbout<T> }[FactTopic];

/** Where a statement comes from. */
export interface Source {
  readonly id: string;
  readonly topic: string;
  readonly occurredAt: string;
}

export const sourceOf = ({ id, topic, occurredAt }: Fact): Source => ({ id, topic, occurredAt });
