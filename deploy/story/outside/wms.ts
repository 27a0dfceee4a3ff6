import { millis, quantity } from './avro-values.ts';
import type { LotName, Serials } from './mes.ts';
import { connectPublisher, type Addresses } from './registry-publisher.ts';

export interface Line {
  readonly lot: LotName;
  readonly quantity: number;
  readonly serials?: readonly Serials[];
}

/** A simulated WMS: it tells what happened after it happened, whether it was allowed or not. */
export async function connectWms(sourceSystem: string, site: string, addresses: Addresses) {
  const { publish, close } = await connectPublisher(sourceSystem, 'wms.inbound.v1', addresses);
  let sent = 0;
  const head = (occurredAt: string) => {
    sent += 1;
    const messageId = `${sourceSystem}-${String(sent)}`;
    return { sourceSystem, messageId, occurredAt: millis(occurredAt), site, operator: 'forklift.chen' };
  };
  const lines = (of: readonly Line[]) =>
    of.map(({ lot, quantity: n, serials = [] }) => ({ lot, quantity: quantity(n), serials, containers: [] }));

  return {
    shipped: (shipment: string, party: string, goods: readonly Line[], at: string) =>
      publish('GoodsShipped', shipment, {
        ...head(at),
        shipment,
        soldTo: party,
        shipTo: party,
        custodian: party,
        lines: lines(goods),
      }),
    returned: (id: string, from: string, goods: readonly Line[], unidentified: readonly string[], at: string) =>
      publish('GoodsReturned', id, { ...head(at), return: id, from, lines: lines(goods), unidentified, note: null }),
    destroyed: (destruction: string, goods: readonly Line[], location: string, witness: string, at: string) =>
      publish('GoodsDestroyed', destruction, { ...head(at), destruction, lines: lines(goods), location, witness }),
    close,
  };
}
