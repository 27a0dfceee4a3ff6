import { goods, introduce, keep, openLot, takeUnits, type Fitted, type Floor, type OpenLot } from './floor.ts';
import { custody } from './logistics.ts';
import { component, giveSerials, operation, moved, take, takeUp, used, withGoods } from './operate.ts';
import type { Goods, Happening, Used } from './world.ts';

type Work = Generator<Happening> | undefined;

/** Lots whose units have serials, and of which some are left. */
const withSerials = (lots: readonly OpenLot[]): OpenLot[] =>
  withGoods(lots).filter(({ serials }) => serials.length > 0);

const parts = ({ levels, shape }: Floor): OpenLot[] => withSerials(levels.slice(0, shape.levels).flat());

/** Serials are given before what makes the units is told, or after it. */
function* giving(
  floor: Floor,
  lot: OpenLot,
  ranges: Goods['serials'],
  work: Generator<Happening>,
): Generator<Happening> {
  const given: Happening = { what: 'serials', lot: lot.id, ranges };
  const before = floor.random.chance(0.5);
  if (before) yield given;
  yield* work;
  if (!before) yield given;
}

export function assemble(floor: Floor): Work {
  const { random, shape, levels, fitted } = floor;
  const boards = parts(floor);
  if (boards.length === 0) return undefined;
  const part = random.pick(boards);
  return (function* () {
    const old = withSerials(levels[shape.levels] ?? []);
    const again = old.length > 0 && random.chance(0.5) ? random.pick(old) : undefined;
    const lot = again ?? { ...openLot(floor, shape.levels), item: `F-${String(shape.levels)}0` };
    if (!again) yield* introduce(floor, lot);
    for (let units = random.between(1, 3); units > 0 && part.left > 0; units--) {
      const { line, units: board } = take(floor, part, 1, true);
      const unit = giveSerials(floor, 1);
      const inputs = [used(floor, line, random.pick(['installed', 'installed', 'material']))];
      yield* giving(
        floor,
        lot,
        unit,
        operation(floor, [part, lot], { kind: 'make', inputs, outputs: [goods(lot, 1, unit)] }),
      );
      lot.left += 1;
      lot.serials = [...lot.serials, ...unit];
      const [[one], [its]] = [board, unit];
      if (one && its && board.length === 1 && line.amount === 1) keep(fitted, { part, board: one, lot, unit: its }, 24);
    }
    if (!again) yield* takeUp(floor, lot);
  })();
}

/** A unit that is on the shelf gets another part; what came out is named or not, scrapped, or back in its lot. */
export function repair(floor: Floor): Work {
  const { random, levels, shape, fitted } = floor;
  const here = fitted.filter(({ lot, unit }) => lot.left > 0 && lot.serials.some((range) => lies(unit, range)));
  if (here.length === 0) return undefined;
  const known = random.pick(here);
  return (function* () {
    const { part, board, lot, unit } = known;
    const boards = parts(floor);
    const fresh = boards.length > 0 && random.chance(0.7) ? random.pick(boards) : component(floor, shape.levels);
    const put = fresh && random.chance(0.9) ? take(floor, fresh, 1, random.chance(0.8)) : undefined;
    const moves = random.chance(0.25) ? withSerials(levels[shape.levels] ?? []) : [];
    const other = moves.length > 0 ? random.pick(moves) : lot;
    const draw = random.below(10);
    const out = goods(part, 1, draw < 8 ? [board] : []);
    const [scrap, back] = draw < 5 || draw === 8 ? [[out], []] : draw < 8 ? [[], [out]] : [[], []];
    const inputs: Used[] = [used(floor, goods(lot, 1, [unit]))];
    if (put) inputs.push(used(floor, put.line, 'installed'));
    const outputs = [goods(other, 1, [unit]), ...back];
    const lots = [lot, other, part, ...(fresh ? [fresh] : [])];
    const kind = other === lot && random.chance(0.8) ? 'repair' : 'rework';
    yield* operation(floor, lots, {
      kind,
      inputs,
      outputs,
      scrap,
      moves: other === lot ? [] : moved(lot, other, [unit]),
    });
    if (other !== lot) {
      without(lot, unit);
      lot.left -= 1;
      other.left += 1;
      other.serials = [...other.serials, unit];
    }
    if (back.length > 0) {
      part.left += 1;
      part.serials = [board, ...part.serials];
    }
    // Now and then it is taken out again although nobody had put it in again.
    if (draw < 8 && random.chance(0.95)) fitted.splice(fitted.indexOf(known), 1);
    const [one] = put?.units ?? [];
    if (fresh && one && put?.line.amount === 1) keep(fitted, { part: fresh, board: one, lot: other, unit }, 24);
    else if (other !== lot) keep(fitted, { ...known, lot: other }, 24);
  })();
}

const lies = (one: Fitted['unit'], range: Fitted['unit']): boolean =>
  one.prefix === range.prefix && range.first <= one.first && one.last <= range.last;

function without(lot: OpenLot, unit: Fitted['unit']): void {
  lot.serials = lot.serials.flatMap((range) =>
    lies(unit, range)
      ? [
          { ...range, last: unit.first - 1 },
          { ...range, first: unit.last + 1 },
        ].filter(({ first, last }) => first <= last)
      : [range],
  );
}

