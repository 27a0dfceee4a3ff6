import type { EventOf } from '@lotwarden/contracts/events';
import { union } from '@lotwarden/platform/serial-range';
import type { Genealogy } from './genealogy.ts';
import { enter, leave } from './in-container.ts';
import { containerNode, lotNode } from './nodes.ts';

/** What was in a container stays findable by its lots; an opened one is empty now. */
export function foldContainer(graph: Genealogy, event: EventOf<'serialization.container.v1'>): void {
  const container = containerNode(graph, event.container);
  if (event.type === 'ContainerUnpacked') {
    for (const lot of container.lots) if (!container.told?.lots.has(lot)) leave(graph, lot, event.container);
    container.lots.clear();
    container.units.clear();
    container.children.clear();
    container.sealed = false;
    return;
  }
  if (event.type === 'ContainerPacked') {
    container.level = event.level;
    for (const child of event.children) container.children.add(child);
  } else container.sealed = true;
  // A lot of which some line names no units may be in there with any of them.
  const unnamed = new Set(event.contents.filter(({ serials }) => serials.length === 0).map(({ lot }) => lot));
  for (const { lot, serials } of event.contents) {
    const node = lotNode(graph, lot);
    container.lots.add(node.index);
    if (unnamed.has(lot)) container.units.delete(node.index);
    else container.units.set(node.index, union(container.units.get(node.index) ?? [], serials));
    enter(graph, node.index, event.container);
  }
}
