import { milliseconds } from '@lotwarden/platform/instant';
import { candidatesOf } from '../genealogy/derive-inputs.ts';
import type { Genealogy } from '../genealogy/genealogy.ts';
import type { Operation } from '../genealogy/model.ts';
import { meant } from '../genealogy/nodes.ts';
import type { Because } from './trace-question.ts';

/** Why the lot is among the inputs of the operation although it does not name it: what was mounted, or served, then. */
export function becauseOf(graph: Genealogy, operation: Operation, lot: number): Because[] {
  const means = (one: number): boolean => one === lot || meant(graph, one).includes(lot);
  const lines = operation.inputs.filter((line) => means(line.lot));
  const mounted = lines.some(({ told, edge }) => !told && edge !== 'exposure') ? mountsOf(graph, operation, means) : [];
  const loads = lines.filter(({ edge }) => edge === 'exposure').flatMap((line) => loadOf(graph, line.lot));
  return [...mounted, ...loads];
}

function mountsOf(graph: Genealogy, operation: Operation, means: (lot: number) => boolean): Because[] {
  const own = candidatesOf(graph, operation).filter(({ mount }) => mount.lots.some(means));
  return own
    .map(({ mount: { id, equipment, position, document }, window: { start, end, sure } }): Because => ({
      kind: 'mount',
      id,
      equipment,
      position,
      from: textOf(start),
      to: textOf(end),
      sure,
      document,
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

function loadOf(graph: Genealogy, lot: number): Because[] {
  const load = graph.floor.loads.get(graph.lotIds.text(lot));
  if (!load) return [];
  const { startedAt, endedAt, document } = load;
  return [
    {
      kind: 'load',
      id: graph.lotIds.text(lot),
      equipment: null,
      position: null,
      from: textOf(milliseconds(startedAt)),
      to: endedAt === null ? null : textOf(milliseconds(endedAt)),
      sure: document !== null,
      document,
    },
  ];
}

const textOf = (moment: number): string | null => (Number.isFinite(moment) ? new Date(moment).toISOString() : null);
