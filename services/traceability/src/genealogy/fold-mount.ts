import type { EventOf } from '@lotwarden/contracts/events';
import type { Mount } from './floor.ts';
import type { Genealogy } from './genealogy.ts';
import { lotNode, pushOnce } from './nodes.ts';
import { changeMount } from './review-floor.ts';

type MountEvent = EventOf<'mes-bridge.mount.v1'>;

/** What was mounted, however it was told: whole, only that it came off, against another report, or taken back. */
export function foldMount(graph: Genealogy, event: MountEvent): void {
  const mount = mountNamed(graph, event.mount);
  const { equipment, position } = 'equipment' in event ? event : mount;
  changeMount(graph, mount, () => {
    mount.equipment = equipment;
    mount.position = position;
    take(graph, mount, event);
  });
}

function take(graph: Genealogy, mount: Mount, event: MountEvent): void {
  switch (event.type) {
    case 'MaterialMounted':
      mount.document ??= documentOf(event);
      mount.mountedAt = event.mountedAt;
      mount.quantity = event.quantity;
      mount.mixing = event.mixing;
      addLot(graph, mount, event.lot);
      break;
    case 'MaterialUnmounted':
      mount.document ??= documentOf(event);
      mount.unmountedAt = event.unmountedAt;
      mount.remaining = event.remaining;
      if (event.lot !== null) addLot(graph, mount, event.lot);
      break;
    // Any of the lots may have been there, in the widest time that anybody tells.
    case 'MaterialMountFlagged':
      mount.contradicted = true;
      if (event.lot !== null) addLot(graph, mount, event.lot);
      mount.mountedAt = earlier(mount.mountedAt, event.mountedAt);
      mount.unmountedAt = later(mount.unmountedAt, event.unmountedAt);
      mount.quantity = larger(mount.quantity, event.quantity);
      mount.remaining = smaller(mount.remaining, event.remaining);
      break;
    case 'MaterialMountVoided':
      mount.voided = true;
      break;
  }
}

const documentOf = ({
  sourceSystem,
  sourceMount,
}: {
  sourceSystem: string;
  sourceMount: string;
}): Mount['document'] => ({
  system: sourceSystem,
  code: sourceMount,
});

function mountNamed({ floor }: Genealogy, id: string): Mount {
  const known = floor.mounts.get(id);
  if (known) return known;
  const mount: Mount = {
    id,
    equipment: '',
    position: '',
    lots: [],
    mountedAt: null,
    unmountedAt: null,
    quantity: null,
    remaining: null,
    mixing: false,
    document: null,
    contradicted: false,
    voided: false,
  };
  floor.mounts.set(id, mount);
  return mount;
}

function addLot(graph: Genealogy, mount: Mount, id: string): void {
  const { index } = lotNode(graph, id);
  pushOnce(mount.lots, index);
  const known = graph.floor.mountsOf.get(index) ?? [];
  pushOnce(known, mount.id);
  graph.floor.mountsOf.set(index, known);
}

type Moment = string | null;
const earlier = (a: Moment, b: Moment): Moment => (a === null || (b !== null && b < a) ? b : a);
const later = (a: Moment, b: Moment): Moment => (a === null || (b !== null && b > a) ? b : a);

type Amount = Mount['quantity'];
const larger = (a: Amount, b: Amount): Amount => (a === null || (b !== null && Number(b.value) > Number(a.value)) ? b : a); // prettier-ignore
const smaller = (a: Amount, b: Amount): Amount => (a === null || (b !== null && Number(b.value) < Number(a.value)) ? b : a); // prettier-ignore
