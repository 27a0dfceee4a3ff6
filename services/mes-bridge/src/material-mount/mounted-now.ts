/** One mounting as the machine's own document lists it. */
export interface MountedThere {
  readonly mount: string;
  readonly position: string;
  readonly lot: string | null;
  readonly mixing: boolean;
  readonly mountedAt: string | null;
  readonly unmountedAt: string | null;
}

/** What is known of a machine's positions. `_id` is the equipment. */
export interface MachineMounts {
  readonly _id: string;
  /** The latest ones; older ones stand in their own documents. */
  readonly mounts: readonly MountedThere[];
}

/** A projection of the mountings, so that a check at the line reads one document. */
export const MACHINE_MOUNTS = 'machine_mounts';

/** So many are remembered: all positions of a large placement line, a few times over. */
const REMEMBERED = 1_000;

export const withMount = (mounts: readonly MountedThere[], one: MountedThere): readonly MountedThere[] =>
  [...mounts.filter(({ mount }) => mount !== one.mount), one].slice(-REMEMBERED);

export const withoutMount = (mounts: readonly MountedThere[], gone: string): readonly MountedThere[] =>
  mounts.filter(({ mount }) => mount !== gone);

/** What is on the machine now: of each position the last, and what is still mixed into it. */
export function mountedNow(mounts: readonly MountedThere[]): MountedThere[] {
  return [...Map.groupBy(mounts, ({ position }) => position).values()].flatMap((there) => {
    const inOrder = there
      .filter(({ mountedAt }) => mountedAt !== null)
      .sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
    const now: MountedThere[] = [];
    for (const one of inOrder.reverse()) {
      if (one.unmountedAt === null || now.length > 0) now.push(one);
      // Whatever was there before a reel, or before a tank that has been taken off, is gone.
      if (!one.mixing || now.length === 0) break;
    }
    return now;
  });
}

const sortKey = ({ mountedAt, mount }: MountedThere): string => `${mountedAt ?? ''} ${mount}`;

/**
 * Others that were on the same position at the same time, by what was told of both. Who is replaced without being taken
 * off overlaps nobody, and what mixes into a tank is meant to.
 */
export function overlapping(told: Omit<MountedThere, 'lot'>, others: readonly MountedThere[]): MountedThere[] {
  const within = (one: Omit<MountedThere, 'lot'>, { mountedAt }: Omit<MountedThere, 'lot'>): boolean =>
    one.mountedAt !== null && one.unmountedAt !== null && mountedAt !== null &&
    one.mountedAt <= mountedAt && mountedAt < one.unmountedAt; // prettier-ignore
  return others.filter((other) => {
    if (other.mount === told.mount || other.position !== told.position || other.mixing || told.mixing) return false;
    return within(told, other) || within(other, told);
  });
}
