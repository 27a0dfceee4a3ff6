import type { LotRef, SerialRange } from '@lotwarden/contracts/events';
import { placeholderOf } from './placeholder.ts';
import type { Random } from './random.ts';
import type { Goods, Happening, Mention, OperationDone } from './world.ts';

/** How a factory behaves. Shares are between 0 and 1. */
export interface Shape {
  readonly plants: number;
  /** Of all plants together. */
  readonly operations: number;
  /** Levels of the bill of material: materials are level 0, finished goods the last one. */
  readonly levels: number;
  /** So many lots of each level are in use at once; older ones are never touched again. Bounds memory and reach. */
  readonly open: number;
  /** Inputs of an operation that makes something. */
  readonly inputs: readonly [low: number, high: number];
  /** How often what is done: make something, or one of the rarer things; never what is not named. */
  readonly work: Readonly<Partial<Record<Work, number>>>;
  /** Operations that run on a machine, and how often something is mounted there or loaded with others. */
  readonly machines: number;
  /** Goods shipped, used, returned, counted … for each operation. */
  readonly movements: number;
  /** Lots spoken of by a name that nobody knows yet. */
  readonly strangeNames: number;
  /** Claims that cannot be true, things nobody ever tells: books that differ, inputs that are missing, … */
  readonly dirt: number;
}

export type Work =
  | 'make'
  | 'split'
  | 'merge'
  | 'rework'
  | 'pack'
  | 'sterilise'
  | 'scrap'
  | 'void'
  /** Serial to serial, one operation a unit. */
  | 'assemble'
  /** A part of a unit is replaced: named or not, scrapped or back to its lot. */
  | 'repair'
  | 'unbuild'
  /** More was taken than was needed: the rest goes back. */
  | 'giveBack'
  /** Another item than the one that was planned. */
  | 'substitute'
  /** Units get another identifier, on our shelves or at a custodian. */
  | 'relabel';

/** A part that is in a unit, both by their serials; one of each. */
export interface Fitted {
  readonly part: OpenLot;
  readonly board: SerialRange;
  readonly lot: OpenLot;
  readonly unit: SerialRange;
}

/** A lot that is still in use. What is known of it here is what is physically so. */
export interface OpenLot {
  readonly id: string;
  readonly level: number;
  readonly site: string;
  readonly item: string;
  readonly alias: LotRef;
  /** The name it goes by until its owner tells; null once it is known. */
  strange: string | null;
  /** Came from a supplier. */
  readonly received: number;
  /** Nobody ever tells what this name means; it is all there is of the lot. */
  readonly unknown: boolean;
  /** On our shelves, and neither used nor sent yet. */
  left: number;
  /** Serials of what is left, as far as units have one. */
  serials: SerialRange[];
  /** A component that went into it, as long as that is still built in. */
  madeOf: Goods | null;
  /** Booked under the strange name. */
  strangely: { stocked: number };
}

/** Goods that a custodian has, as they came. */
export interface Held {
  readonly custodian: string;
  readonly lot: OpenLot;
  readonly unit: string;
  amount: number;
  serials: SerialRange[];
}

/** The machines of a plant: what is mounted now, and what ran last. */
export interface Line {
  /** Minutes. */
  now: number;
  readonly mounted: { readonly mount: string; readonly equipment: string; readonly position: string; readonly lot: OpenLot }[]; // prettier-ignore
  readonly loads: string[];
}

/** One plant, with what it has at hand; all of it bounded. */
export interface Floor {
  readonly site: string;
  readonly shape: Shape;
  readonly random: Random;
  readonly levels: readonly OpenLot[][];
  readonly boxes: OpenLot[];
  readonly loads: OpenLot[];
  readonly line: Line;
  readonly held: Held[];
  readonly fitted: Fitted[];
  readonly onTheWay: (Held & { readonly shipment: string })[];
  readonly done: { readonly operation: OperationDone; readonly lots: ReadonlyMap<string, OpenLot> }[];
  /** Plants that goods may come from, this one among them. */
  readonly neighbours: readonly Floor[];
  readonly next: (kind: string) => number;
}

export const GTIN = '06901234567892';
export const EACH = 'EA';

/** Keeps the list short: the oldest goes. */
export function keep<T>(list: T[], item: T, most: number): T {
  list.push(item);
  if (list.length > most) list.shift();
  return item;
}

