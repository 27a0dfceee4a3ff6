import { instant, milliseconds } from '@lotwarden/platform/instant';
import { intersect, subtract, union, type SerialRange } from '@lotwarden/platform/serial-range';
import { LOT_PROPERTIES, lotsWith, OPERATION_PROPERTIES, operationsWith, valuesOf } from '../genealogy/attributes.ts';
import { timeOf } from '../genealogy/derive-inputs.ts';
import { lotsNamed, lotsOfRef } from '../genealogy/find-lot.ts';
import { toExact } from '../balance/exact.ts';
import type { Genealogy } from '../genealogy/genealogy.ts';
import type { Operation } from '../genealogy/model.ts';
import { lotAt, meant, members, operationAt } from '../genealogy/nodes.ts';
import type { Listed } from '../packed/lists.ts';
import { lotsOfUnit, toldUnitsIn, unitAt } from '../genealogy/told-units.ts';
import { everIn } from '../trace/links.ts';
import { SLICE, type Pausing } from '../trace/walk.ts';
import { withinContainer } from './within-container.ts';
import { rootName } from './root-name.ts';
import type { LotsWhere, OperationsWhere, Period, Root, RootFound } from './roots.ts';
import { overlaps } from '../genealogy/windows.ts';

/** Lots, with the units that are meant of them, and operations; by the graph's numbers. */
export interface Roots {
  readonly lots: ReadonlyMap<number, 'all' | readonly SerialRange[]>;
  readonly operations: ReadonlySet<number>;
  /** Of each root, in their order. */
  readonly found: readonly RootFound[];
}

type Lots = Map<number, 'all' | readonly SerialRange[]>;
type Some = Pick<RootFound, 'is'> & {
  readonly lots?: Lots;
  readonly operations?: readonly number[];
  readonly candidates?: readonly string[];
  readonly wholeLots?: boolean;
  readonly unknownSerials?: readonly SerialRange[];
  readonly gaps?: readonly string[];
};

/** What the roots mean in this graph. What is meant twice counts once; a lot that is meant whole is meant whole. */
export function* findRoots(graph: Genealogy, roots: readonly Root[]): Pausing<Roots> {
  const lots: Lots = new Map();
  const operations = new Set<number>();
  const found: RootFound[] = [];
  for (const root of roots) {
    const some = yield* findRoot(graph, root);
    for (const [lot, units] of some.lots ?? []) add(lots, lot, units);
    for (const operation of some.operations ?? []) operations.add(operation);
    found.push({
      lots: some.lots?.size ?? 0,
      operations: some.operations?.length ?? 0,
      is: some.is,
      candidates: some.candidates ?? [],
      wholeLots: some.wholeLots ?? false,
      unknownSerials: some.unknownSerials ?? [],
      neverTold: neverTold(graph, root),
      gaps: [...(some.gaps ?? []), ...gapsOf(root, some)],
    });
  }
  return { lots, operations, found };
}

/** A root that is left out, wholly or in part, leaves out what it leads to. */
function gapsOf(root: Root, { is, unknownSerials = [] }: Some): string[] {
  if (is === 'unknown' || is === 'ambiguous') return [`root-${is} ${rootName(root).slice(0, 200)}`];
  return unknownSerials.length === 0 ? [] : [`serials-unknown ${unknownSerials.map(written).slice(0, 20).join(', ')}`];
}

const written = ({ gtin, prefix, width, first, last }: SerialRange): string => {
  const serial = (number: number): string => prefix + String(number).padStart(width, '0');
  return `${gtin} ${serial(first)}${first === last ? '' : `–${serial(last)}`}`;
};

/** Values of a filter that nobody ever told of anything: most often they are spelt otherwise. */
function neverTold(graph: Genealogy, root: Root): string[] {
  const { attributes } = graph;
  if ('lotsWhere' in root)
    return LOT_PROPERTIES.flatMap((property) => {
      const value = root.lotsWhere[property];
      return value !== undefined && lotsWith(attributes, property, value).size === 0 ? [`${property} ${value}`] : [];
    });
  if (!('operationsWhere' in root)) return [];
  const { parameter } = root.operationsWhere;
  const asked = OPERATION_PROPERTIES.flatMap((property) => {
    const value = root.operationsWhere[property];
    return value === undefined ? [] : ([[property, value]] as const);
  });
  return [...asked, ...(parameter ? ([['parameter', parameter.name]] as const) : [])]
    .filter(([property, value]) => operationsWith(attributes, property, value).size === 0)
    .map(([property, value]) => `${property} ${value}`);
}

