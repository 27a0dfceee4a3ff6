import { milliseconds } from '@lotwarden/platform/instant';
import type { Floor, Machine, Mount, Window } from './floor.ts';

/** The windows of a position, by their start. */
export function windowsAt(floor: Floor, machine: Machine, position: string): readonly Window[] {
  const known = machine.windows.get(position);
  if (known) return known;
  const mounts = (machine.positions.get(position) ?? []).flatMap((id) => floor.mounts.get(id) ?? []);
  const made = windowsOf(mounts);
  machine.windows.set(position, made);
  return made;
}

interface Placed {
  readonly mount: Mount;
  readonly start: number;
  readonly off: number;
}

/**
 * When each of these mounts of one position can have been used. A reel is there until it is taken off, or until the next
 * one is put on. What is mixed with the next filling stays in the tank with it, until the tank ran empty. One that only
 * came off, and was never told to go on, may have been there ever since the one before it.
 */
export function windowsOf(mounts: readonly Mount[]): Window[] {
  const standing = mounts.filter(({ voided, lots }) => !voided && lots.length > 0);
  const placed = standing
    .map((mount): Placed => ({
      mount,
      start: mount.mountedAt === null ? startUnknown(mount, standing) : milliseconds(mount.mountedAt),
      off: mount.unmountedAt === null ? Infinity : milliseconds(mount.unmountedAt),
    }))
    .sort((a, b) => a.start - b.start || (a.mount.id < b.mount.id ? -1 : 1));
  return placed.map((one, at) => ({
    mount: one.mount.id,
    start: one.start,
    end: endOf(one, placed.slice(at + 1)),
    sure: one.mount.mountedAt !== null && !one.mount.contradicted && one.start <= one.off,
  }));
}

function startUnknown({ id, unmountedAt }: Mount, others: readonly Mount[]): number {
  const off = milliseconds(unmountedAt ?? '');
  const before = others
    .filter((other) => other.id !== id)
    .flatMap(({ mountedAt, unmountedAt: until }) => [mountedAt, until])
    .flatMap((moment) => (moment === null ? [] : [milliseconds(moment)]))
    .filter((moment) => moment < off);
  return Math.max(-Infinity, ...before);
}

function endOf({ mount, start, off }: Placed, later: readonly Placed[]): number {
  if (ranEmpty(mount)) return off;
  const next = later.find((one) => one.start > start);
  if (!next?.mount.mixing) return off === Infinity ? (next?.start ?? Infinity) : off;
  // The heel stays until the tank ran empty, or something came that does not mix.
  const ends = later.slice(later.indexOf(next)).map((one) => {
    if (!one.mount.mixing) return one.start;
    return ranEmpty(one.mount) ? one.off : Infinity;
  });
  return Math.min(...ends);
}

const ranEmpty = ({ unmountedAt, remaining }: Mount): boolean =>
  unmountedAt !== null && remaining !== null && Number(remaining.value) === 0;
