import { goods, introduce, keep, learn, openLot, type Floor, type OpenLot, type Work } from './floor.ts';
import { workLine } from './line.ts';
import { moveGoods } from './logistics.ts';
import { assemble, giveBack, relabel, repair, substitute, unbuild } from './mending.ts';
import { component, EDGES, giveSerials, hasSerials, isConsumed, moved, operation, stock, take, takeUp, used, withGoods } from './operate.ts'; // prettier-ignore
import type { Happening } from './world.ts';

/** Everything that happens in one plant, in the order in which it does; one operation at each turn. */
export function* runPlant(floor: Floor): Generator<Happening[], undefined> {
  const { random, shape } = floor;
  const bag = Object.entries(shape.work).flatMap(([work, weight]) => Array<Work>(weight).fill(work as Work));
  for (let lots = 0; lots < shape.open; lots++) yield [...receive(floor)];
  for (;;) {
    const turn: Happening[] = [];
    if (random.chance(0.25)) turn.push(...receive(floor));
    turn.push(...(WORK[random.pick(bag)](floor) ?? make(floor)));
    for (let chance = 2 * shape.machines; random.chance(chance); chance -= 1) turn.push(...workLine(floor));
    for (let chance = shape.movements; random.chance(chance); chance -= 1) turn.push(...moveGoods(floor));
    for (const lots of floor.levels)
      for (const lot of lots.filter(({ strange }) => strange !== null && random.chance(0.1)))
        turn.push(...learn(floor, lot));
    yield turn;
  }
}

/** What is still unknown in the end gets its name. */
export function* closePlant(floor: Floor): Generator<Happening> {
  for (const lot of [...floor.levels.flat(), ...floor.boxes, ...floor.loads]) yield* learn(floor, lot);
}

function* receive(floor: Floor): Generator<Happening> {
  const lot = openLot(floor, 0);
  yield* introduce(floor, lot);
  lot.left = lot.received;
  yield* takeUp(floor, lot);
  if (lot.received > 0) yield* stock(floor, 'received', goods(lot, lot.received), lot, 'receipt', lot.id);
}

function* make(floor: Floor): Generator<Happening> {
  const { random, shape } = floor;
  const level = random.between(1, shape.levels);
  const parts = new Set<OpenLot>();
  for (let open = random.between(...shape.inputs); open > 0; open--) {
    const part = component(floor, level);
    if (part) parts.add(part);
  }
  const inputs = [...parts].map((part) =>
    used(floor, take(floor, part, 20, random.chance(0.5)).line, random.pick(EDGES)),
  );
  const load = floor.loads.at(-1);
  if (load && random.chance(0.05)) inputs.push(used(floor, goods(load, 1), 'exposure'));
  const old = withGoods(floor.levels[level]).filter((lot) => !parts.has(lot));
  const again = old.length > 0 && random.chance(0.15) ? random.pick(old) : undefined;
  const lot = again ?? openLot(floor, level);
  if (!again) yield* introduce(floor, lot);
  const amount = random.between(2, 40);
  const serials = hasSerials(floor, lot) ? giveSerials(floor, amount) : [];
  const scrapped = random.chance(0.15) ? 1 : 0;
  lot.madeOf = inputs.find(isConsumed) ?? null;
  const before = random.chance(0.5);
  if (before && serials.length > 0) yield { what: 'serials', lot: lot.id, ranges: serials };
  const output = goods(lot, amount, random.chance(0.5) ? serials : []);
  const scrap = scrapped > 0 ? [goods(lot, scrapped)] : [];
  yield* operation(floor, [...parts, lot], { kind: 'make', inputs, outputs: [output], scrap });
  if (!before && serials.length > 0) yield { what: 'serials', lot: lot.id, ranges: serials };
  lot.left += amount;
  lot.serials = [...lot.serials, ...serials];
  if (!again) yield* takeUp(floor, lot);
}

