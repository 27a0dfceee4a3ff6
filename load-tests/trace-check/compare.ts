import type { SerialRange } from '@lotwarden/contracts/events';
import { createRandom } from '../generator/random.ts';
import { disorder } from '../generator/disorder.ts';
import { publish } from '../generator/publish.ts';
import type { Happening } from '../generator/world.ts';
import { fastBalance, fastExtent, fastGaps, fastScope, fastTrace, foldAll } from './fast-answer.ts';
import {
  lookAt,
  namesOf,
  trueCustody,
  trueScope,
  trueSiblings,
  type TrueLot,
  type Units,
  type World,
} from './true-answer.ts';
import { trueBalance } from './true-balance.ts';
import { trueGaps } from './true-gaps.ts';

/** One point in which the fast and the slow answer differ. */
export interface Mismatch {
  readonly about: 'lots' | 'units' | 'path' | 'certainty' | 'custody' | 'balance' | 'gaps' | 'amount' | 'totals';
  /** What was asked for: a scope, or else the lot's balance or all gaps. */
  readonly scope: Question | TraceQuestion | null;
  readonly lot: string;
  readonly fast: string;
  readonly slow: string;
}

export interface Question {
  readonly roots: readonly string[];
  readonly direction: 'forward' | 'backward';
}

/** With what only a trace may be asked: units of its roots, siblings, no more than so many operations. */
export interface TraceQuestion {
  readonly roots: readonly { readonly lot: string; readonly serials?: readonly SerialRange[] }[];
  readonly direction: 'forward' | 'backward' | 'siblings';
  readonly hops?: number;
}

/** Questions about a history that the seed chooses: both ways from some of its lots. */
export function questionsAbout(happenings: readonly Happening[], seed: number): Question[] {
  const random = createRandom(seed);
  const lots = lotsOf(happenings);
  return Array.from({ length: 4 }).flatMap(() => {
    const roots = [...new Set([random.pick(lots), ...(random.chance(0.3) ? [random.pick(lots)] : [])])];
    return (['forward', 'backward'] as const).map((direction) => ({ roots, direction }));
  });
}

/** As many again, of the other kinds: with some units of each root where it has any, and mostly with a limit. */
export function tracesAbout(happenings: readonly Happening[], seed: number): TraceQuestion[] {
  const random = createRandom(seed + 1_000_003);
  const lots = lotsOf(happenings);
  const ranges = rangesIn(happenings);
  return Array.from({ length: 4 }, (): TraceQuestion => {
    const roots = [...new Set([random.pick(lots), random.pick(lots)])].map((lot) => {
      const units = (ranges.get(lot) ?? [])
        .filter(() => random.chance(0.5))
        .map((range) => ({ ...range, first: random.between(range.first, range.last) }));
      return units.length > 0 ? { lot, serials: units } : { lot };
    });
    const direction = random.pick(['forward', 'forward', 'backward', 'siblings'] as const);
    return { roots, direction, ...(random.chance(0.7) ? { hops: random.below(4) } : {}) };
  });
}

/** Every stretch of units that ever came into each lot. */
function rangesIn(happenings: readonly Happening[]): Map<string, SerialRange[]> {
  const ranges = new Map<string, SerialRange[]>();
  const came = (lot: string, more: readonly SerialRange[]) => ranges.set(lot, [...(ranges.get(lot) ?? []), ...more]);
  for (const one of happenings) {
    if (one.what === 'serials') came(one.lot, one.ranges);
    if (one.what === 'operation') for (const { to, ranges: moved } of one.moves) came(to.lot, moved);
  }
  return ranges;
}

