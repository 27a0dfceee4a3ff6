import { contains, intersect, subtract, union, type SerialRange } from '@lotwarden/platform/serial-range';
import type { Genealogy } from '../genealogy/genealogy.ts';
import type { Operation } from '../genealogy/model.ts';
import { TAKES_OUT } from '../genealogy/note-taken-out.ts';
import { meant, members, operationAt } from '../genealogy/nodes.ts';
import { inputsOf, isUsedUp, outputsOf, type Link } from './links.ts';
import { createOverlaps, type Overlaps } from './overlaps.ts';

/** Parts by their serials, and the units that one operation put them into, or took them out of. */
interface Fitted {
  readonly parts: readonly SerialRange[];
  readonly units: readonly SerialRange[];
}

/** What is known of the parts of one lot that were taken out of units again. */
interface Parts {
  readonly removals: Overlaps<Fitted>;
  /** Only of parts that were taken out at least once. */
  readonly installations: Overlaps<Fitted>;
}

export interface TakenOut {
  /**
   * Those parts of the input that are not in what the operation made any more: a repair or rework that stands names them
   * and the unit that they came out of, as often as they were put into it. Until somebody names both, a part is in its unit.
   */
  readonly of: (input: Link, units: () => readonly SerialRange[]) => readonly SerialRange[];
}

/** Remembers for one question what it found. */
export function createTakenOut(
  graph: Genealogy,
  look = (index: number): Operation => operationAt(graph, index),
): TakenOut {
  const known = new Map<number, Parts | null>();
  const partsOf = (lot: number): Parts | null => {
    const found = known.get(lot);
    if (found !== undefined) return found;
    const made = readParts(graph, lot, look);
    known.set(lot, made);
    return made;
  };
  return {
    of: (input, unitsOf) => {
      if (graph.takenOut.size === 0 || !input.allKnown || !isUsedUp(input)) return [];
      const parts = partsOf(input.lot);
      if (!parts) return [];
      const out = parts.removals(input.serials);
      if (out.length === 0) return [];
      const units = unitsOf();
      const here = (fitted: readonly Fitted[]): readonly Fitted[] =>
        fitted.filter((one) => intersect(one.units, units).length > 0);
      const [removals, installations] = [here(out), here(parts.installations(input.serials))];
      const named = [...removals, ...installations].flatMap((one) => [...one.parts]);
      const times = (fitted: readonly Fitted[], part: SerialRange): number =>
        fitted.filter((one) => contains(one.parts, [part])).length;
      return pieces(intersect(input.serials, partsIn(removals)), named).filter(
        (part) => times(removals, part) >= times(installations, part),
      );
    },
  };
}

/** Null where nothing was ever taken out. */
function readParts(graph: Genealogy, lot: number, look: (index: number) => Operation): Parts | null {
  const removing = members(graph, lot).flatMap(({ index }) => graph.takenOut.get(index) ?? []);
  const removals = [...new Set(removing)].flatMap((index) => removalOf(graph, look(index), lot));
  if (removals.length === 0) return null;
  const gone = byParts(removals);
  const consumers = new Set(members(graph, lot).flatMap(({ consumedBy }) => [...consumedBy]));
  const installations = [...consumers].flatMap((index): Fitted[] => {
    const operation = look(index);
    if (operation.voided || ![...operation.inputs.map(({ serials }) => serials), ...operation.moves.map(({ ranges }) => ranges)].some((ranges) => gone(ranges).length > 0)) return []; // prettier-ignore
    const parts = serialsOf(inputsOf(graph, operation).filter((one) => one.lot === lot && isUsedUp(one)));
    return gone(parts).length === 0 ? [] : [{ parts, units: serialsOf(outputsOf(graph, operation)) }];
  });
  return { removals: gone, installations: byParts(installations) };
}

const byParts = (fitted: readonly Fitted[]): Overlaps<Fitted> =>
  createOverlaps(fitted.map((one) => [one, one.parts] as const));

/** Of a unit that goes on as itself, a part that did not come with this operation is told as scrapped, or given to its lot. */
function removalOf(graph: Genealogy, operation: Operation, lot: number): Fitted[] {
  if (operation.voided || !TAKES_OUT.has(operation.head?.kind ?? '')) return [];
  const inputs = inputsOf(graph, operation);
  const came = inputs.filter((one) => one.lot === lot);
  // Some of the lot came along, and nobody said which: it may be those that are told as scrapped.
  if (came.some(({ allKnown }) => !allKnown)) return [];
  const out = [...operation.scrap, ...operation.outputs].filter((line) => meant(graph, line.lot).includes(lot));
  // Units that only go to another lot came along; so did parts that were put in and spoilt.
  const parts = subtract(serialsOf(out), serialsOf(inputs));
  const wentIn = serialsOf(inputs.filter((one) => one.lot !== lot));
  const units = intersect(wentIn, serialsOf(outputsOf(graph, operation)));
  return parts.length === 0 || units.length === 0 ? [] : [{ parts, units }];
}

const serialsOf = (lines: readonly { readonly serials: readonly SerialRange[] }[]): SerialRange[] =>
  union(
    lines.flatMap(({ serials }) => [...serials]),
    [],
  );

const partsIn = (fitted: readonly Fitted[]): SerialRange[] =>
  serialsOf(fitted.map(({ parts }) => ({ serials: parts })));

/** Cut so that each piece is in each of the ranges as a whole, or not at all. */
const pieces = (whole: readonly SerialRange[], ranges: readonly SerialRange[]): SerialRange[] =>
  ranges.reduce<SerialRange[]>(
    (open, range) => open.flatMap((one) => [...intersect([one], [range]), ...subtract([one], [range])]),
    [...whole],
  );