/** What comes out is a lot of its own, or goes back to the lot that it came from; the rest is scrapped. */
export function unbuild(floor: Floor): Work {
  const { random, shape, levels } = floor;
  const lots = withGoods(levels[shape.levels]);
  if (lots.length === 0) return undefined;
  const lot = random.pick(lots);
  return (function* () {
    const { line, units } = take(floor, lot, 3, random.chance(0.8));
    const inside = levels.flat().find(({ id }) => id === lot.madeOf?.lot);
    const outputs: Goods[] = [];
    const scrap: Goods[] = [];
    const known = [lot];
    if (inside) {
      known.push(inside);
      if (random.chance(0.6)) outputs.push(goods(inside, 1));
      if (random.chance(0.5)) scrap.push(goods(inside, 1));
      if (outputs.length > 0) inside.left += 1;
    }
    if (outputs.length === 0 || random.chance(0.4)) {
      const recovered = openLot(floor, Math.max(1, shape.levels - 1));
      yield* introduce(floor, recovered);
      outputs.push(goods(recovered, line.amount));
      recovered.left = line.amount;
      known.push(recovered);
      yield* takeUp(floor, recovered);
    }
    const done = yield* operation(floor, known, { kind: 'unbuild', inputs: [used(floor, line)], outputs, scrap });
    if (units.length > 0) yield { what: 'ended', lot: lot.id, ranges: units, operation: done.id };
  })();
}

export function giveBack(floor: Floor): Work {
  const { random, shape } = floor;
  const boards = parts(floor);
  const part = boards.length > 0 && random.chance(0.7) ? random.pick(boards) : component(floor, shape.levels);
  if (!part) return undefined;
  return (function* () {
    const named = random.chance(0.7);
    const { line, units } = take(floor, part, 10, named);
    const rest = random.below(line.amount);
    const back = takeUnits({ serials: [...units] }, rest);
    const lot = openLot(floor, shape.levels);
    yield* introduce(floor, lot);
    const made = random.between(1, 10);
    const outputs = [goods(lot, made)];
    if (rest > 0) outputs.push(goods(part, rest, named ? back : []));
    yield* operation(floor, [part, lot], { kind: 'make', inputs: [used(floor, line)], outputs });
    part.left += rest;
    part.serials = [...back, ...part.serials];
    lot.left += made;
    yield* takeUp(floor, lot);
  })();
}

export function substitute(floor: Floor): Work {
  const { random, shape } = floor;
  const part = component(floor, shape.levels);
  if (!part) return undefined;
  return (function* () {
    const lot = openLot(floor, shape.levels);
    yield* introduce(floor, lot);
    const { line } = take(floor, part, 10, random.chance(0.5));
    const planned = `${part.item.slice(0, -1)}${String((Number(part.item.at(-1)) + 1) % 3)}`;
    // Approved as an alternative, or not.
    const missing = random.chance(0.5) ? null : `${planned}: expected ${String(line.amount)}, seen none`;
    yield* operation(floor, [part, lot], {
      kind: 'make',
      inputs: [used(floor, line)],
      outputs: [goods(lot, 4)],
      missing,
    });
    lot.left = 4;
    yield* takeUp(floor, lot);
  })();
}

export function relabel(floor: Floor): Work {
  const { random, shape, levels, held } = floor;
  const outside = held.filter(({ lot, serials, amount }) => serials.length > 0 && size(serials) === amount && lot.level === shape.levels); // prettier-ignore
  const here = withSerials(levels[shape.levels] ?? []);
  if (outside.length > 0 && (here.length === 0 || random.chance(0.5)))
    return relabelOutside(floor, random.pick(outside));
  if (here.length === 0) return undefined;
  const lot = random.pick(here);
  return (function* () {
    const { line, units } = take(floor, lot, 4, true);
    if (units.length === 0) return;
    const renewed = { ...openLot(floor, shape.levels), item: lot.item };
    yield* introduce(floor, renewed);
    const serials = giveSerials(floor, line.amount);
    const draft = { kind: 'relabel', inputs: [used(floor, line)], outputs: [goods(renewed, line.amount, serials)] };
    yield* giving(floor, renewed, serials, ending(lot, units, operation(floor, [lot, renewed], draft)));
    renewed.left = line.amount;
    renewed.serials = serials;
    yield* takeUp(floor, renewed);
  })();
}

const size = (ranges: Goods['serials']): number => ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0);

function* ending(lot: OpenLot, ranges: Goods['serials'], work: ReturnType<typeof operation>): Generator<Happening> {
  const { id } = yield* work;
  yield { what: 'ended', lot: lot.id, ranges, operation: id };
}

function* relabelOutside(floor: Floor, from: Floor['held'][number]): Generator<Happening> {
  const { shape, held } = floor;
  const { lot, amount, serials: units } = from;
  const renewed = { ...openLot(floor, shape.levels), item: lot.item };
  yield* introduce(floor, renewed);
  const serials = giveSerials(floor, amount);
  const inputs = [used(floor, goods(lot, amount, units))];
  const draft = { kind: 'field-relabel', inputs, outputs: [goods(renewed, amount, serials)], elsewhere: true } as const;
  held.splice(held.indexOf(from), 1);
  const now = keep(held, { ...from, lot: renewed, serials }, 24);
  yield* giving(floor, renewed, serials, renaming(from, now, operation(floor, [lot, renewed], draft)));
  yield* takeUp(floor, renewed);
}

function* renaming(
  from: Floor['held'][number],
  to: Floor['held'][number],
  work: ReturnType<typeof operation>,
): Generator<Happening> {
  const { id } = yield* work;
  yield { what: 'ended', lot: from.lot.id, ranges: from.serials, operation: id };
  yield custody('reduced', 'relabel', id, from);
  yield custody('gained', 'relabel', id, to);
}