/** All differences between the two answers about this history, heard in some disorder. */
export function compare(
  happenings: readonly Happening[],
  questions: readonly Question[],
  seed: number,
  traces: readonly TraceQuestion[] = [],
): Mismatch[] {
  const told = [...disorder(publish(happenings), createRandom(seed), { late: 0.2, twice: 0.1, most: 30 })];
  const graph = foldAll(told, createRandom(seed).below(2 * told.length));
  const world = lookAt(happenings);
  const [fast, slow] = [fastGaps(graph).join('; '), trueGaps(happenings).join('; ')];
  return [
    ...questions.flatMap((question) => compareScope(graph, world, question)),
    ...traces.flatMap((question) => compareTrace(graph, world, question)),
    ...lotsOf(happenings).flatMap((lot) => compareBalance(graph, world, lot)),
    ...(fast === slow ? [] : [{ about: 'gaps' as const, scope: null, lot: '', fast, slow }]),
  ];
}

function lotsOf(happenings: readonly Happening[]): string[] {
  const lots = new Set<string>();
  for (const one of happenings) {
    if (one.what === 'lot' && one.kind !== 'unknown') lots.add(one.lot);
    if (one.what === 'load') lots.add(one.load);
    if (one.what === 'mounted') lots.add(one.lot);
    if (one.what !== 'operation' || !one.told) continue;
    for (const { lot } of [...one.inputs, ...one.outputs]) lots.add(lot);
  }
  return [...lots];
}

type Graph = ReturnType<typeof foldAll>;

function compareScope(graph: Graph, world: World, scope: Question): Mismatch[] {
  const { roots, direction } = scope;
  const { lots, custodians } = fastScope(graph, roots, direction);
  const truth = trueScope(world, roots, direction);
  const found: Mismatch[] = [];
  const note = (about: Mismatch['about'], lot: string, fast: string, slow: string) => {
    if (fast !== slow) found.push({ about, scope, lot, fast, slow });
  };
  // A root that nobody mentioned is in the scope, and in no graph.
  const known = [...truth.keys()].filter((lot) => graph.lotIds.find(lot) !== undefined).length;
  note('totals', 'extent', String(fastExtent(graph, roots, direction).lots), String(known));
  const fastLots = new Map(lots.map((lot) => [lot.lot, lot]));
  for (const lot of new Set([...fastLots.keys(), ...truth.keys()])) {
    const [fast, slow] = [fastLots.get(lot), truth.get(lot)];
    note('lots', lot, fast ? 'in scope' : 'not in scope', slow ? 'in scope' : 'not in scope');
    if (!fast || !slow) continue;
    const { mode, ranges } = fast.serials;
    note('units', lot, unitsText(mode === 'all' ? 'all' : new Set(namesOf(ranges))), unitsText(slow.units));
    note('path', lot, `${String(fast.path.length - 1)} hops`, `${String(slow.hops)} hops`);
    if (fast.path.length - 1 === slow.hops) note('certainty', lot, fast.certainty, slow.certainty);
  }
  if (direction === 'forward') for (const one of compareCustody(world, custodians, truth)) note('custody', ...one);
  return found;
}

