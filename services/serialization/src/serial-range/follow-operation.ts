import type { SerialRange } from '@lotwarden/contracts/events';
import { intersect, subtract } from '@lotwarden/platform/serial-range';
import { openDesk, type Desk } from './desk.ts';
import type { Flows, Followed, SerialMove } from './followed-operation.ts';
import type { LotSerialsEvent } from './lot-serials.ts';
import { carriesUnits, ENDING_UNITS, goesOn, leaves, moveUnits, unitsScrapped, type ProductOf } from './move-units.ts';

/** What is known of serials before the operation is followed. */
export interface Look {
  readonly serialsOf: (lot: string) => readonly SerialRange[];
  readonly productOf: ProductOf;
  /** Lots that have some of the serials which the operation names, its own lots apart. */
  readonly others: readonly { readonly lot: string; readonly ranges: readonly SerialRange[] }[];
  /** Those of the serials that were ever given to a unit. */
  readonly issued: (ranges: readonly SerialRange[]) => readonly SerialRange[];
}

interface Following {
  readonly followed: Followed;
  readonly events: readonly LotSerialsEvent[];
  /** Named serials that are not where the operation says: when they come there, it is followed again. */
  readonly awaited: readonly SerialRange[];
}

/**
 * Serials follow the material. `told` is all of the operation that is known now, `fresh` what is new in it. A serial that
 * is named and is somewhere else stays where it is, as a finding, until it comes: operations are heard in any order.
 */
export function followOperation(before: Followed, operation: string, told: Flows, fresh: Flows, look: Look): Following {
  const desk = openDesk(before, operation, look.serialsOf);
  scrapUnits(desk, told, fresh);
  if (ENDING_UNITS.has(told.kind ?? '')) endUnits(desk, told, fresh);
  moveUnits(desk, told, fresh, look.productOf);
  findMisplaced(desk, told, fresh, look);
  const awaited = [...told.inputs, ...told.outputs, ...told.scrap].flatMap((flow) =>
    subtract(subtract(flow.serials, desk.accounted()), desk.of(flow.lot)),
  );
  return { followed: { ...told, ...desk.result(), voided: false }, events: desk.events, awaited };
}

/**
 * Takes back what followed an operation that is voided. A unit that moved on since then stays, as a finding, until what
 * took it on is voided too: it waits, and goes back then.
 */
export function unfollowOperation(before: Followed, operation: string, serialsOf: Look['serialsOf']): Following {
  const desk = openDesk(before, operation, serialsOf);
  const left: SerialMove[] = [];
  for (const { from, to, ranges } of before.moves) {
    const back = intersect(desk.of(to), ranges);
    if (back.length > 0) desk.move({ from: to, to: from, ranges: back });
    const gone = subtract(ranges, back);
    if (gone.length === 0) continue;
    left.push({ from, to, ranges: gone });
    if (!before.voided) desk.find('serial-moved-on', to, gone, null);
  }
  for (const { lot, ranges } of before.scrapped) desk.restore(lot, ranges);
  const { findings } = desk.result();
  return {
    followed: { ...before, moves: left, scrapped: [], findings, voided: true },
    events: desk.events,
    awaited: left.flatMap(({ ranges }) => ranges),
  };
}

function scrapUnits(desk: Desk, told: Flows, fresh: Flows): void {
  for (const scrap of fresh.scrap) {
    const units = unitsScrapped(scrap, told);
    const sources = new Set([scrap.lot, ...told.inputs.filter(carriesUnits).map(({ lot }) => lot)]);
    for (const lot of sources) {
      const ranges = subtract(intersect(desk.of(lot), leaves(told, lot, units)), desk.accounted());
      if (ranges.length > 0) desk.scrap(lot, ranges);
    }
    if (units.length === 0 && desk.of(scrap.lot).length > 0)
      desk.find('serials-of-scrap-unknown', scrap.lot, [], null, `${scrap.quantity.value} ${scrap.quantity.unit}`);
  }
}

/** What is told as scrapped is no unit any more; its serial is found for ever, and given to no other unit. */
function endUnits(desk: Desk, { outputs }: Flows, fresh: Flows): void {
  const goingOn = outputs.flatMap(({ serials }) => serials);
  for (const { lot, serials, quantity } of fresh.inputs.filter(carriesUnits)) {
    const ranges = subtract(intersect(desk.of(lot), subtract(serials, goingOn)), desk.accounted());
    if (ranges.length > 0) desk.scrap(lot, ranges);
    if (serials.length === 0 && desk.of(lot).length > 0)
      desk.find('serials-of-scrap-unknown', lot, [], null, `${quantity.value} ${quantity.unit}`);
  }
}

function findMisplaced(desk: Desk, told: Flows, fresh: Flows, look: Look): void {
  for (const { lot, ranges, mustExist } of named(told, fresh, look.productOf)) {
    const gone = subtract(subtract(ranges, desk.accounted()), desk.of(lot));
    // The operation's own lots too: a unit that went into it is no unit of another lot it makes.
    const around = [...look.others, ...told.inputs.map((input) => ({ lot: input.lot, ranges: desk.of(input.lot) }))];
    let nowhere: readonly SerialRange[] = gone;
    for (const other of around.filter((each) => each.lot !== lot)) {
      const found = intersect(other.ranges, nowhere);
      if (found.length > 0) desk.find('serial-in-other-lot', lot, found, other.lot);
      nowhere = subtract(nowhere, found);
    }
    const given = look.issued(nowhere);
    if (given.length > 0) desk.find('serial-not-in-lot', lot, given, null);
    const never = mustExist ? subtract(nowhere, given) : [];
    if (never.length > 0) desk.find('serial-not-commissioned', lot, never, null);
  }
}

/** Serials that are named, and whether they must have been given before: units that are only now made need not. */
function named(told: Flows, fresh: Flows, productOf: ProductOf) {
  const isOld = (lot: string): boolean =>
    told.inputs.some((input) => carriesUnits(input) && goesOn(told, productOf(input.lot), productOf(lot)));
  return [
    ...fresh.inputs.map(({ lot, serials }) => ({ lot, ranges: serials, mustExist: true })),
    ...fresh.outputs.map(({ lot, serials }) => ({ lot, ranges: serials, mustExist: isOld(lot) })),
    ...fresh.scrap.map(({ lot, serials }) => ({ lot, ranges: serials, mustExist: true })),
  ].filter(({ ranges }) => ranges.length > 0);
}
