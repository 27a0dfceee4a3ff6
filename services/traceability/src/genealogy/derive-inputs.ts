import { milliseconds } from '@lotwarden/platform/instant';
import type { Machine, Mount } from './floor.ts';
import type { Genealogy } from './genealogy.ts';
import type { Certainty, InputLine, Operation } from './model.ts';
import { lotAt, meant } from './nodes.ts';
import { overlaps, windowsWithin, type Time, type Window } from './windows.ts';

/** Beginning and end in milliseconds, the earlier first; undefined where nobody has told. */
export function timeOf({ head }: Pick<Operation, 'head'>): Time | undefined {
  if (head === null) return undefined;
  const [a, b] = [milliseconds(head.startedAt), milliseconds(head.endedAt)];
  return Number.isNaN(a) || Number.isNaN(b) ? undefined : { start: Math.min(a, b), end: Math.max(a, b) };
}

/** What an operation can have been made of although it does not say so. */
export interface Candidate {
  readonly mount: Mount;
  /** When it can have been used. */
  readonly window: Window;
  readonly certainty: Certainty;
  /** Everybody of whom it may have been made instead, this one included. */
  readonly rivals: readonly Mount[];
  /** One of them was there all the time, and nothing about that is guessed. */
  readonly covered: boolean;
}

/** A position, or items, of which it is known by now what was used: nothing follows from a mount there any more. */
export interface Decided {
  readonly positions: ReadonlySet<string>;
  readonly items: ReadonlySet<string>;
}

/** These only divide, join or write off what is there: nothing is fed to them. */
const TAKE_NOTHING: readonly string[] = [
  'split',
  'merge',
  'scrap',
  'adjust',
  'unbuild',
  'relabel',
  'field-relabel',
  'repack',
  'pack',
  'epcis',
  'process-load',
];

/**
 * The lots that were mounted on the operation's machine in its time, of items of which it names no lot (backflush).
 * One alone in the whole time is as good as known; where several were, or the time is unclear, each is possible.
 */
export function candidatesOf(graph: Genealogy, operation: Operation, decided?: Decided): Candidate[] {
  const { head, voided } = operation;
  if (voided || head === null || head.equipment === null || TAKE_NOTHING.includes(head.kind)) return [];
  const machine = graph.floor.machines.get(head.equipment);
  const time = timeOf(operation);
  if (!machine || !time || machine.positions.size === 0) return [];
  const there = [...machine.positions.keys()].flatMap((position) => mountedIn(graph, machine, position, time));
  if (there.length === 0) return [];
  const named = namedBy(graph, operation);
  const items = decided ? named.items.union(decided.items) : named.items;
  const open = there.filter(
    (one) =>
      !decided?.positions.has(one.mount.position) &&
      ![...one.lots, ...one.mates].some((lot) => named.lots.has(lot)) &&
      one.items.isDisjointFrom(items),
  );
  return open.map((one) => {
    const rivals = open.filter((other) => other.mount.position === one.mount.position || !other.items.isDisjointFrom(one.items)); // prettier-ignore
    const covered = covers(rivals, time);
    const alone = one.lots.size === 1 && rivals.every(({ lots }) => lots.isSubsetOf(one.lots));
    const certainty = alone && covered ? ('backflushed' as const) : ('possible' as const);
    return { mount: one.mount, window: one.window, certainty, rivals: rivals.map(({ mount }) => mount), covered };
  });
}

/** Were these there all the time, and nothing about that is guessed? */
function covers(there: readonly There[], { start, end }: Time): boolean {
  const sure = there.map(({ window }) => window).filter((window) => window.sure).sort((a, b) => a.start - b.start); // prettier-ignore
  let until = start;
  for (const window of sure) if (window.start <= until) until = Math.max(until, window.end);
  return sure.some((window) => window.start <= start) && until >= end;
}

interface There {
  readonly mount: Mount;
  readonly window: Window;
  readonly lots: ReadonlySet<number>;
  readonly items: ReadonlySet<string>;
  /** All lots of the position in this time: who names one of them names the position. */
  readonly mates: readonly number[];
}

function mountedIn(graph: Genealogy, machine: Machine, name: string, time: Time): There[] {
  const position = machine.positions.get(name);
  const windows = position ? windowsWithin(graph.floor, position, time) : [];
  const there = windows.map((window) => {
    const lots = new Set(window.mount.lots.flatMap((lot) => meant(graph, lot)));
    return { mount: window.mount, window, lots, items: itemsOf(graph, lots) };
  });
  const mates = there.flatMap(({ lots }) => [...lots]);
  return there.map((one) => ({ ...one, mates }));
}

function namedBy(graph: Genealogy, { inputs, moves }: Operation) {
  const lines = inputs.filter(({ told, edge }) => told && (edge === 'material' || edge === 'installed'));
  const lots = new Set([...lines.map(({ lot }) => lot), ...moves.map(({ from }) => from)].flatMap((lot) => meant(graph, lot))); // prettier-ignore
  return { lots, items: itemsOf(graph, lots) };
}

export const itemsOf = (graph: Genealogy, lots: Iterable<number>): ReadonlySet<string> =>
  new Set([...lots].flatMap((lot) => lotAt(graph, lot).declaration?.item ?? []));

/** All inputs that follow from mounts and loads, in one order only. */
export function derivedInputs(graph: Genealogy, operation: Operation, decided?: Decided): InputLine[] {
  const lines = new Map<number, InputLine>();
  for (const { mount, certainty } of candidatesOf(graph, operation, decided))
    for (const lot of mount.lots) {
      const surer = lines.get(lot)?.certainty === 'backflushed' ? 'backflushed' : certainty;
      lines.set(lot, { lot, quantity: unsaid(mount), serials: [], edge: 'material', certainty: surer, told: false });
    }
  const exposed = exposuresOf(graph, operation).map(({ lot, certainty }): InputLine => ({
    lot,
    quantity: { value: '0', unit: 'C62' },
    serials: [],
    edge: 'exposure',
    certainty,
    told: false,
  }));
  return [...lines.values(), ...exposed].sort((a, b) => a.lot - b.lot);
}

/** How much it was nobody has said; the books count only what was told. */
const unsaid = ({ quantity, remaining }: Mount) => ({ value: '0', unit: (quantity ?? remaining)?.unit ?? 'EA' });

/** Loads that an operation was part of: told, or because one served its machine in its time. */
function exposuresOf(graph: Genealogy, operation: Operation): { lot: number; certainty: Certainty }[] {
  const { loads, loadsOf, machines } = graph.floor;
  if (operation.voided) return [];
  const found = new Map<number, Certainty>();
  const { head } = operation;
  const time = timeOf(operation);
  if (head !== null && head.equipment !== null && time)
    for (const id of machines.get(head.equipment)?.loads ?? []) {
      const load = loads.get(id);
      if (!load || load.voided) continue;
      const end = load.endedAt === null ? Infinity : milliseconds(load.endedAt);
      if (overlaps(time, milliseconds(load.startedAt), end)) found.set(load.lot, 'lot-inferred');
    }
  for (const id of loadsOf.get(operation.index) ?? []) {
    const lot = graph.lotIds.find(id);
    if (lot !== undefined && !loads.get(id)?.voided) found.set(lot, 'scanned');
  }
  return [...found].map(([lot, certainty]) => ({ lot, certainty }));
}