function add(lots: Lots, lot: number, units: 'all' | readonly SerialRange[]): void {
  const known = lots.get(lot);
  lots.set(lot, known === 'all' || units === 'all' ? 'all' : union(known ?? [], units));
}

function* findRoot(graph: Genealogy, root: Root): Pausing<Some> {
  if ('lot' in root) return namedLot(graph, root.lot, root.serials);
  if ('serials' in root) return yield* unitsAnywhere(graph, root.serials);
  if ('container' in root) {
    const inside = withinContainer(graph, root.container);
    return inside ? { is: inside.lots.size > 0 ? 'known' : 'nothing', ...inside } : UNKNOWN;
  }
  if ('operation' in root) {
    const index = graph.operationIds.find(root.operation);
    return index === undefined ? UNKNOWN : { is: 'known', operations: [index] };
  }
  if ('lotsWhere' in root) return yield* lotsWhere(graph, root.lotsWhere);
  if ('operationsWhere' in root) return listed(yield* operationsWhere(graph, root.operationsWhere));
  return yield* alongside(graph, root.alongside);
}

const UNKNOWN: Some = { is: 'unknown' };

const listed = (operations: readonly number[]): Some => ({ is: operations.length > 0 ? 'known' : 'nothing', operations }); // prettier-ignore

type LotRoot = Extract<Root, { lot: unknown }>;

function namedLot(graph: Genealogy, name: LotRoot['lot'], serials: LotRoot['serials']): Some {
  const ids = typeof name === 'string' ? lotsNamed(graph, name) : lotsOfRef(graph, name);
  const known = ids.flatMap((id) => graph.lotIds.find(id) ?? []);
  const [lot, ...others] = known;
  if (lot === undefined) return UNKNOWN;
  if (others.length > 0) return { is: 'ambiguous', candidates: ids };
  const unknownSerials = serials ? subtract(serials, everIn(graph, lot)) : [];
  return { is: 'known', lots: new Map([[lot, serials ?? 'all']]), unknownSerials };
}

/** Lots looked into between two pauses. */
const LOTS_A_TURN = 50;

function* unitsAnywhere(graph: Genealogy, serials: readonly SerialRange[]): Pausing<Some> {
  const lots: Lots = new Map();
  let done = 0;
  for (const range of serials)
    for (const each of graph.serials.lotsWith(range)) {
      for (const lot of meant(graph, each)) add(lots, lot, intersect(everIn(graph, lot), [range]));
      if (++done % LOTS_A_TURN === 0) yield;
    }
  for (const range of serials)
    for (const node of toldUnitsIn(graph, range)) {
      const unit = unitAt(graph, node);
      // What stands in our own books was found there.
      if (!unit?.range || graph.serials.lotsWith(unit.range).length > 0) continue;
      for (const told of lotsOfUnit(graph, unit)) for (const lot of meant(graph, told)) add(lots, lot, [unit.range]);
      if (++done % LOTS_A_TURN === 0) yield;
    }
  const known = [...lots.values()].flatMap((units) => (units === 'all' ? [] : [...units]));
  const unknownSerials = subtract(serials, union(known, []));
  return { is: lots.size === 0 ? 'unknown' : 'known', lots, unknownSerials };
}

function* lotsWhere(graph: Genealogy, where: LotsWhere): Pausing<Some> {
  const asked = LOT_PROPERTIES.flatMap((property) => {
    const value = where[property];
    return value === undefined ? [] : [{ property, value, listed: lotsWith(graph.attributes, property, value) }];
  });
  const period = periodOf(where);
  const lots: Lots = new Map();
  for (const number of yield* fewest(asked.map((one) => one.listed))) {
    const { declaration } = lotAt(graph, number);
    if (declaration === null || !asked.every(({ property, value }) => declaration[property] === value)) continue;
    const at = milliseconds(declaration.source.occurredAt);
    if (at >= period.from && at <= period.to) for (const lot of meant(graph, number)) lots.set(lot, 'all');
  }
  return { is: lots.size > 0 ? 'known' : 'nothing', lots };
}

