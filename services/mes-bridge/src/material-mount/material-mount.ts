import type { EventOf } from '@lotwarden/contracts/events';

export type MountEvent = EventOf<'mes-bridge.mount.v1'>;
type Mounted = Extract<MountEvent, { type: 'MaterialMounted' }>;
type Unmounted = Extract<MountEvent, { type: 'MaterialUnmounted' }>;
type Quantity = NonNullable<Mounted['quantity']>;

export interface MountPlace {
  readonly sourceSystem: string;
  readonly sourceMount: string;
  readonly site: string;
  readonly equipment: string;
  readonly position: string;
  readonly operator: string | null;
}

/**
 * A reel, container or filling on a position of a machine, from when to when. Either end may be told first, or never;
 * nothing is edited, and a void takes it out without forgetting it.
 */
export interface MaterialMount {
  readonly status: 'unknown' | 'mounted' | 'unmounted' | 'voided';
  readonly place: MountPlace | null;
  readonly lot: string | null;
  readonly quantity: Quantity | null;
  readonly mixing: boolean;
  readonly mountedAt: string | null;
  readonly unmountedAt: string | null;
  readonly remaining: Quantity | null;
  readonly violations: Mounted['violations'];
  readonly voidReason: string | null;
  readonly replacedBy: string | null;
}

export const UNKNOWN_MOUNT: MaterialMount = {
  status: 'unknown',
  place: null,
  lot: null,
  quantity: null,
  mixing: false,
  mountedAt: null,
  unmountedAt: null,
  remaining: null,
  violations: [],
  voidReason: null,
  replacedBy: null,
};

/** One source's mounting is always the same mounting of ours. */
export const mountId = (sourceSystem: string, sourceMount: string): string =>
  `MT-${sourceSystem.replaceAll(':', '%3A')}:${sourceMount}`;

/** Says only that nobody had told of the mounting yet. */
export const MOUNT_UNKNOWN = 'mount-unknown';

export function evolve(known: MaterialMount, event: MountEvent): MaterialMount {
  switch (event.type) {
    case 'MaterialMounted': {
      const { lot, quantity, mixing, mountedAt } = event;
      const standing = known.violations.filter(({ code }) => code !== MOUNT_UNKNOWN);
      const violations = [...standing, ...event.violations];
      const status = known.status === 'unknown' ? 'mounted' : known.status;
      return { ...known, status, place: placeOf(event), lot, quantity, mixing, mountedAt, violations };
    }
    case 'MaterialUnmounted': {
      const { unmountedAt, remaining } = event;
      const violations = [...known.violations, ...event.violations];
      const [place, lot] = [known.place ?? placeOf(event), known.lot ?? event.lot];
      return { ...known, status: 'unmounted', place, lot, unmountedAt, remaining, violations };
    }
    case 'MaterialMountFlagged':
      return { ...known, violations: [...known.violations, ...event.violations] };
    case 'MaterialMountVoided':
      return { ...known, status: 'voided', voidReason: event.reason, replacedBy: event.replacedBy };
  }
}

const placeOf = (event: Mounted | Unmounted): MountPlace => {
  const { sourceSystem, sourceMount, site, equipment, position, operator } = event;
  return { sourceSystem, sourceMount, site, equipment, position, operator };
};
