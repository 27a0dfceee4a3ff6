import { GTIN, goods, keep, learn, mention, takeUnits, type Floor, type OpenLot } from './floor.ts';
import { onMachine } from './line.ts';
import type { EdgeKind, Goods, Happening, Move, OperationDone, Used } from './world.ts';

/** A lot that comes into use; the one that it drives out is known from then on. */
export function* takeUp(floor: Floor, lot: OpenLot): Generator<Happening> {
  const lots = floor.levels[lot.level] ?? [];
  if (lots.length >= floor.shape.open && lots[0]) yield* learn(floor, lots[0]);
  keep(lots, lot, floor.shape.open);
}

export function* stock(
  floor: Floor,
  book: 'received' | 'issued' | 'scrapped',
  line: Goods,
  lot: OpenLot,
  cause: string,
  id: string,
): Generator<Happening> {
  // prettier-ignore
  if (line.as !== lot.id) lot.strangely.stocked += line.amount;
  yield { what: 'stock', book, ...line, cause, id, site: floor.site, location: 'STORE' };
}

type Draft = Partial<Pick<OperationDone, 'scrap' | 'moves' | 'missing' | 'told' | 'lateInputs' | 'lateOutputs'>> & {
  readonly kind: string;
  readonly inputs: readonly Used[];
  readonly outputs: readonly Goods[];
  /** At a custodian: our shelves are not concerned, and nobody takes it back. */
  readonly elsewhere?: true;
};

/** The operation, and what the warehouse books of it. */
export function* operation(
  floor: Floor,
  lots: readonly OpenLot[],
  { elsewhere, ...draft }: Draft,
): Generator<Happening, OperationDone> {
  const { random, shape, site } = floor;
  const dirty = random.chance(shape.dirt);
  const done: OperationDone = {
    what: 'operation',
    id: `OP-MES-${site}:${String(floor.next('op'))}`,
    site,
    scrap: [],
    moves: [],
    missing: dirty && random.chance(0.3) ? `${random.pick(['CAP-100', 'M-00', 'M-01'])}: expected 2, seen none` : null,
    told: !(dirty && draft.moves !== undefined && draft.moves.length > 0 && random.chance(0.4)),
    lateInputs: random.chance(0.1) ? random.below(draft.inputs.length + 1) : 0,
    lateOutputs: random.chance(0.05) ? random.below(draft.outputs.length + 1) : 0,
    ...onMachine(floor),
    ...draft,
    ...(dirty && random.chance(0.15) ? { inputs: [] } : {}),
  };
  yield done;
  const known = new Map(lots.map((lot) => [lot.id, lot]));
  if (elsewhere) return done;
  keep(floor.done, { operation: done, lots: known }, 8);
  if (dirty && random.chance(0.3)) return done;
  for (const [book, lines] of [
    ['issued', done.inputs.filter(isConsumed)],
    ['received', done.outputs],
  ] as const)
    // prettier-ignore
    for (const line of lines) {
      const lot = known.get(line.lot);
      if (lot && done.told) yield* stock(floor, book, line, lot, 'operation', done.id);
    }
  return done;
}

export const isConsumed = ({ edge }: Used): boolean => edge === 'material' || edge === 'installed';

/** Most goods become part of what is made; some can be taken out again, some only lay in the same tray. */
export const EDGES: readonly EdgeKind[] = [...Array<EdgeKind>(26).fill('material'), 'installed', 'installed', 'installed', 'containment']; // prettier-ignore

const CERTAINTIES = ['scanned', 'scanned', 'lot-inferred', 'lot-inferred', 'lot-inferred', 'backflushed', 'possible', 'gap-assumed']; // prettier-ignore

export const used = ({ random }: Floor, line: Goods, edge: EdgeKind = 'material'): Used => ({
  ...line,
  edge,
  certainty: random.pick(CERTAINTIES),
});

/** Some of a lot, which it has no longer then; units are named where it is said, or not. */
export function take(
  floor: Floor,
  lot: OpenLot,
  most: number,
  named: boolean,
): { line: Goods; units: Goods['serials'] } {
  const wanted = Math.max(1, Math.min(lot.left, floor.random.between(1, most)));
  const amount = floor.random.chance(floor.shape.dirt * 0.1) ? wanted + 500 : wanted;
  const units = takeUnits(lot, amount);
  lot.left -= amount;
  return { line: goods(lot, amount, named ? units : []), units };
}

export const withGoods = (lots: readonly OpenLot[] | undefined): OpenLot[] =>
  (lots ?? []).filter(({ left }) => left > 0);

/** A lot of a lower level, of this plant or another. */
export function component(floor: Floor, level: number): OpenLot | undefined {
  const { random, neighbours } = floor;
  const from = random.chance(0.1) ? random.pick(neighbours) : floor;
  const below = random.chance(0.8) ? level - 1 : random.below(level);
  const found = [withGoods(from.levels[below]), withGoods(floor.levels[below]), withGoods(floor.levels[0])];
  const lots = found.find(({ length }) => length > 0);
  return lots && random.pick(lots);
}

/** Finished goods have serials, and some assemblies; each lot either has or has not. */
export const hasSerials = ({ shape }: Floor, { level, item }: OpenLot): boolean =>
  level === shape.levels ? !item.endsWith('2') : level === shape.levels - 1 && item.endsWith('1') && level > 0;

export function giveSerials(floor: Floor, amount: number) {
  const first = floor.next('serial');
  for (let more = 1; more < amount; more++) floor.next('serial');
  return [{ gtin: GTIN, prefix: `IP${floor.site}`, width: 9, first, last: first + amount - 1 }];
}

export const moved = (from: OpenLot, to: OpenLot, ranges: Goods['serials']): Move[] =>
  ranges.length === 0 ? [] : [{ from: mention(from), to: mention(to), ranges }];
