import { familyOf } from './serial-index.ts';
import type { SerialRange } from '@lotwarden/platform/serial-range';
import { lotOfLabel, unitLotId, unitOf, unitOfRef, unitRef, type Unit } from './epcis-ids.ts';
import type { Genealogy } from './genealogy.ts';
import { editLot, lotAt, lotNode } from './nodes.ts';
import { standing, type Said, type Told } from './told.ts';

/** Numbers of a family that lie in one list. */
const BUCKET = 1_024;
/** A range over more of them is looked for among all units of the product. */
const MOST_BUCKETS = 4_096;

/** The node of a unit that somebody told of: a lot of one, until it is known which lot it is of. */
export function unitNode(graph: Genealogy, unit: Unit): number {
  const id = unitLotId(unit);
  const known = graph.lotIds.find(id);
  if (known !== undefined && lotAt(graph, known).aliases.length > 0) return known;
  const node = lotNode(graph, id);
  node.aliases.push(unitRef(unit));
  // Units have a gap of their own.
  graph.undeclared.delete(node.index);
  graph.toldUnits.add(unit.gtin, node.index);
  if (unit.range) graph.toldUnits.add(bucketOf(unit.range, Math.floor(unit.range.first / BUCKET)), node.index);
  return node.index;
}

const bucketOf = (range: SerialRange, bucket: number): string => `${familyOf(range)}|${bucket}`;

/** Which unit the node is; undefined for other lots. */
export function unitAt(graph: Genealogy, node: number): Unit | undefined {
  const [alias] = lotAt(graph, node).aliases;
  return alias && unitOfRef(alias);
}

/** Nodes of the units of a range that somebody told of. */
export function toldUnitsIn(graph: Genealogy, range: SerialRange): number[] {
  const [first, last] = [Math.floor(range.first / BUCKET), Math.floor(range.last / BUCKET)];
  const found: number[] = [];
  if (last - first >= MOST_BUCKETS) found.push(...graph.toldUnits.get(range.gtin));
  else for (let bucket = first; bucket <= last; bucket++) found.push(...graph.toldUnits.get(bucketOf(range, bucket)));
  return found.filter((node) => {
    const own = unitAt(graph, node)?.range;
    return (
      own !== undefined && familyOf(own) === familyOf(range) && own.first >= range.first && own.first <= range.last
    );
  });
}

/** Lots that the unit was ever in: by our own serials; else by the lot number that came with it; else it stands alone. */
export function lotsOfUnit(graph: Genealogy, unit: Unit): readonly number[] {
  const own = unit.range ? graph.serials.lotsWith(unit.range) : [];
  if (own.length > 0) return own;
  const node = graph.lotIds.find(unitLotId(unit));
  if (node === undefined) return [];
  const told = bornIn(graph, node).flatMap(({ lot }) => (lot === null ? [] : [lotOfLabel(unit.gtin, lot)]));
  return told.length > 0 ? [...new Set(told)].sort().flatMap((lot) => graph.lotIds.find(lot) ?? []) : [node];
}

/** Every event about the thing, whether it counts or not. */
export function* toldAbout(
  graph: Genealogy,
  rows: 'toldOfLots' | 'toldOfContainers' | 'toldOfOperations',
  thing: number,
): Generator<Told, void, undefined> {
  const numbers: number[] = [];
  graph[rows].each(thing, (number) => numbers.push(number));
  for (const number of numbers.sort((a, b) => a - b)) {
    const told = graph.told.at(number);
    if (told) yield told;
  }
}

/** Events by which it came into being. */
function bornIn(graph: Genealogy, node: number): Said[] {
  const unit = unitAt(graph, node);
  const isIt = ({ id }: { readonly id: string }): boolean => {
    const one = unitOf(id);
    return one !== undefined && one.serial === unit?.serial && one.gtin === unit.gtin;
  };
  return [...toldAbout(graph, 'toldOfLots', node)].flatMap(standing).filter(
    // prettier-ignore
    ({ kind, goods }) => kind === 'born' || (kind === 'made' && goods.some((one) => one.role === 'output' && isIt(one))),
  );
}

/** Was a lot told to come into being, by an event that counts? */
export const isBorn = (graph: Genealogy, lot: number): boolean =>
  [...toldAbout(graph, 'toldOfLots', lot)].some((told) => standing(told).some(({ kind }) => kind === 'born'));

/** Takes note whether anybody knows where the unit comes from: of our own products only our own house does. */
export function reviewUnit(graph: Genealogy, node: number): void {
  const unit = unitAt(graph, node);
  if (!unit) return;
  const inOurBooks = unit.range !== undefined && graph.serials.lotsWith(unit.range).length > 0;
  const isNamed = [...toldAbout(graph, 'toldOfLots', node)].some((told) => standing(told).length > 0);
  const isOurs = graph.ownGtins.has(unit.gtin);
  const born = bornIn(graph, node);
  const isDeclared = born.some(({ party }) => !isOurs || party === null);
  if (isNamed && !inOurBooks && !isDeclared) graph.unknownUnits.add(node);
  else graph.unknownUnits.delete(node);
  // As long as it stands alone it is what it holds.
  const standsAlone = isNamed && !inOurBooks && born.every(({ lot }) => lot === null);
  const holds = standsAlone && unit.range ? [unit.range] : [];
  if (lotAt(graph, node).serials.ever.length !== holds.length)
    editLot(graph, node).serials = { current: holds, ever: holds, scrapped: [] };
}
