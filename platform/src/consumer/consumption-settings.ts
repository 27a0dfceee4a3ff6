import type { KafkaPort } from '../kafka/kafka.ts';
import type { Log } from '../log/log.ts';
import type { Store } from '../store/store.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Consumer } from './consumer.ts';
import type { Inbox } from './inbox.store.ts';
import type { Redrive } from './redrive.store.ts';

export interface ConsumptionSettings {
  readonly service: string;
  readonly kafka: KafkaPort;
  readonly store: Store;
  readonly inbox: Inbox;
  readonly redrive: Redrive;
  readonly consumers: readonly Consumer[];
  readonly log: Log;
  readonly metrics?: Pick<Metrics, 'batch'>;
  /** How long an inbound message with an unknown schema holds up its partition before its key is parked; ms. */
  readonly unknownSchemaPatience?: number;
  /** How often parked keys are looked at whose gap may be closed by now; ms. */
  readonly sweepEvery?: number;
}
