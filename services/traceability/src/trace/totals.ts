import { count } from '@lotwarden/platform/serial-range';
import type { Genealogy } from '../genealogy/genealogy.ts';
import { CERTAINTIES } from '../genealogy/model.ts';
import { HAS_PLACEHOLDERS } from '../genealogy/node-stores.ts';
import { members } from '../genealogy/nodes.ts';
import { lotFlags, unitsEver } from '../genealogy/structure.ts';
import type { Traced } from './trace.ts';
import type { ByCertainty } from './trace-question.ts';
import type { UnitWays } from './unit-ways.ts';
import { SLICE, unitsAt, type Pausing } from './walk.ts';

export interface Totals {
  readonly units: number;
  readonly lotsWithoutSerials: number;
  readonly byCertainty: ByCertainty;
  readonly unitsByCertainty: ByCertainty;
  /** The longest of all shortest paths. */
  readonly hops: number;
}

/** What a trace amounts to; each lot and each unit counts once, with the certainty of its own path. */
export function* totalsOf(
  graph: Genealogy,
  { reached, paths: { shortest } }: Pick<Traced, 'reached' | 'paths'>,
  unitWays: UnitWays = new Map(),
): Pausing<Totals> {
  const lots = CERTAINTIES.map(() => 0);
  const units = CERTAINTIES.map(() => 0);
  let lotsWithoutSerials = 0;
  let hops = 0;
  for (let place = 0; place < reached.places.size; place++) {
    if (place % SLICE === SLICE - 1) yield;
    const sure = shortest.sure[place] ?? 0;
    const some = unitsAt(reached, place);
    const found = some === 'all' ? unitsEverIn(graph, reached.places.keys[place] ?? 0) : count(some);
    lots[sure] = (lots[sure] ?? 0) + 1;
    const ways = unitWays.get(place)?.shortest ?? [];
    if (ways.length === 0) units[sure] = (units[sure] ?? 0) + (found ?? 0);
    else for (const way of ways) units[way.sure] = (units[way.sure] ?? 0) + count(way.units);
    if (found === null) lotsWithoutSerials += 1;
    hops = Math.max(hops, shortest.hops[place] ?? 0);
  }
  const named = (counts: readonly number[]): ByCertainty =>
    Object.fromEntries(CERTAINTIES.map((certainty, index) => [certainty, counts[index] ?? 0])) as ByCertainty;
  const all = units.reduce((sum, some) => sum + some, 0);
  return { units: all, lotsWithoutSerials, byCertainty: named(lots), unitsByCertainty: named(units), hops };
}

/** How many units were ever in the lot; null where it has no serials. */
export function unitsEverIn(graph: Genealogy, lot: number): number | null {
  if ((lotFlags(graph, lot) & HAS_PLACEHOLDERS) === 0) return unitsEver(graph, lot) || null;
  return count(members(graph, lot).flatMap(({ serials }) => [...serials.ever])) || null;
}
