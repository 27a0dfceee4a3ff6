import { forgetLot } from './edge-rows.ts';
import type { Genealogy } from './genealogy.ts';
import type { Container, Lot, Operation } from './model.ts';
import { CONSUMED, eachLinked, PRODUCED } from './links.ts';
import { forgetBetween } from './relatives.ts';

/** The lot with this id, to be changed by the fold, made now if nobody mentioned it before. */
export function lotNode(graph: Genealogy, id: string): Lot {
  const index = graph.lotIds.intern(id);
  if (index < graph.lots.size) {
    if (graph.onlyTold.delete(index) && !graph.madeElsewhere.has(index)) graph.undeclared.add(index);
    return editLot(graph, index);
  }
  graph.lots.begin(index, id);
  graph.undeclared.add(index);
  for (const real of graph.aliasPlaceholders.get(id))
    linkPlaceholder(graph, editLot(graph, index), editLot(graph, real));
  return editLot(graph, index);
}

/** To read, and for one question only: it may be a copy. */
export function lotAt(graph: Genealogy, index: number): Lot {
  const lot = graph.lots.at(index);
  if (!lot) throw new RangeError(`no lot has the number ${index}`);
  return lot;
}

/** All nodes of lots, to read, one after the other. */
export function* allLots(graph: Genealogy): Generator<Lot, void, undefined> {
  for (let index = 0; index < graph.lots.size; index++) yield lotAt(graph, index);
}

/** To be changed by the fold of one fact. */
export function editLot(graph: Genealogy, index: number): Lot {
  forgetLot(graph.edges, index);
  const lot = graph.lots.change(index);
  if (!lot) throw new RangeError(`no lot has the number ${index}`);
  return lot;
}

/** The operation with this id, to be changed by the fold, made now if nobody mentioned it before. */
export function operationNode(graph: Genealogy, id: string): Operation {
  const index = graph.operationIds.intern(id);
  if (index < graph.operations.size) return editOperation(graph, index);
  const operation: Operation = {
    index,
    id,
    head: null,
    source: null,
    voided: false,
    missingInputs: [],
    inputs: [],
    outputs: [],
    scrap: [],
    moves: [],
  };
  graph.operations.add(operation);
  graph.wanting.add(index);
  return operation;
}

/** To read, and for one question only: it may be a copy. */
export function operationAt(graph: Genealogy, index: number): Operation {
  const operation = graph.operations.at(index);
  if (!operation) throw new RangeError(`no operation has the number ${index}`);
  return operation;
}

/** To be changed by the fold of one fact. */
export function editOperation(graph: Genealogy, index: number): Operation {
  forgetBetween(graph, index);
  const operation = graph.operations.change(index);
  if (!operation) throw new RangeError(`no operation has the number ${index}`);
  return operation;
}

/** The container of this name, to be changed by the fold, made now if nobody mentioned it before. */
export function containerNode(graph: Genealogy, id: string): Container {
  const index = graph.containerIds.intern(id);
  const known = graph.containers.change(index);
  if (known) return known;
  const container: Container = {
    level: 'unknown',
    sealed: false,
    lots: new Set(),
    units: new Map(),
    children: new Set(),
    told: null,
  };
  graph.containers.add(container);
  return container;
}

/** To read. */
export function containerNamed(graph: Genealogy, id: string): Container | undefined {
  const index = graph.containerIds.find(id);
  return index === undefined ? undefined : graph.containers.at(index);
}

/** Between two facts: what has not changed for long becomes bytes. */
export function settle({ lots, operations, containers, told }: Genealogy): void {
  told.settle();
  lots.settle();
  operations.settle();
  containers.settle();
}

/** From now on whatever was said of the placeholder counts for the lot. */
export function linkPlaceholder(graph: Genealogy, placeholder: Lot, lot: Lot): void {
  if (placeholder.index === lot.index || placeholder.standsFor.includes(lot.index)) return;
  placeholder.standsFor.push(lot.index);
  lot.placeholders.push(placeholder.index);
  noteLink(graph, placeholder.index, lot.index);
  graph.undeclared.delete(placeholder.index);
  if (placeholder.standsFor.length > 1) graph.contradicted.add(placeholder.index);
}

/** What was said of the placeholder means another lot from now on: its operations are not what they were for a walk. */
function noteLink(graph: Genealogy, placeholder: number, lot: number): void {
  const { edges, links } = graph;
  edges.rewrites += 1;
  for (const one of [placeholder, lot]) forgetLot(edges, one);
  for (const side of [CONSUMED, PRODUCED] as const)
    eachLinked(links, placeholder, side, (operation) => forgetBetween(graph, operation));
}

/** The lots that a mention means: the lot itself, or those its placeholder turned out to be. */
export function meant(graph: Genealogy, index: number): readonly number[] {
  const lot = lotAt(graph, index);
  if (lot.standsFor.length === 0) return [index];
  const found = new Set<number>();
  const seen = new Set<number>([index]);
  const open = [...lot.standsFor];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const further = lotAt(graph, next).standsFor;
    if (further.length === 0) found.add(next);
    open.push(...further);
  }
  return found.size === 0 ? [index] : [...found];
}

/** Every placeholder that turned out to be the lot, then the lot's own node: together they are the lot. */
export function members(graph: Genealogy, index: number): readonly Lot[] {
  const own = lotAt(graph, index);
  if (own.placeholders.length === 0) return [own];
  const found = new Map<number, Lot>();
  const open = [index];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue;
    const lot = lotAt(graph, next);
    found.set(next, lot);
    open.push(...lot.placeholders);
  }
  return [...found.values()].reverse();
}

export const pushOnce = <T>(list: T[], item: T): void => {
  if (!list.includes(item)) list.push(item);
};
