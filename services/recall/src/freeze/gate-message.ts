import type { RecordOf } from '@lotwarden/contracts/events';

/** Every gate says the same two things, each on its own topic. */
export type Acknowledged = RecordOf<'warehouse.gate.v1', 'HoldAcknowledged'>;
export type Drained = RecordOf<'warehouse.gate.v1', 'GateDrained'>;
