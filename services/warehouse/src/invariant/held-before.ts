import type { LotLine } from '@lotwarden/contracts/events';
import { scopeTouches, type SerialScope } from '@lotwarden/platform/serial-range';

/** What the gate's document of a lot says, by hold id. */
type Holds = Readonly<
  Record<string, { readonly epoch: number; readonly state: string; readonly placed: SerialScope | null }>
>;

interface AcknowledgedAt {
  readonly hold: string;
  readonly epoch: number;
  readonly place: number;
}

/** The holds that hold messages put on what this line names and did not end. */
export const heldNow = (holds: Holds, { serials }: Pick<LotLine, 'serials'>): string[] =>
  Object.entries(holds).flatMap(([hold, { state, placed }]) =>
    state === 'held' && placed !== null && scopeTouches(placed, serials) ? [hold] : [],
  );

/**
 * Of those, what was acknowledged already at the place up to which the gate had acknowledged when the command was
 * decided. An acknowledgement covers its own epoch and those before; one of an epoch before the lot was held (again)
 * says nothing of this lot.
 */
export const heldBefore = (
  holds: Holds,
  line: Pick<LotLine, 'serials'>,
  place: number,
  acknowledged: readonly AcknowledgedAt[],
): string[] =>
  heldNow(holds, line).filter((hold) =>
    acknowledged.some((at) => at.hold === hold && at.epoch >= (holds[hold]?.epoch ?? Infinity) && at.place <= place),
  );
