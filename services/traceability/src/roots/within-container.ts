import { union, type SerialRange } from '@lotwarden/platform/serial-range';
import type { Genealogy } from '../genealogy/genealogy.ts';
import { containerNamed, meant } from '../genealogy/nodes.ts';

interface Inside {
  readonly lots: Map<number, 'all' | readonly SerialRange[]>;
  /** Of some lot only the quantity is known: nobody can say which units are in there, so all of the lot is meant. */
  readonly wholeLots: boolean;
}

/** The lots in a container and in the containers within it, with their units where these are known. */
export function withinContainer(graph: Genealogy, name: string): Inside | undefined {
  if (!containerNamed(graph, name)) return undefined;
  const lots: Inside['lots'] = new Map();
  let wholeLots = false;
  const seen = new Set<string>();
  const open = [name];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const container = containerNamed(graph, next);
    if (seen.has(next) || !container) continue;
    seen.add(next);
    open.push(...container.children, ...(container.told?.children ?? []));
    // A pallet's own lines repeat what its boxes hold and name what lies loose between them: both are taken.
    const contents = [container, ...(container.told ? [container.told] : [])].flatMap(({ lots: mentioned, units }) =>
      [...mentioned].map((lot) => ({ mentioned: lot, units: units.get(lot) })),
    );
    for (const { mentioned, units } of contents) {
      if (!units) wholeLots = true;
      for (const lot of meant(graph, mentioned)) {
        const known = lots.get(lot);
        lots.set(lot, known === 'all' || !units ? 'all' : union(known ?? [], units));
      }
    }
  }
  return { lots, wholeLots };
}
