import type { EventOf } from '@lotwarden/contracts/events';
import type { KnownContainer } from '../shipment/expand-containers.ts';

/** As its owner published it, with the version that the container had then. */
export type ContainerEvent = EventOf<'serialization.container.v1'> & { readonly version: number };

export const NO_CONTAINER: KnownContainer = { container: '', seal: null, contents: [] };

/** A container as its owner last described it. Once opened, nobody vouches for what is in it. */
export function evolve(known: KnownContainer, event: ContainerEvent): KnownContainer {
  const { container } = event;
  switch (event.type) {
    case 'ContainerPacked':
      return { container, seal: null, contents: event.contents };
    case 'ContainerSealed':
      return { container, seal: { version: event.version, digest: event.digest }, contents: event.contents };
    case 'ContainerUnpacked':
      return { ...known, container, seal: null };
  }
}
