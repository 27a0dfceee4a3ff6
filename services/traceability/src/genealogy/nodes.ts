import type { Genealogy, Lot, Operation } from './genealogy.ts';

/** The lot with this id, made now if nobody mentioned it before. */
export function lotNode(graph: Genealogy, id: string): Lot {
  const index = graph.lotIds.intern(id);
  const known = graph.lots[index];
  if (known) return known;
  const lot: Lot = {
    index,
    id,
    declaration: null,
    acceptance: null,
    aliases: [],
    standsFor: [],
    placeholders: [],
    consumedBy: [],
    producedBy: [],
    scrappedBy: [],
    serials: { current: [], ever: [], scrapped: [] },
    goods: [],
    markets: new Set(),
    complaints: new Set(),
    containers: new Set(),
  };
  graph.lots.push(lot);
  graph.undeclared.add(index);
  for (const real of graph.aliasPlaceholders.get(id) ?? []) linkPlaceholder(graph, lot, lotAt(graph, real));
  return lot;
}

export function lotAt(graph: Genealogy, index: number): Lot {
  const lot = graph.lots[index];
  if (!lot) throw new RangeError(`no lot has the number ${index}`);
  return lot;
}

/** The operation with this id, made now if nobody mentioned it before. */
export function operationNode(graph: Genealogy, id: string): Operation {
  const index = graph.operationIds.intern(id);
  const known = graph.operations[index];
  if (known) return known;
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
  graph.operations.push(operation);
  graph.wanting.add(index);
  return operation;
}

export function operationAt(graph: Genealogy, index: number): Operation {
  const operation = graph.operations[index];
  if (!operation) throw new RangeError(`no operation has the number ${index}`);
  return operation;
}

/** From now on whatever was said of the placeholder counts for the lot. */
export function linkPlaceholder(graph: Genealogy, placeholder: Lot, lot: Lot): void {
  if (placeholder === lot || placeholder.standsFor.includes(lot.index)) return;
  placeholder.standsFor.push(lot.index);
  lot.placeholders.push(placeholder.index);
  graph.undeclared.delete(placeholder.index);
  if (placeholder.standsFor.length > 1) graph.contradicted.add(placeholder.index);
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
  const found = new Set<Lot>();
  const open = [index];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const lot = lotAt(graph, next);
    if (found.has(lot)) continue;
    found.add(lot);
    open.push(...lot.placeholders);
  }
  return [...found].reverse();
}

export const pushOnce = <T>(list: T[], item: T): void => {
  if (!list.includes(item)) list.push(item);
};