function compareTrace(graph: Graph, world: World, scope: TraceQuestion): Mismatch[] {
  const { roots, direction, hops } = scope;
  const starts = new Map(roots.map(({ lot, serials }): [string, Units] => [lot, serials ? new Set(namesOf(serials)) : 'all'])); // prettier-ignore
  const truth = direction === 'siblings' ? trueSiblings(world, starts, hops) : trueScope(world, starts, direction, hops); // prettier-ignore
  const { lines, summary, pathsOfUnits } = fastTrace(graph, scope);
  const found: Mismatch[] = [];
  const note = (about: Mismatch['about'], lot: string, fast: unknown, slow: unknown) => {
    if (fast !== slow) found.push({ about, scope, lot, fast: String(fast), slow: String(slow) });
  };
  const fastLots = new Map(lines.map((line) => [line.lot, line]));
  for (const lot of new Set([...fastLots.keys(), ...truth.keys()])) {
    const [fast, slow] = [fastLots.get(lot), truth.get(lot)];
    note('lots', lot, fast ? 'in scope' : 'not in scope', slow ? 'in scope' : 'not in scope');
    if (!fast || !slow) continue;
    const named = new Set(namesOf(fast.serials.ranges));
    const units = slow.units === 'all' ? (world.ever.get(lot) ?? new Set<string>()) : slow.units;
    note('units', lot, `${fast.serials.mode} ${[...named].sort().join(' ')}`, `${slow.units === 'all' ? 'all' : 'only'} ${[...units].sort().join(' ')}`); // prettier-ignore
    note('path', lot, fast.hops, slow.hops);
    note('certainty', lot, fast.certainty, slow.certainty);
    // By name: units that are as their lot are told together with it.
    const own = [...slow.unitWays].every(([, way]) => way.hops === slow.hops && way.certainty === slow.certainty);
    const told = fast.unitWays.flatMap((way) => namesOf(way.ranges).map((unit) => `${unit} ${String(way.hops)} ${way.certainty}`)); // prettier-ignore
    const truly = own ? [] : [...slow.unitWays].map(([unit, way]) => `${unit} ${String(way.hops)} ${way.certainty}`);
    note('certainty', `units of ${lot}`, told.sort().join(), truly.sort().join());
    const { received = 0, made = 0 } = trueBalance(world, lot);
    if (fast.serials.mode === 'all' && (fast.quantity?.unit ?? 'EA') === 'EA') note('amount', lot, Number(fast.quantity?.value ?? 0), received + made); // prettier-ignore
  }
  for (const { unit, told, walked } of pathsOfUnits) note('path', unit, walked, told);
  const sure = Map.groupBy(
    [...truth].flatMap(([lot, { units, certainty, unitWays }]) =>
      [...(units === 'all' ? (world.ever.get(lot) ?? []) : units)].map(
        (unit) => unitWays.get(unit)?.certainty ?? certainty,
      ),
    ),
    (one) => one,
  );
  for (const [certainty, units] of Object.entries(summary.unitsByCertainty))
    note('totals', `${certainty} units`, units, sure.get(certainty)?.length ?? 0);
  note('totals', '', summary.totalLots, truth.size);
  note('totals', '', Object.values(summary.byCertainty).reduce((sum, lots) => sum + lots, 0), truth.size); // prettier-ignore
  return found;
}

const unitsText = (units: Units): string => (units === 'all' ? 'all' : `only ${[...units].sort().join(' ')}`);

type Custodians = ReturnType<typeof fastScope>['custodians'];

function* compareCustody(world: World, custodians: Custodians, truth: ReadonlyMap<string, TrueLot>) {
  const slow = trueCustody(world, truth);
  const fast = new Map(
    custodians.map(({ custodian, lines }) => [
      custodian,
      lines
        .map(
          ({ lot, quantity: { value, unit }, serials }) => `${lot} ${value} ${unit} ${namesOf(serials).sort().join()}`,
        )
        .sort(),
    ]),
  );
  for (const party of new Set([...slow.keys(), ...fast.keys()]))
    yield [party, (fast.get(party) ?? []).join('; '), (slow.get(party) ?? []).join('; ')] as const;
}

function compareBalance(graph: Graph, world: World, lot: string): Mismatch[] {
  const { source, buckets, flows, remainders, unit } = fastBalance(graph, lot);
  if (unit !== 'EA') return [];
  const fast: Record<string, number> = {};
  for (const [name, { value }] of Object.entries({ ...source, ...buckets, ...flows })) fast[name] = Number(value);
  for (const { where, quantity } of remainders)
    if (where !== 'adjusted' && !where.startsWith('unit ')) fast[`overdrawn ${where}`] = Number(quantity.value);
  fast['counts'] = remainders.filter(({ where }) => where === 'adjusted').length;
  const slow = trueBalance(world, lot);
  const differ = [...new Set([...Object.keys(fast), ...Object.keys(slow)])].filter((name) => fast[name] !== slow[name]);
  const text = (amounts: Record<string, number>) => differ.map((name) => `${name} ${String(amounts[name])}`).join(', ');
  return differ.length === 0 ? [] : [{ about: 'balance', scope: null, lot, fast: text(fast), slow: text(slow) }];
}
