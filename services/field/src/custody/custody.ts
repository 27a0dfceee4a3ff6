import Big from 'big.js';
import type { Cause, EventOf, LotLine, SerialRange, Violation } from '@lotwarden/contracts/events';
import { add, negate, type Quantity } from '@lotwarden/platform/quantity';
import { contains, intersect, subtract, union } from '@lotwarden/platform/serial-range';

export type CustodyEvent = EventOf<'field.custody.v1'>;

/** What one party holds of one lot. Notices follow custody, not invoices. */
export interface Custody {
  readonly custodian: string;
  readonly lot: string;
  /**
   * One a unit of measure: pieces and boxes do not add up. Negative where more was returned than we know was sent: a
   * finding, not an error to hide.
   */
  readonly quantities: readonly Quantity[];
  readonly serials: readonly SerialRange[];
  readonly used: readonly SerialRange[];
  readonly usedQuantities: readonly Quantity[];
}

export const NO_CUSTODY: Custody = {
  custodian: '',
  lot: '',
  quantities: [],
  serials: [],
  used: [],
  usedQuantities: [],
};

export const custodyId = (custodian: string, lot: string): string => `${custodian}|${lot}`;

export function evolve(known: Custody, event: CustodyEvent): Custody {
  const { custodian, lot, quantity } = event;
  const named = { ...known, custodian, lot };
  switch (event.type) {
    case 'CustodyGained':
      return { ...named, quantities: plus(known.quantities, quantity), serials: union(known.serials, event.serials) };
    case 'CustodyReduced':
      return {
        ...named,
        quantities: plus(known.quantities, negate(quantity)),
        serials: subtract(known.serials, event.serials),
      };
    case 'UnitsUsed':
      return {
        ...named,
        quantities: plus(known.quantities, negate(quantity)),
        serials: subtract(known.serials, event.serials),
        used: union(known.used, event.serials),
        usedQuantities: plus(known.usedQuantities, quantity),
      };
  }
}

/** Each unit of measure in its own line, in the order in which they were first heard of. */
const plus = (lines: readonly Quantity[], more: Quantity): Quantity[] =>
  lines.some(({ unit }) => unit === more.unit)
    ? lines.map((line) => (line.unit === more.unit ? add(line, more) : line))
    : [...lines, more];

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
  const held = new Big(known.quantities.find(({ unit }) => unit === quantity.unit)?.value ?? 0);
  const found: Violation[] = [];
  if (held.lt(quantity.value))
    found.push({
      code: 'custody-negative',
      lot,
      detail: `held ${held.toFixed()}, left ${quantity.value} ${quantity.unit}`,
    });
  if (serials.length > 0 && !contains(known.serials, serials)) {
    const code = intersect(known.used, serials).length > 0 ? 'serial-used-before' : 'serial-not-in-custody';
    found.push({ code, lot, detail: 'named serials were not known to be held' });
  }
  return found;
}