/** The first `amount` units of a lot that has serials, taken out of it; none where it has not as many. */
export function takeUnits(lot: { serials: SerialRange[] }, amount: number): SerialRange[] {
  const taken: SerialRange[] = [];
  const rest: SerialRange[] = [];
  let open = amount;
  for (const range of lot.serials) {
    const last = Math.min(range.last, range.first + open - 1);
    if (open > 0) taken.push({ ...range, last });
    if (last < range.last) rest.push(open > 0 ? { ...range, first: last + 1 } : range);
    open -= open > 0 ? last - range.first + 1 : 0;
  }
  if (open > 0) return [];
  lot.serials = rest;
  return taken;
}

export function openLot({ site, random, next, shape }: Floor, level: number): OpenLot {
  const finished = level === shape.levels;
  const kind = level === 0 ? 'M' : finished ? 'F' : 'P';
  const sequence = next(kind);
  const day = String(Math.floor(sequence / 99_999) + 260101);
  const code = `${kind}${String(sequence)}`;
  const alias = { system: level === 0 ? `supplier:SUP-${String(random.below(9))}` : `MES-${site}`, code: `${site}-${code}` }; // prettier-ignore
  const unknown = random.chance(shape.dirt * 0.1);
  return {
    id: unknown ? placeholderOf(alias) : `${kind}-${site}-${day}-${String(sequence % 99_999).padStart(5, '0')}`,
    unknown,
    received: level === 0 && !unknown ? random.between(20, 400) : 0,
    level,
    site,
    item: `${kind}-${String(level)}${String(random.below(3))}`,
    alias,
    strange: !unknown && random.chance(shape.strangeNames) ? placeholderOf(alias) : null,
    left: 0,
    serials: [],
    madeOf: null,
    strangely: { stocked: 0 },
  };
}

/** A lot comes into the world: declared, or spoken of by a name that nobody knows. */
export function* introduce(floor: Floor, lot: OpenLot): Generator<Happening> {
  const { level, site, item, alias } = lot;
  const name = lot.unknown ? lot.id : lot.strange;
  if (name === null) yield* declare(floor, lot);
  else if (level > 0 && floor.random.chance(0.5))
    yield {
      what: 'lot',
      lot: name,
      resolved: !lot.unknown,
      kind: 'unknown',
      site,
      item,
      supplier: '',
      amount: 0,
      unit: EACH,
      aliases: [alias],
    };
}

/** What its owner tells when the lot is made or received; a strange one is declared once its name is told. */
function* declare(floor: Floor, lot: OpenLot): Generator<Happening> {
  const { alias, level, site, item } = lot;
  const late = lot.strange !== null && floor.random.chance(0.5);
  yield {
    what: 'lot',
    lot: lot.id,
    kind: level === 0 ? 'material' : level === floor.shape.levels ? 'finished' : 'intermediate',
    site,
    item,
    supplier: level === 0 ? alias.system.replace('supplier:', '') : '',
    amount: lot.received,
    unit: EACH,
    // The other way is that the name is assigned in a message of its own.
    aliases: late ? [] : [alias],
    resolved: true,
  };
  if (!late) return;
  const placeholder = floor.random.chance(0.5) ? lot.strange : null;
  yield { what: 'alias', lot: lot.id, kind: level === 0 ? 'material' : 'product', alias, placeholder };
}

/** The owner tells who the lot is; whoever kept books under the strange name moves them. */
export function* learn(floor: Floor, lot: OpenLot): Generator<Happening> {
  const placeholder = lot.strange;
  if (placeholder === null) return;
  lot.strange = null;
  yield* declare(floor, lot);
  const amount = lot.strangely.stocked;
  if (amount === 0) return;
  const line = { what: 'stock', cause: 'merge', id: placeholder, site: lot.site, location: 'STORE', amount, unit: EACH, serials: [] } as const; // prettier-ignore
  yield {
    what: 'merge',
    placeholder,
    booked: [
      { ...line, book: 'issued', lot: lot.id, as: placeholder },
      { ...line, book: 'received', lot: lot.id, as: lot.id },
    ],
  };
}

export const mention = ({ id, strange }: OpenLot): Mention => ({ lot: id, as: strange ?? id });

export const goods = (lot: OpenLot, amount: number, serials: readonly SerialRange[] = []): Goods => ({
  ...mention(lot),
  amount,
  unit: EACH,
  serials,
});
