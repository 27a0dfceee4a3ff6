import type { Happening, OperationDone } from '../generator/world.ts';
import { itemsIn, unsaidInputs } from './true-floor.ts';

/** What nobody told: names that stand for nothing, operations that came out of nothing or were never reported. */
export function trueGaps(happenings: readonly Happening[]): string[] {
  const declared = new Set<string>();
  const spokenOf = new Set<string>();
  const operations = new Map<string, OperationDone>();
  for (const one of happenings) {
    if (one.what === 'lot' && one.kind !== 'unknown') declared.add(one.lot);
    if (one.what === 'load') declared.add(one.load);
    if (one.what === 'operation') operations.set(one.id, one);
    for (const lot of lotsIn(one)) spokenOf.add(lot);
  }
  for (const one of happenings) if (one.what === 'void') operations.delete(one.operation);
  const lots = [...spokenOf].filter((lot) => !declared.has(lot)).map((lot) => `lot-undeclared ${lot}`);
  const unsaid = unsaidInputs(happenings);
  const items = itemsIn(happenings);
  const gaps = [...operations.values()].flatMap((one) => {
    const fed = unsaid(one).filter(({ edge }) => edge === 'material');
    return gapOf(one, new Set(fed.map(({ lot }) => items.get(lot) ?? '?')));
  });
  return [...lots, ...gaps].sort();
}

/** @param fed items of what was mounted; something of an unknown item is something too */
function gapOf({ id, told, missing, inputs, moves }: OperationDone, fed: ReadonlySet<string>): string[] {
  if (!told) return [`operation-undeclared ${id}`];
  if (missing !== null && !fed.has(missing.split(':')[0] ?? '')) return [`operation-input-missing ${id}: ${missing}`];
  return inputs.length === 0 && moves.length === 0 && fed.size === 0 ? [`operation-without-inputs ${id}`] : [];
}

function lotsIn(one: Happening): string[] {
  switch (one.what) {
    case 'operation': {
      const lines = one.told ? [...one.inputs, ...one.outputs, ...one.scrap] : [];
      const load = one.told && one.load !== null ? [one.load] : [];
      return [...load, ...[...lines, ...one.moves.flatMap(({ from, to }) => [from, to])].map(({ lot }) => lot)];
    }
    case 'mounted':
    case 'claimed':
      return [one.lot];
    case 'unmounted':
      return one.said === null ? [] : [one.said.lot];
    case 'load':
      return one.members.map(({ lot }) => lot);
    case 'shipped':
      return one.lines.map(({ lot }) => lot);
    case 'stock':
    case 'custody':
    case 'serials':
    case 'ended':
      return [one.lot];
    case 'lot':
      // A placeholder that turns out to be a lot is no lot of its own; one that never does is.
      return one.kind === 'unknown' && !one.resolved ? [one.lot] : [];
    case 'alias':
    case 'merge':
    case 'void':
    case 'mount-void':
    case 'load-void':
      return [];
  }
}
