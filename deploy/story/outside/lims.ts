import { decimal, millis } from './avro-values.ts';
import type { LotName } from './mes.ts';
import { connectPublisher, type Addresses } from './registry-publisher.ts';

export interface Result {
  readonly sample: string;
  readonly lot: LotName;
  readonly stage: 'incoming' | 'final';
  readonly characteristic: string;
  readonly value: string;
  readonly unit: string;
}

/** A simulated laboratory system. */
export async function connectLims(sourceSystem: string, site: string, addresses: Addresses) {
  const { publish, close } = await connectPublisher(sourceSystem, 'lims.inbound.v1', addresses);
  let sent = 0;
  return {
    report: (result: Result, occurredAt: string): Promise<void> => {
      sent += 1;
      return publish('ResultReported', result.lot.code, {
        ...result,
        sourceSystem,
        messageId: `${sourceSystem}-${String(sent)}`,
        occurredAt: millis(occurredAt),
        site,
        operator: 'chemist.zhou',
        value: decimal(result.value),
        method: 'IEC 60384-1',
        instrument: 'LCR-7',
      });
    },
    close,
  };
}