/** A lot is divided; the parent keeps its identity, or all of the share goes to the child. */
function split(floor: Floor): Generator<Happening> | undefined {
  const { random, shape } = floor;
  const parents = withGoods(floor.levels[random.between(Math.max(1, shape.levels - 1), shape.levels)]);
  if (parents.length === 0) return undefined;
  const parent = random.pick(parents);
  return (function* () {
    const child = { ...openLot(floor, parent.level), item: parent.item };
    yield* introduce(floor, child);
    const whole = parent.left;
    const named = random.chance(0.3);
    const { line, units } = take(floor, parent, Math.ceil(whole / 2), named);
    const rest = parent.left;
    const moves = moved(parent, child, units);
    const input = rest > 0 && random.chance(0.7) ? goods(parent, rest + line.amount) : line;
    const outputs = [goods(child, line.amount, line.serials)];
    if (input !== line) outputs.unshift(goods(parent, rest));
    yield* operation(floor, [parent, child], { kind: 'split', inputs: [used(floor, input)], outputs, moves });
    child.left = line.amount;
    child.serials = [...units];
    yield* takeUp(floor, child);
  })();
}

/** Two lots of one kind become one: a new one, or the second is put to the first. */
function merge(floor: Floor): Generator<Happening> | undefined {
  const { random, shape } = floor;
  const lots = withGoods(floor.levels[random.between(1, shape.levels)]);
  const [one, other] = [lots.pop(), lots.shift()];
  if (!one || !other) return undefined;
  return (function* () {
    const into = random.chance(0.3) ? one : { ...openLot(floor, one.level), item: one.item };
    const fresh = into !== one;
    if (fresh) yield* introduce(floor, into);
    const named = random.chance(0.6);
    const taken = (fresh ? [one, other] : [other]).map((lot) => ({ lot, ...take(floor, lot, 15, named) }));
    const amount = taken.reduce((sum, { line }) => sum + line.amount, 0);
    const units = taken.flatMap((share) => share.units);
    const moves = taken.flatMap((share) => moved(share.lot, into, share.units));
    const output = goods(into, amount, named && random.chance(0.7) ? units : []);
    const inputs = taken.map(({ line }) => used(floor, line));
    yield* operation(floor, [one, other, into], { kind: 'merge', inputs, outputs: [output], moves });
    into.left += amount;
    into.serials = [...into.serials, ...units];
    if (fresh) yield* takeUp(floor, into);
  })();
}

/** Units get another component; they stay in their lot, or go to another. The old component is scrapped. */
function rework(floor: Floor): Generator<Happening> | undefined {
  const { random, shape } = floor;
  const lots = withGoods(floor.levels[shape.levels]);
  const part = component(floor, shape.levels);
  if (lots.length === 0 || !part) return undefined;
  const lot = random.pick(lots);
  return (function* () {
    const other = random.chance(0.5) ? lot : random.pick(lots);
    const { line, units } = take(floor, lot, 8, random.chance(0.7));
    const component = take(floor, part, line.amount, false).line;
    const named = random.chance(0.7) ? units : [];
    const old = lot.madeOf;
    const fits = old && old.amount >= line.amount && old.lot !== part.id && old.lot !== lot.id;
    const removed = fits ? [{ ...old, amount: line.amount, serials: [] }] : [];
    if (removed.length > 0) lot.madeOf = null;
    const moves = other === lot ? [] : moved(lot, other, units);
    yield* operation(floor, [lot, other, part], {
      kind: 'rework',
      inputs: [used(floor, line), used(floor, component)],
      outputs: [goods(other, line.amount, named)],
      scrap: removed,
      moves,
    });
    other.left += line.amount;
    other.serials = [...other.serials, ...units];
  })();
}

