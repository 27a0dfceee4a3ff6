import { EACH, goods, keep, takeUnits, type Floor, type Held, type OpenLot } from './floor.ts';
import type { CustodyBooked, Goods, Happening, StockBooked } from './world.ts';

/** Custodians are the same for all plants. */
const CUSTODIANS = ['DIST-EAST', 'DIST-WEST', 'HOSPITAL-1', 'HOSPITAL-2', 'HOSPITAL-3', 'CLINIC-7'];

/** One movement of goods on our shelves, on the way or at a custodian; none where there is nothing to move. */
export function moveGoods(floor: Floor): Happening[] {
  const { random, levels, held, onTheWay } = floor;
  const draw = random.below(100);
  if (draw < 40) return ship(floor);
  if (draw < 60) return onTheWay.length > 0 ? arrive(floor) : [];
  if (draw < 80) return held.length > 0 ? atCustodian(floor, random.pick(held)) : [];
  const lots = random.pick(levels).filter(({ left }) => left > 0);
  return lots.length > 0 ? [onShelf(floor, random.pick(lots))] : [];
}

const someOf = ({ random }: Floor, { left }: OpenLot, most: number): number => random.between(1, Math.min(most, left));

function ship(floor: Floor): Happening[] {
  const { random, levels, site, next, onTheWay } = floor;
  const lots = (levels.at(-1) ?? []).filter(({ left }) => left > 0);
  if (lots.length === 0) return [];
  const shipment = `S-${site}-${String(next('shipment'))}`;
  const custodian = random.pick(CUSTODIANS);
  const lines = [...new Set([random.pick(lots), random.pick(lots)])].flatMap((lot) => {
    const amount = someOf(floor, lot, 12);
    const serials = takeUnits(lot, amount);
    lot.left -= amount;
    const loads = [{ lot, custodian, shipment, unit: EACH, amount, serials }];
    // The same lot by the box as well: another unit of measure, never added up.
    if (random.chance(0.1))
      loads.push({ lot, custodian, shipment, unit: 'BX', amount: random.between(1, 3), serials: [] });
    return loads.map((load) => keep(onTheWay, load, 24));
  });
  return [{ what: 'shipped', shipment, site, custodian, lines: lines.map(toGoods) }];
}

const toGoods = ({ lot, amount, unit, serials }: Pick<Held, 'lot' | 'amount' | 'unit' | 'serials'>): Goods => ({
  ...goods(lot, amount, [...serials]),
  unit,
});

/** All of a line, or first a part of it. */
function arrive(floor: Floor): Happening[] {
  const { random, onTheWay, held } = floor;
  const load = random.pick(onTheWay);
  const share = random.chance(0.3) ? random.between(1, load.amount) : load.amount;
  const arrived = takeHeld(load, share);
  if (load.amount === 0) onTheWay.splice(onTheWay.indexOf(load), 1);
  const { custodian, shipment, lot, unit } = load;
  keep(held, { custodian, lot, unit, ...arrived }, 24);
  return [custody('gained', 'shipment', shipment, { custodian, lot, unit, ...arrived })];
}

/** Takes some of what is held; units by serial where there are. */
function takeHeld(from: Held, amount: number): Pick<Held, 'amount' | 'serials'> {
  const serials = takeUnits(from, amount);
  from.amount -= amount;
  return { amount, serials };
}

export const custody = (
  book: CustodyBooked['book'],
  cause: string,
  id: string,
  goodsHeld: Held,
  backTo: string | null = null,
): CustodyBooked => ({
  // prettier-ignore
  what: 'custody',
  book,
  ...toGoods(goodsHeld),
  custodian: goodsHeld.custodian,
  cause,
  id,
  backTo,
});

function atCustodian(floor: Floor, from: Held): Happening[] {
  const { random, held, next, site } = floor;
  const amount = random.between(1, from.amount);
  const some = { ...from, ...takeHeld(from, amount) };
  if (from.amount === 0) held.splice(held.indexOf(from), 1);
  const draw = random.below(10);
  if (draw < 4) return [custody('used', 'use', `U-${String(next('use'))}`, some)];
  const id = `RT-${site}-${String(next('return'))}`;
  if (draw < 7) {
    if (some.unit === EACH) {
      some.lot.left += amount;
      some.lot.serials = [...some.lot.serials, ...some.serials];
    }
    return [custody('reduced', 'return', id, some, site)];
  }
  if (draw < 8) return [custody('reduced', 'destruction', id, some)];
  const onward = { ...some, custodian: random.pick(CUSTODIANS) };
  if (onward.custodian === some.custodian) return [custody('used', 'use', id, some)];
  keep(held, onward, 24);
  return [custody('reduced', 'onward', id, some), custody('gained', 'onward', id, onward)];
}

function onShelf(floor: Floor, lot: OpenLot): Happening {
  const { random, site, next, shape } = floor;
  const amount = someOf(floor, lot, 5);
  const draw = random.below(10);
  const id = `W-${site}-${String(next('stock'))}`;
  const book = (
    kind: StockBooked['book'],
    cause: string,
    units: Goods['serials'],
    amountBooked = amount,
  ): Happening => {
    if (lot.strange !== null) lot.strangely.stocked += 1;
    return { what: 'stock', book: kind, ...goods(lot, amountBooked, units), cause, id, site, location: 'STORE' };
  };
  if (draw < 4) return book('moved', 'move', []);
  if (draw < 6) {
    const less = random.chance(0.7);
    lot.left += less ? -amount : amount;
    return book('adjusted', 'count', [], less ? -amount : amount);
  }
  lot.left -= amount;
  const units = takeUnits(lot, amount);
  if (draw < 7) return book('destroyed', 'destruction', units);
  if (draw < 9) return book('issued', random.chance(0.5) ? 'sample' : 'laboratory', units);
  return book('scrapped', random.chance(shape.dirt) ? 'operation' : 'damage', units);
}
