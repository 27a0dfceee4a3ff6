import type { Quantity } from '@lotwarden/platform/quantity';
import { count, intersect, subtract, type SerialRange } from '@lotwarden/platform/serial-range';
import { affectedStock } from '../balance/affected-books.ts';
import { balanceOf } from '../balance/balance.ts';
import { booksOf } from '../balance/books.ts';
import type { PlacedStock } from '../balance/stock.ts';
import type { Genealogy } from '../genealogy/genealogy.ts';
import { certaintyAt } from '../genealogy/marks.ts';
import type { Certainty } from '../genealogy/model.ts';
import { lotAt, members } from '../genealogy/nodes.ts';
import type { Units } from '../trace/carry-serials.ts';
import type { KeptTrace } from '../trace/kept-traces.ts';
import { allBySerial } from '../trace/custody.ts';
import { everIn } from '../trace/links.ts';
import { unitsAt, type Pausing } from '../trace/walk.ts';

/** Where goods of an affected lot lie; of a lot of which only some units are affected only these. */
export interface AffectedStock extends PlacedStock {
  readonly lot: string;
  readonly item: string | null;
  /**
   * all: every unit of the lot is affected; some: only those that the trace names; at-most: nobody told where these are,
   * and no more than so many of them can lie there.
   */
  readonly affected: 'all' | 'some' | 'at-most';
}

/** Units of an affected lot that somebody used; of patients nothing is known here, ever. */
export interface AffectedUse {
  readonly lot: string;
  readonly item: string | null;
  readonly party: string;
  readonly quantity: Quantity;
  /** The affected ones, where they were told. */
  readonly serials: readonly SerialRange[];
  readonly occurredAt: string;
  readonly event: string;
}

/** All affected units of one lot. */
export interface AffectedSerials {
  /** Where the lot stands in the trace. */
  readonly at: number;
  readonly lot: string;
  readonly item: string | null;
  readonly ways: readonly { readonly certainty: Certainty; readonly hops: number; readonly ranges: readonly SerialRange[] }[]; // prettier-ignore
}

interface GoodsLine {
  readonly stock: AffectedStock;
  readonly users: AffectedUse;
  readonly serials: AffectedSerials;
}

export type GoodsPart = keyof GoodsLine;

export interface GoodsAsk {
  readonly trace: string;
  readonly part: GoodsPart;
  /** So many lots of the trace are looked at for one page, whatever they bring. */
  readonly lots: number;
  readonly from: number;
}

export interface GoodsPage {
  readonly items: readonly (AffectedStock | AffectedUse | AffectedSerials)[];
  /** Where the next page begins, in lots of the trace. */
  readonly next: number | null;
}

/**
 * What there is of the affected lots: in our places, used, or as serials; a page of the trace's lots at a time. The books of
 * one lot may take a millisecond: it pauses after each.
 */
export function* affectedGoods(graph: Genealogy, trace: KeptTrace, { part, lots, from }: GoodsAsk): Pausing<GoodsPage> {
  const { order, reached } = trace;
  const to = Math.min(order.length, from + lots);
  const items: GoodsPage['items'][number][] = [];
  for (let at = from; at < to; at++) {
    const place = order[at] ?? 0;
    items.push(
      ...PARTS[part](graph, {
        lot: reached.places.keys[place] ?? 0,
        units: unitsAt(reached, place),
        at,
        ways: waysOf(trace, place),
      }),
    );
    yield;
  }
  return { items, next: to < order.length ? to : null };
}

interface Affected {
  readonly lot: number;
  readonly units: Units;
  readonly at: number;
  /** These units of the lot, by how far and how surely each is affected. */
  readonly ways: (units: readonly SerialRange[]) => AffectedSerials['ways'];
}

/** As they were found when the trace was; units that came into the lot since are as the lot. */
const waysOf =
  ({ paths: { shortest }, unitWays }: KeptTrace, place: number): Affected['ways'] =>
  (units) => {
    const own = unitWays.get(place)?.shortest ?? [];
    const rest = own.reduce<readonly SerialRange[]>((left, way) => subtract(left, way.units), units);
    const ways = [...own, { units: rest, hops: Math.max(0, shortest.hops[place] ?? 0), sure: shortest.sure[place] ?? 0 }]; // prettier-ignore
    return ways
      .filter((way) => way.units.length > 0)
      .map((way) => ({ certainty: certaintyAt(way.sure), hops: way.hops, ranges: way.units }));
  };

const PARTS: {
  readonly [Part in GoodsPart]: (graph: Genealogy, affected: Affected) => readonly GoodsLine[Part][];
} = {
  stock: (graph, { lot, units }) => {
    if (units === 'all')
      return balanceOf(booksOf(graph, lotAt(graph, lot))).onHandAt.map((placed) => ({
        ...whose(graph, lot),
        affected: 'all',
        ...placed,
      }));
    const { isExact, onHandAt } = affectedStock(graph, lotAt(graph, lot), units);
    return onHandAt.map((placed) => ({ ...whose(graph, lot), affected: isExact ? 'some' : 'at-most', ...placed }));
  },
  users: (graph, { lot, units }) =>
    members(graph, lot).flatMap(({ goods }) =>
      goods.flatMap(({ book, party, quantity, serials, source }) => {
        const touched = units === 'all' ? serials : intersect(serials, units);
        if (book !== 'used' || party === null || (serials.length > 0 && touched.length === 0)) return [];
        const { occurredAt, id } = source;
        const used = units === 'all' ? quantity : partOf(quantity, serials, touched);
        return [{ ...whose(graph, lot), party, quantity: used, serials: touched, occurredAt, event: id }];
      }),
    ),
  serials: (graph, { lot, units, at, ways }) => {
    const ranges = units === 'all' ? everIn(graph, lot) : units;
    const lines = ways(ranges);
    return ranges.length === 0 ? [] : [{ at, ...whose(graph, lot), ways: lines }];
  },
};

/** Of goods that are all known by serial, the affected pieces; else nobody can say which were meant, so all of them. */
const partOf = (quantity: Quantity, serials: readonly SerialRange[], touched: readonly SerialRange[]): Quantity =>
  allBySerial(quantity, serials) ? { ...quantity, value: String(count(touched)) } : quantity;

const whose = (graph: Genealogy, lot: number): { lot: string; item: string | null } => ({
  lot: graph.lotIds.text(lot),
  item: lotAt(graph, lot).declaration?.item ?? null,
});
