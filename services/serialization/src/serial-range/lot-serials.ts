import type { EventOf, SerialRange } from '@lotwarden/contracts/events';
import { subtract, union } from '@lotwarden/platform/serial-range';

export type LotSerialsEvent = EventOf<'serialization.serial-range.v1'>;

interface LabelCheck {
  readonly labelVersion: string;
  readonly verdict: string;
}

/** The serials of one lot and its labels: the gate's document. Dense by design; exceptions are sets of ranges. */
export interface LotSerials {
  readonly lot: string;
  readonly product: string | null;
  /** Serials that units of this lot were given, wherever they are now. */
  readonly given: readonly SerialRange[];
  /** Serials that are this lot's now. */
  readonly ranges: readonly SerialRange[];
  readonly scrapped: readonly SerialRange[];
  readonly printed: readonly { readonly label: string; readonly labelVersion: string; readonly quantity: string }[];
  readonly labelCheck: LabelCheck | null;
}

export const NO_SERIALS: LotSerials = {
  lot: '',
  product: null,
  given: [],
  ranges: [],
  scrapped: [],
  printed: [],
  labelCheck: null,
};

export function evolve(known: LotSerials, event: LotSerialsEvent): LotSerials {
  const named = { ...known, lot: event.lot };
  switch (event.type) {
    case 'SerialsCommissioned':
      return {
        ...named,
        product: event.product,
        given: union(known.given, event.ranges),
        ranges: union(known.ranges, event.ranges),
      };
    case 'SerialsMovedIn':
      // Also back out of the scrap, when the operation that scrapped them is voided.
      return {
        ...named,
        ranges: union(known.ranges, event.ranges),
        scrapped: subtract(known.scrapped, event.ranges),
      };
    case 'SerialsMovedOut':
      return { ...named, ranges: subtract(known.ranges, event.ranges) };
    case 'SerialsScrapped':
      return {
        ...named,
        ranges: subtract(known.ranges, event.ranges),
        scrapped: union(known.scrapped, event.ranges),
      };
    case 'LabelsPrinted': {
      const { label, labelVersion, quantity } = event;
      return { ...named, printed: [...known.printed, { label, labelVersion, quantity: quantity.value }] };
    }
    case 'LabelCheckRecorded':
      return { ...named, labelCheck: { labelVersion: event.labelVersion, verdict: event.verdict } };
    case 'SerialConflictFound':
      return named;
  }
}
