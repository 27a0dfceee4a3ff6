import type { SerialRange } from '@lotwarden/platform/serial-range';
import { unitOf, type Unit } from '../genealogy/epcis-ids.ts';
import { lotsOfUnit } from '../genealogy/told-units.ts';
import { everIn } from '../trace/links.ts';
import { fold } from '../genealogy/fold.ts';
import type { Fact } from '../genealogy/facts.ts';
import { windowOf } from '../genealogy/windows.ts';
import { createGenealogy } from '../genealogy/create-genealogy.ts';
import type { Genealogy } from '../genealogy/genealogy.ts';
import { meant, members } from '../genealogy/nodes.ts';
import { gapNamed } from '../trace/completeness.ts';
import type { Subject } from '../facts/subjects.ts';
import { aboutLot, leadsTo, ranWith, type Want } from './leads-to.ts';

/** A fact as it may be cited: what brought something, and when we knew it. */
export interface Cited {
  readonly topic: string;
  readonly aggregate: string;
  readonly version: number;
  readonly type: string;
  readonly id: string;
  readonly occurredAt: string;
  readonly recordedAt: string;
  readonly subjects: readonly Subject[];
}

/**
 * The graph as it was known at a moment, as far as it was asked for: folded with the very same fold from those facts that
 * had been recorded. Where all facts about a lot are in it, it is around that lot what the whole graph was.
 */
export interface Past {
  readonly at: string;
  readonly graph: Genealogy;
  /** Lots around which nothing is left out. */
  readonly lots: Set<string>;
  /** By topic|aggregate|version. */
  readonly cited: Map<string, Cited>;
  readonly asked: Set<string>;
  /**
   * Units that partners told of, those that they told of together with a unit of a lot around which nothing is left out, and
   * the units of these lots; by what is not asked about them yet.
   */
  readonly units: Readonly<Record<'told' | 'near' | 'own', Map<string, SerialRange>>>;
}

export const createPast = (at: string): Past => ({
  at,
  graph: createGenealogy(),
  lots: new Set(),
  cited: new Map(),
  asked: new Set(),
  units: { told: new Map(), near: new Map(), own: new Map() },
});

/** Takes in what had been recorded, once; tells what else is needed because of it, more when its lot is asked for later. */
export function takeIn(past: Past, fact: Fact, cited: Cited): Want[] {
  const id = `${fact.topic}|${fact.aggregate}|${String(fact.version)}`;
  if (!past.cited.has(id)) {
    past.cited.set(id, cited);
    fold(past.graph, fact);
  }
  const own = cited.subjects.some((one) => one.startsWith('lot:') && past.lots.has(one.slice('lot:'.length)));
  if (fact.topic === 'traceability.epcis.v1') {
    const units = fact.event.goods.flatMap(({ id: named }) => unitOf(named) ?? []);
    const whose = own || units.some((unit) => isOfReached(past, unit)) ? 'near' : 'told';
    for (const { range } of units) noteUnit(past, whose, range);
  }
  return leadsTo(fact, own);
}

const isOfReached = ({ graph, lots }: Past, unit: Unit): boolean =>
  lotsOfUnit(graph, unit).some((lot) => lots.has(graph.lotIds.text(lot)));

function noteUnit({ units, asked }: Past, whose: keyof Past['units'], range: SerialRange | null | undefined): void {
  const key = `${whose} ${JSON.stringify(range)}`;
  if (!range || asked.has(key)) return;
  asked.add(key);
  units[whose].set(key, range);
}

/** Units that nobody asked about yet; from now on they are asked about. */
export function unitsToAsk(past: Past, whose: keyof Past['units']): SerialRange[] {
  if (whose === 'own')
    for (const lot of past.lots) {
      const index = past.graph.lotIds.find(lot);
      if (index !== undefined) for (const range of everIn(past.graph, index)) noteUnit(past, 'own', range);
    }
  const open = [...past.units[whose].values()];
  past.units[whose].clear();
  return open;
}

/** Those of the wants that nobody asked for yet; from now on they are asked for. */
export function news(past: Past, wants: readonly Want[]): Want[] {
  return wants.filter((want) => {
    const key = JSON.stringify([want.subject, want.topics, want.span, want.occurred]);
    if (past.asked.has(want.subject) || past.asked.has(key)) return false;
    past.asked.add(want.topics ? key : want.subject);
    return true;
  });
}

/** What has to be known of lots that an answer reaches; empty when it is. */
export function wantsOf(past: Past, lots: readonly string[]): Want[] {
  for (const lot of lots) past.lots.add(lot);
  return news(past, [...lots.flatMap(aboutLot), ...lots.flatMap((lot) => ranWithMounted(past, lot))]);
}

/** What ran on a machine while the lot was there was made of it without saying so. */
function ranWithMounted({ graph }: Past, lot: string): Want[] {
  const index = graph.lotIds.find(lot);
  const { floor } = graph;
  return (index === undefined ? [] : (floor.mountsOf.get(index) ?? [])).flatMap((id) => {
    const mount = floor.mounts.get(id);
    const position = mount && floor.machines.get(mount.equipment)?.positions.get(mount.position);
    const window = position && windowOf(floor, position, mount);
    return window ? [ranWith(mount.equipment, instant(window.start), instant(window.end))] : [];
  });
}

const instant = (ms: number): string | null => (Number.isFinite(ms) ? new Date(ms).toISOString() : null);

/** The lots' placeholders, and the lots that they stand for, as far as was known. */
export function namesOf({ graph }: Past, lots: readonly string[]): string[] {
  const known = lots.flatMap((lot) => graph.lotIds.find(lot) ?? []);
  const all = known.flatMap((lot) => meant(graph, lot)).flatMap((lot) => members(graph, lot).map(({ id }) => id));
  return [...new Set([...lots, ...all])];
}

const ABOUT_LOTS: readonly string[] = ['lot-undeclared', 'alias-ambiguous'];

/** A lot that was only mentioned, and not asked for, looks undeclared from here: that says nothing. */
export const isOwnGap = ({ lots }: Past, gap: string): boolean => {
  const { kind, subject } = gapNamed(gap);
  return !ABOUT_LOTS.includes(kind) || lots.has(subject);
};

/** Aggregates of which a later event is there and an earlier one is not. */
export function heldBack({ cited }: Past, among: readonly Cited[]): Pick<Cited, 'topic' | 'aggregate'>[] {
  const before = ({ topic, aggregate, version }: Cited): string => `${topic}|${aggregate}|${String(version - 1)}`;
  const lacking = among.filter((one) => one.version > 1 && !cited.has(before(one)));
  return [...new Map(lacking.map((one) => [`${one.topic}|${one.aggregate}`, one])).values()];
}
