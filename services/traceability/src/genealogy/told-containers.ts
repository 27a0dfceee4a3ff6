import { union, type SerialRange } from '@lotwarden/platform/serial-range';
import { toExact } from '../balance/exact.ts';
import { containerOf, isContainer, lotOf, unitOf } from './epcis-ids.ts';
import type { Genealogy } from './genealogy.ts';
import { enter, leave } from './in-container.ts';
import { containerNode } from './nodes.ts';
import { standing, type Said } from './told.ts';
import { reviewToldLot, toldLot } from './told-lots.ts';
import { lotsOfUnit, toldAbout } from './told-units.ts';

/** What one party put into a container and nobody took out yet. */
interface Packed {
  readonly id: string;
  readonly party: string | null;
  /** As an exact number; null for a single thing, or where nobody said. */
  amount: bigint | null;
}

/** What is in the container by what was told in EPCIS: made anew of every event about it that counts. */
export function reviewToldContainer(graph: Genealogy, name: string): void {
  const container = containerNode(graph, name);
  const before = new Set(container.told?.lots ?? []);
  const lots = new Set<number>();
  const units = new Map<number, SerialRange[]>();
  const children = new Set<string>();
  for (const { id } of contentsOf(graph, name)) {
    if (isContainer(id)) children.add(containerOf(id));
    const lot = lotOf(id);
    // All of a lot of which only the quantity was told.
    if (lot !== undefined) lots.add(toldLot(graph, lot));
    const unit = unitOf(id);
    for (const index of unit ? lotsOfUnit(graph, unit) : []) {
      if (unit?.range) units.set(index, [...(units.get(index) ?? []), unit.range]);
      else lots.add(index);
    }
  }
  const known = [...units].filter(([lot]) => !lots.has(lot)).map(([lot, ranges]) => [lot, union(ranges, [])] as const);
  const now = new Set([...lots, ...units.keys()]);
  container.told = now.size + children.size === 0 ? null : { lots: now, units: new Map(known), children };
  for (const lot of now) enter(graph, lot, name);
  for (const lot of before) if (!now.has(lot) && !container.lots.has(lot)) leave(graph, lot, name);
  for (const lot of new Set([...before, ...now])) reviewToldLot(graph, lot);
}

/**
 * In the order in which it happened. At the same moment it is taken out before it is put in: rather too much in scope than
 * too little. A party takes out what it put in itself, our own house whatever was told.
 */
function contentsOf(graph: Genealogy, name: string): readonly Packed[] {
  const index = graph.containerIds.find(name);
  const told = index === undefined ? [] : [...toldAbout(graph, 'toldOfContainers', index)].flatMap(standing);
  const inside = new Map<string, Packed>();
  for (const one of told.toSorted((a, b) => (order(a) < order(b) ? -1 : 1)))
    if (one.kind === 'packed') pack(inside, one);
    else if (one.kind === 'unpacked') unpack(inside, one);
  return [...inside.values()];
}

const order = ({ at, kind, eventId, party }: Said): string =>
  [at, kind === 'unpacked' ? 0 : 1, eventId, party ?? ''].join('|');

function pack(inside: Map<string, Packed>, { party, goods }: Said): void {
  for (const { role, id, quantity } of goods) {
    if (role !== 'child') continue;
    const key = `${party ?? ''}|${id}`;
    const known = inside.get(key);
    const amount = quantity === null || known?.amount === null ? null : toExact(quantity.value) + (known?.amount ?? 0n);
    inside.set(key, { id, party, amount });
  }
}

function unpack(inside: Map<string, Packed>, { party, goods }: Said): void {
  const children = goods.filter(({ role }) => role === 'child');
  for (const [key, packed] of inside) {
    if (party !== null && packed.party !== party) continue;
    const named = children.filter(({ id }) => id === packed.id);
    // Whoever names nothing took out everything.
    if (children.length > 0 && named.length === 0) continue;
    const taken = named.some(({ quantity }) => quantity === null)
      ? null
      : named.reduce((sum, { quantity }) => sum + toExact(quantity?.value ?? '0'), 0n);
    const left = packed.amount === null || taken === null || children.length === 0 ? 0n : packed.amount - taken;
    if (left > 0n) packed.amount = left;
    else inside.delete(key);
  }
}
