import Big from 'big.js';
import type { Cause, EventOf, LotLine, SerialRange, Violation } from '@lotwarden/contracts/events';
import { add, negate, type Quantity } from '@lotwarden/platform/quantity';
import { contains, intersect, subtract, union } from '@lotwarden/platform/serial-range';

export type CustodyEvent = EventOf<'field.custody.v1'>;

/** What one party holds of one lot. Notices follow custody, not invoices. */
export interface Custody {
  readonly custodian: string;
  readonly lot: string;
  /** Negative where more was returned than we know was sent: a finding, not an error to hide. */
  readonly quantity: Quantity | null;
  readonly serials: readonly SerialRange[];
  readonly used: readonly SerialRange[];
  readonly usedQuantity: Quantity | null;
}

export const NO_CUSTODY: Custody = {
  custodian: '',
  lot: '',
  quantity: null,
  serials: [],
  used: [],
  usedQuantity: null,
};

export const custodyId = (custodian: string, lot: string): string => `${custodian}|${lot}`;

export function evolve(known: Custody, event: CustodyEvent): Custody {
  const { custodian, lot, quantity } = event;
  const named = { ...known, custodian, lot };
  switch (event.type) {
    case 'CustodyGained':
      return { ...named, quantity: plus(known.quantity, quantity), serials: union(known.serials, event.serials) };
    case 'CustodyReduced':
      return {
        ...named,
        quantity: plus(known.quantity, negate(quantity)),
        serials: subtract(known.serials, event.serials),
      };
    case 'UnitsUsed':
      return {
        ...named,
        quantity: plus(known.quantity, negate(quantity)),
        serials: subtract(known.serials, event.serials),
        used: union(known.used, event.serials),
        usedQuantity: plus(known.usedQuantity, quantity),
      };
  }
}

/** A second unit cannot be added up here; the fact itself is published with its own, and nothing is refused for it. */
const plus = (a: Quantity | null, b: Quantity): Quantity => (a === null ? b : a.unit === b.unit ? add(a, b) : a);

interface Movement {
  readonly custodian: string;
  readonly line: LotLine;
  readonly cause: Cause;
}

export const gainCustody = ({ custodian, line, cause }: Movement): CustodyEvent[] => [
  {
    type: 'CustodyGained',
    custodian,
    lot: line.lot,
    quantity: line.quantity,
    serials: line.serials,
    cause,
    violations: [],
  },
];

/** Goods that leave a party's hands; what it was not known to hold is kept as a finding. */
export const reduceCustody = (known: Custody, { custodian, line, cause }: Movement): CustodyEvent[] => [
  {
    type: 'CustodyReduced',
    custodian,
    lot: line.lot,
    quantity: line.quantity,
    serials: line.serials,
    cause,
    violations: shortfalls(known, line),
  },
];

/** A unit used or implanted. The token means something to the hospital only; no identity of a patient comes here. */
export const useUnits = (
  known: Custody,
  { custodian, line, usedAt, useToken }: Omit<Movement, 'cause'> & { usedAt: string; useToken: string },
): CustodyEvent[] =>
  line.serials.length > 0 && contains(known.used, line.serials)
    ? []
    : [
        {
          type: 'UnitsUsed',
          custodian,
          lot: line.lot,
          quantity: line.quantity,
          serials: line.serials,
          usedAt,
          useToken,
          violations: shortfalls(known, line),
        },
      ];

function shortfalls(known: Custody, { lot, quantity, serials }: LotLine): Violation[] {
  const held = new Big(known.quantity?.value ?? 0);
  const found: Violation[] = [];
  if (held.lt(quantity.value))
    found.push({ code: 'custody-negative', lot, detail: `held ${held.toFixed()}, left ${quantity.value}` });
  if (serials.length > 0 && !contains(known.serials, serials)) {
    const code = intersect(known.used, serials).length > 0 ? 'serial-used-before' : 'serial-not-in-custody';
    found.push({ code, lot, detail: 'named serials were not known to be held' });
  }
  return found;
}
