import type { EventOf } from '@lotwarden/contracts/events';
import type { KnownContainer } from '../shipment/expand-containers.ts';

export type ContainerEvent = EventOf<'serialization.container.v1'>;

export const NO_CONTAINER: KnownContainer = { container: '', sealed: false, contents: [] };

/** A container as its owner last described it. Once opened, nobody vouches for what is in it. */
export function evolve(known: KnownContainer, event: ContainerEvent): KnownContainer {
  const { container } = event;
  switch (event.type) {
    case 'ContainerPacked':
      return { container, sealed: false, contents: event.contents };
    case 'ContainerSealed':
      return { container, sealed: true, contents: event.contents };
    case 'ContainerUnpacked':
      return { ...known, container, sealed: false };
  }
}