/** Units into a box, boxes onto a pallet. Now and then a box is part of a kit. */
function pack(floor: Floor): Generator<Happening> | undefined {
  const { random, shape, boxes } = floor;
  const kit = boxes.length > 2 && random.chance(0.2);
  const pallet = boxes.length > 2 && random.chance(0.3);
  const contents = kit || pallet ? boxes.splice(0, 2) : withGoods(floor.levels[shape.levels]).slice(-3);
  if (contents.length === 0) return undefined;
  return (function* () {
    const box = openLot(floor, shape.levels);
    const into = kit ? box : { ...box, strange: null, item: 'BOX' };
    yield* introduce(floor, into);
    const inputs = contents.map((lot) => used(floor, goods(lot, 1), kit ? 'material' : 'containment'));
    yield* operation(floor, [...contents, into], { kind: 'make', inputs, outputs: [goods(into, 1)] });
    into.left = 1;
    if (kit) yield* takeUp(floor, into);
    else keep(boxes, into, shape.open);
  })();
}

/** A load is prepared now and then; lots share it. */
function sterilise(floor: Floor): Generator<Happening> | undefined {
  const { random, shape, loads } = floor;
  const lots = withGoods(floor.levels[random.between(1, shape.levels)]);
  const gas = withGoods(floor.levels[0]);
  if (lots.length === 0 || gas.length === 0) return undefined;
  return (function* () {
    const known = loads.at(-1);
    if (!known || random.chance(0.3)) {
      const load = { ...openLot(floor, 1), strange: null };
      yield* introduce(floor, load);
      keep(loads, load, 4);
      const supply = random.pick(gas);
      const inputs = [used(floor, take(floor, supply, 3, false).line)];
      yield* operation(floor, [supply, load], { kind: 'make', inputs, outputs: [goods(load, 1)] });
      return;
    }
    const lot = random.pick(lots);
    const { line, units } = take(floor, lot, 10, random.chance(0.5));
    const inputs = [used(floor, line), used(floor, goods(known, 1), 'exposure')];
    yield* operation(floor, [lot, known], { kind: 'sterilise', inputs, outputs: [{ ...line }] });
    lot.left += line.amount;
    lot.serials = [...lot.serials, ...units];
  })();
}

function scrap(floor: Floor): Generator<Happening> | undefined {
  const lots = withGoods(floor.levels[floor.random.between(0, floor.shape.levels)]);
  if (lots.length === 0) return undefined;
  const lot = floor.random.pick(lots);
  return (function* () {
    const { line } = take(floor, lot, 5, true);
    yield* operation(floor, [lot], { kind: 'scrap', inputs: [used(floor, line)], outputs: [], scrap: [line] });
  })();
}

/** An operation that was not so; often the true one follows. What went on from it since then stays where it is. */
function undo(floor: Floor): Generator<Happening> | undefined {
  const { random, done } = floor;
  const [last] = done.splice(random.below(done.length), 1);
  if (!last) return undefined;
  const { operation: wrong, lots } = last;
  return (function* () {
    const back = wrong.moves.filter(({ to, ranges }) => {
      const units = lots.get(to.lot);
      return units !== undefined && ranges.every((range) => units.serials.includes(range));
    });
    yield { what: 'void', operation: wrong.id, back };
    for (const { from, to, ranges } of back) {
      const [giver, taker] = [lots.get(to.lot), lots.get(from.lot)];
      if (giver) giver.serials = giver.serials.filter((range) => !ranges.includes(range));
      if (taker) taker.serials = [...taker.serials, ...ranges];
    }
    for (const [lines, book, sign] of [
      [wrong.outputs, 'issued', -1],
      [wrong.inputs.filter(isConsumed), 'received', 1],
    ] as const)
      // prettier-ignore
      for (const { lot: id, amount } of lines) {
        const lot = lots.get(id);
        if (!lot) continue;
        lot.left += sign * amount;
        yield* stock(floor, book, goods(lot, amount), lot, 'void', wrong.id);
      }
    if (random.chance(0.5)) yield* make(floor);
  })();
}

const WORK: Readonly<Record<Work, (floor: Floor) => Generator<Happening> | undefined>> = {
  make,
  split,
  merge,
  rework,
  pack,
  sterilise,
  scrap,
  void: undo,
  assemble,
  repair,
  unbuild,
  giveBack,
  substitute,
  relabel,
};
