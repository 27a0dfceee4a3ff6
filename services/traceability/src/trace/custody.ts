import type { ScopeCustodian } from '@lotwarden/contracts/events';
import type { Quantity } from '@lotwarden/platform/quantity';
import { count, intersect, subtract, union, type SerialRange } from '@lotwarden/platform/serial-range';
import { fromExact, toExact } from '../balance/exact.ts';
import type { GoodsEntry } from '../balance/goods-entry.ts';
import type { Genealogy } from '../genealogy/genealogy.ts';
import { HAS_CUSTODY, HAS_PLACEHOLDERS } from '../genealogy/node-stores.ts';
import { members } from '../genealogy/nodes.ts';
import { lotFlags } from '../genealogy/structure.ts';
import type { Units } from './carry-serials.ts';

type Line = ScopeCustodian['lines'][number];

/** Everybody, or one party, who must be told of a lot, each with a line for each unit that it was booked in. */
export function custodyOf(graph: Genealogy, lot: number, units: Units, only?: string): [party: string, line: Line][] {
  if ((lotFlags(graph, lot) & (HAS_CUSTODY | HAS_PLACEHOLDERS)) === 0) return [];
  const nodes = members(graph, lot);
  const parties = new Set<string>();
  for (const { goods } of nodes)
    for (const { party } of goods) if (party !== null && party === (only ?? party)) parties.add(party);
  if (parties.size === 0) return [];
  const entries = nodes.flatMap(({ goods }) => goods);
  return [...parties].flatMap((party) =>
    custodyLines(graph.lotIds.text(lot), party, entries, units).map((line): [string, Line] => [party, line]),
  );
}

/**
 * What one party must be told about one lot, a line for each unit it was booked in: what it has, what is on its way to
 * it, and what it used. Used units stay in the line: whoever used an affected unit has to hear of it. Returned,
 * destroyed and passed on goods leave it.
 *
 * `entries` stand in the order of each book, those of placeholders first. Where every unit is known by serial, only
 * affected ones count; otherwise the whole quantity does.
 */
function custodyLines(lot: string, party: string, entries: readonly GoodsEntry[], affected: Units): readonly Line[] {
  const own = entries.filter((entry) => entry.party === party);
  const held = serialsOf(own);
  const units = [...new Set(own.map(({ quantity }) => quantity.unit))].sort();
  return units.flatMap((unit) => {
    const booked = own.filter(({ quantity }) => quantity.unit === unit);
    // What came by the box may have gone by the piece: a unit that left in one is gone from all.
    const line = lineOf(booked, intersect(serialsOf(booked), held), affected);
    return line ? [{ lot, ...line }] : [];
  });
}

/** The line of one unit of measure; `serials` are those it still has. */
function lineOf(
  own: readonly GoodsEntry[],
  serials: readonly SerialRange[],
  affected: Units,
): Omit<Line, 'lot'> | undefined {
  const unit = own[0]?.quantity.unit ?? '';
  const quantity = loadsOf(own).reduce((sum, load) => sum + most(load), 0n) - total(own.filter(isGone));
  const containers = [...new Set(own.flatMap((entry) => entry.containers))].sort();
  if (quantity <= 0n && serials.length === 0) return undefined;
  const touched = affected === 'all' ? serials : intersect(serials, affected);
  const whole = { value: fromExact(quantity), unit };
  if (affected === 'all' || !allBySerial(whole, serials)) return { quantity: whole, serials: touched, containers };
  if (touched.length === 0) return undefined;
  return { quantity: { value: String(count(touched)), unit }, serials: touched, containers };
}

/** Every piece is known by its serial; ten boxes with ten scanned pieces are not. */
export const allBySerial = ({ value, unit }: Quantity, serials: readonly SerialRange[]): boolean =>
  unit === 'EA' && value === String(count(serials));

const isGone = ({ book, cause }: GoodsEntry): boolean => book === 'custody-reduced' && cause?.kind !== 'use';

/** What one shipment sent in one unit, and what of it has arrived: field books it line by line. */
interface Load {
  readonly sent: readonly GoodsEntry[];
  readonly arrived: readonly GoodsEntry[];
}

function loadsOf(own: readonly GoodsEntry[]): Load[] {
  const loads = Map.groupBy(own, ({ cause, quantity }) => JSON.stringify([cause?.kind, cause?.id, quantity.unit]));
  return [...loads.values()].map((entries) => ({
    sent: entries.filter(({ book }) => book === 'dispatched'),
    arrived: entries.filter(({ book }) => book === 'custody-gained'),
  }));
}

const isOnTheWay = ({ sent, arrived }: Load): boolean => total(sent) > total(arrived);

const most = (load: Load): bigint => total(isOnTheWay(load) ? load.sent : load.arrived);

/** What it has by its own book, and what of the loads on their way has neither arrived nor left again. */
function serialsOf(own: readonly GoodsEntry[]): SerialRange[] {
  const { held, early } = own.reduce(heldAfter, { held: [], early: [] });
  const coming = loadsOf(own)
    .filter(isOnTheWay)
    .flatMap(({ sent, arrived }) => subtract(serialsIn(sent), serialsIn(arrived)));
  return union(held, subtract(coming, early));
}

interface Shelf {
  readonly held: readonly SerialRange[];
  /** Left before anybody told that they had come. */
  readonly early: readonly SerialRange[];
}

/** In the order of the book: a unit that came back may be sent again. */
function heldAfter({ held, early }: Shelf, entry: GoodsEntry): Shelf {
  const { serials } = entry;
  if (isGone(entry)) return { held: subtract(held, serials), early: union(early, subtract(serials, held)) };
  if (entry.book !== 'custody-gained') return { held, early };
  return { held: union(held, serials), early: subtract(early, serials) };
}

const serialsIn = (entries: readonly GoodsEntry[]): SerialRange[] => entries.flatMap(({ serials }) => [...serials]);

const total = (entries: readonly GoodsEntry[]): bigint =>
  entries.reduce((sum, { quantity }) => sum + toExact(quantity.value), 0n);
