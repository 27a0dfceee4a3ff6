import { derivedInputs } from '../genealogy/derive-inputs.ts';
import type { Genealogy } from '../genealogy/genealogy.ts';
import type { Certainty, Operation } from '../genealogy/model.ts';
import { meant, operationAt } from '../genealogy/nodes.ts';
import type { Decision, Evidence } from './evidence.ts';

export interface WhatIf {
  /** An operation as it would be known. */
  readonly look: (operation: number) => Operation;
  readonly changed: ReadonlySet<number>;
}

/** The graph as it would be if all of this evidence were there, and showed that nothing affected was used. */
export function whatIf(graph: Genealogy, evidence: readonly Evidence[]): WhatIf {
  const seen = new Map<number, Operation>();
  const decisions = Map.groupBy(
    evidence.flatMap((piece) => [...piece.decisions.values()]),
    ({ operation }) => operation,
  );
  const look = (index: number): Operation => {
    const decided = decisions.get(index);
    if (!decided) return operationAt(graph, index);
    const known = seen.get(index) ?? decide(graph, operationAt(graph, index), joined(decided));
    seen.set(index, known);
    return known;
  };
  return { look, changed: new Set(decisions.keys()) };
}

function decide(graph: Genealogy, operation: Operation, { positions, items, without }: Decision): Operation {
  const told = operation.inputs.filter(
    ({ told: isTold, certainty, lot }) =>
      isTold && (isSure(certainty) || !meant(graph, lot).some((one) => without.has(one))),
  );
  return { ...operation, inputs: [...told, ...derivedInputs(graph, operation, { positions, items })] };
}

const isSure = (certainty: Certainty): boolean => certainty === 'scanned' || certainty === 'lot-inferred';

function joined(decisions: readonly Decision[]): Decision {
  const all = { operation: decisions[0]?.operation ?? 0, positions: new Set<string>(), items: new Set<string>(), without: new Set<number>() }; // prettier-ignore
  for (const { positions, items, without } of decisions) {
    for (const position of positions) all.positions.add(position);
    for (const item of items) all.items.add(item);
    for (const lot of without) all.without.add(lot);
  }
  return all;
}
