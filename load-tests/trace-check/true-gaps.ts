import type { Happening, OperationDone } from '../generator/world.ts';

/** What nobody told: names that stand for nothing, operations that came out of nothing or were never reported. */
export function trueGaps(happenings: readonly Happening[]): string[] {
  const declared = new Set<string>();
  const spokenOf = new Set<string>();
  const operations = new Map<string, OperationDone>();
  for (const one of happenings) {
    if (one.what === 'lot' && one.kind !== 'unknown') declared.add(one.lot);
    if (one.what === 'operation') operations.set(one.id, one);
    for (const lot of lotsIn(one)) spokenOf.add(lot);
  }
  for (const one of happenings) if (one.what === 'void') operations.delete(one.operation);
  const lots = [...spokenOf].filter((lot) => !declared.has(lot)).map((lot) => `lot-undeclared ${lot}`);
  return [...lots, ...[...operations.values()].flatMap(gapOf)].sort();
}

function gapOf({ id, told, missing, inputs, moves }: OperationDone): string[] {
  if (!told) return [`operation-undeclared ${id}`];
  if (missing !== null) return [`operation-input-missing ${id}: ${missing}`];
  return inputs.length === 0 && moves.length === 0 ? [`operation-without-inputs ${id}`] : [];
}

function lotsIn(one: Happening): string[] {
  switch (one.what) {
    case 'operation': {
      const lines = one.told ? [...one.inputs, ...one.outputs, ...one.scrap] : [];
      return [...lines, ...one.moves.flatMap(({ from, to }) => [from, to])].map(({ lot }) => lot);
    }
    case 'shipped':
      return one.lines.map(({ lot }) => lot);
    case 'stock':
    case 'custody':
    case 'serials':
      return [one.lot];
    case 'lot':
      // A placeholder that turns out to be a lot is no lot of its own; one that never does is.
      return one.kind === 'unknown' && !one.resolved ? [one.lot] : [];
    case 'alias':
    case 'merge':
    case 'void':
      return [];
  }
}