/** @param when ever: also those that were voided since */
export function* operationsWhere(
  graph: Genealogy,
  where: OperationsWhere,
  when: 'now' | 'ever' = 'now',
): Pausing<number[]> {
  const asked = OPERATION_PROPERTIES.flatMap((property) => {
    const value = where[property];
    return value === undefined ? [] : [{ property, value, listed: operationsWith(graph.attributes, property, value) }];
  });
  const { parameter } = where;
  const measured = parameter ? [operationsWith(graph.attributes, 'parameter', parameter.name)] : [];
  const period = periodOf(where);
  const matches = ({ voided, head }: Operation): boolean =>
    (!voided || when === 'ever') &&
    head !== null &&
    asked.every(({ property, value }) => valuesOf(head, property).includes(value)) &&
    isIn(period, timeOf({ head })) &&
    (parameter === undefined || head.parameters.some((one) => isOutside(parameter, one)));
  const found: number[] = [];
  for (const number of yield* fewest([...asked.map((one) => one.listed), ...measured]))
    if (matches(operationAt(graph, number))) found.push(number);
  return found;
}

/** The shortest of the lists, each number once; the rest is looked at on the nodes. */
function* fewest(lists: readonly Listed[]): Pausing<Iterable<number>> {
  const [shortest] = lists.toSorted((a, b) => a.size - b.size);
  const numbers = new Set<number>();
  if (!shortest) return numbers;
  for (let at = 0; at < shortest.size; at++) {
    if (at % SLICE === SLICE - 1) yield;
    numbers.add(shortest.numbers[at] ?? 0);
  }
  return numbers;
}

type Parameter = NonNullable<OperationsWhere['parameter']>;

/** Below the one or above the other; where neither is asked for, any value. */
function isOutside(
  { name, unit, below, above }: Parameter,
  told: { name: string; value: string; unit: string },
): boolean {
  // prettier-ignore
  if (told.name !== name || (unit !== undefined && told.unit !== unit)) return false;
  if (below === undefined && above === undefined) return true;
  const value = toExact(told.value);
  return (below !== undefined && value < toExact(below)) || (above !== undefined && value > toExact(above));
}

interface Window {
  readonly from: number;
  readonly to: number;
}

const periodOf = ({ from, to }: Period): Window => ({
  from: from === undefined ? -Infinity : milliseconds(from),
  to: to === undefined ? Infinity : milliseconds(to),
});

/** Of an operation whose time nobody knows nobody can say that it was not in the period. */
const isIn = ({ from, to }: Window, time: { start: number; end: number } | undefined): boolean =>
  time === undefined || overlaps(time, from, to === from ? to + 1 : to);

type Alongside = Extract<Root, { alongside: unknown }>['alongside'];

const MINUTE = 60_000;

/** All operations on the same machines around the times of these; they themselves are among them. */
function* alongside(graph: Genealogy, { operation, lot, minutes }: Alongside): Pausing<Some> {
  const named = lot === undefined ? undefined : namedLot(graph, lot, undefined);
  if (named && named.is !== 'known') return named;
  const own = operation === undefined ? undefined : graph.operationIds.find(operation);
  if (operation !== undefined && own === undefined) return UNKNOWN;
  const through = [
    ...(own === undefined ? [] : [own]),
    ...[...(named?.lots?.keys() ?? [])].flatMap((one) => members(graph, one).flatMap(({ producedBy }) => producedBy)),
  ];
  const { found, gaps } = yield* alongsideOf(graph, through, minutes);
  return { ...listed([...found]), gaps };
}

/**
 * All operations on the machines of these, so many minutes before and after each.
 *
 * @param when ever: also around those, and those, that were voided since
 */
export function* alongsideOf(
  graph: Genealogy,
  through: readonly number[],
  minutes: number,
  when: 'now' | 'ever' = 'now',
): Pausing<{ readonly found: ReadonlySet<number>; readonly gaps: readonly string[] }> {
  const found = new Set<number>();
  const gaps: string[] = [];
  for (const index of through) {
    const { id, head, voided } = operationAt(graph, index);
    const time = timeOf({ head });
    if (voided && when === 'now') continue;
    if (head === null || head.equipment === null || !time) {
      // Nobody can say what else went through: that is not the same as nothing.
      gaps.push(`operation-without-machine-or-time ${id}`);
      continue;
    }
    const from = instant(new Date(time.start - minutes * MINUTE));
    const to = instant(new Date(time.end + minutes * MINUTE));
    for (const other of yield* operationsWhere(graph, { equipment: head.equipment, from, to }, when)) found.add(other);
  }
  return { found, gaps };
}
