import { milliseconds } from '@lotwarden/platform/instant';
import type { Floor, Mount, Position } from './floor.ts';

/**
 * When a mounted lot can have been used. A reel is there until it is taken off, or until the next one is put on. What is
 * mixed with the next filling stays in the tank with it, until the tank ran empty or something came that does not mix. One
 * that was only told to come off may have been there ever since the one before it came off, or went on.
 */
export interface Window {
  readonly mount: Mount;
  /** Milliseconds; infinite where nobody has told. */
  readonly start: number;
  readonly end: number;
  /** Nothing about it is guessed. */
  readonly sure: boolean;
}

export interface Time {
  readonly start: number;
  readonly end: number;
}

/** A moment lies in a time that begins with it, not in one that ends with it. */
export const overlaps = (time: Time, start: number, end: number): boolean =>
  start < end && (time.start === time.end ? start <= time.start && time.start < end : start < time.end && end > time.start); // prettier-ignore

/** Does it count: somebody says which lot it was, and nobody takes it back? */
const stands = ({ voided, lots }: Mount): boolean => !voided && lots.length > 0;

/** Puts a mount where it belongs among those of its position, or takes it out; before it changes and after. */
export function place(position: Position, mount: Mount): void {
  if (!stands(mount)) return;
  if (mount.mountedAt === null) {
    if (mount.unmountedAt !== null) position.unplaced.push(mount.id);
    return;
  }
  const start = milliseconds(mount.mountedAt);
  if (mount.unmountedAt !== null)
    position.longest = Math.max(position.longest, milliseconds(mount.unmountedAt) - start);
  let at = firstAt(position, start);
  while (position.starts[at] === start && (position.order[at] ?? '') < mount.id) at += 1;
  position.order.splice(at, 0, mount.id);
  position.starts.splice(at, 0, start);
}

export function displace(position: Position, mount: Mount): void {
  const loose = position.unplaced.indexOf(mount.id);
  if (loose >= 0) position.unplaced.splice(loose, 1);
  const at = placeOf(position, mount);
  if (at < 0) return;
  position.order.splice(at, 1);
  position.starts.splice(at, 1);
}

/** What can have been on the position in this time. */
export function windowsWithin(floor: Floor, position: Position, time: Time): Window[] {
  const found: Window[] = [];
  const add = (window: Window | undefined): void => {
    if (window && overlaps(time, window.start, window.end)) found.push(window);
  };
  // Going back: what went on before something that does not mix is gone by then, unless it was taken off later.
  let gone = -Infinity;
  for (let at = firstAfter(position, time.end) - 1; at >= 0; at--) {
    const start = position.starts[at] ?? 0;
    if (start < gone && start < time.start - position.longest) break;
    const mount = mountAt(floor, position, at);
    add(mount && placedWindow(floor, position, mount, at));
    if (mount && !mount.mixing && start <= time.start) gone = Math.max(gone, start);
  }
  for (const id of position.unplaced) add(windowOf(floor, position, floor.mounts.get(id)));
  return found;
}

/** The window of one mount; undefined where it counts for nothing. */
export function windowOf(floor: Floor, position: Position, mount: Mount | undefined): Window | undefined {
  if (!mount || !stands(mount)) return undefined;
  const at = placeOf(position, mount);
  if (at >= 0) return placedWindow(floor, position, mount, at);
  if (mount.unmountedAt === null) return undefined;
  const off = milliseconds(mount.unmountedAt);
  const last = before(floor, position, mount);
  const left = last?.unmountedAt == null ? Infinity : milliseconds(last.unmountedAt);
  const start = last?.mountedAt == null ? -Infinity : milliseconds(last.mountedAt);
  return { mount, start: left < off ? Math.max(left, start) : start, end: off, sure: false };
}

function placedWindow(floor: Floor, position: Position, mount: Mount, at: number): Window {
  const start = position.starts[at] ?? 0;
  const off = mount.unmountedAt === null ? Infinity : milliseconds(mount.unmountedAt);
  const end = endOf(floor, position, { mount, start, off });
  return { mount, start, end, sure: !mount.contradicted && start <= off };
}

function endOf(
  floor: Floor,
  position: Position,
  { mount, start, off }: { mount: Mount; start: number; off: number },
): number {
  // prettier-ignore
  if (ranEmpty(mount)) return off;
  const at = firstAfter(position, start);
  const next = mountAt(floor, position, at);
  if (next?.mixing === true) {
    const heel = heelUntil(floor, position, at);
    return off === Infinity ? heel : Math.max(off, heel);
  }
  return off === Infinity ? (position.starts[at] ?? Infinity) : off;
}

/** Until when something stays in the tank that was there when this one came in. */
function heelUntil(floor: Floor, position: Position, from: number): number {
  let until = Infinity;
  for (let at = from; at < position.order.length && (position.starts[at] ?? 0) < until; at++) {
    const mount = mountAt(floor, position, at);
    if (!mount) continue;
    if (!mount.mixing) until = Math.min(until, position.starts[at] ?? Infinity);
    else if (ranEmpty(mount)) until = Math.min(until, milliseconds(mount.unmountedAt ?? ''));
  }
  return until;
}

/**
 * When something can be otherwise at a position because of this mount, which is placed there: while it is there, until the
 * next one, before which who was there before it would have stayed; and whatever may have been there since it went.
 */
export function reachOf(floor: Floor, position: Position, mount: Mount): Time[] {
  const own = windowOf(floor, position, mount);
  if (!own) return [];
  const next = firstAfter(position, own.start);
  const mixes = mountAt(floor, position, next)?.mixing === true;
  const until = mixes ? heelUntil(floor, position, next) : (position.starts[next] ?? Infinity);
  const loose = position.unplaced.flatMap((id) => floor.mounts.get(id) ?? []).filter((one) => before(floor, position, one) === mount); // prettier-ignore
  const windows = (): Window[] => loose.flatMap((one) => windowOf(floor, position, one) ?? []);
  const withIt = windows();
  displace(position, mount);
  const without = windows();
  place(position, mount);
  const start = Math.min(own.start, ...leftIn(floor, position, own.start));
  return [{ start, end: Math.max(own.end, until) }, ...withIt, ...without];
}

/** When what was there last before this moment was taken off: whether its heel is there from then on depends on what comes in. */
function leftIn(floor: Floor, position: Position, moment: number): number[] {
  const last = firstAt(position, moment) - 1;
  const found: number[] = [];
  for (let at = last; at >= 0 && position.starts[at] === position.starts[last]; at--)
    found.push(milliseconds(mountAt(floor, position, at)?.unmountedAt ?? ''));
  return found.filter((off) => !Number.isNaN(off));
}

/** The last that went on before this one came off. */
const before = (floor: Floor, position: Position, { unmountedAt }: Mount): Mount | undefined =>
  unmountedAt === null ? undefined : mountAt(floor, position, firstAt(position, milliseconds(unmountedAt)) - 1);

/** What is said to have run empty before it came in proves nothing. */
const ranEmpty = ({ mountedAt, unmountedAt, remaining }: Mount): boolean =>
  unmountedAt !== null && unmountedAt >= (mountedAt ?? '') && remaining !== null && Number(remaining.value) === 0;

const mountAt = ({ mounts }: Floor, { order }: Position, at: number): Mount | undefined => mounts.get(order[at] ?? '');

function placeOf(position: Position, { id, mountedAt }: Mount): number {
  if (mountedAt === null) return -1;
  for (let at = firstAt(position, milliseconds(mountedAt)); at < position.order.length; at++) {
    if (position.order[at] === id) return at;
    if ((position.starts[at] ?? 0) > milliseconds(mountedAt)) break;
  }
  return -1;
}

/** The first that went on at this moment or later. */
const firstAt = (position: Position, moment: number): number => search(position, (start) => start >= moment);
/** The first that went on later. */
const firstAfter = (position: Position, moment: number): number => search(position, (start) => start > moment);

function search({ starts }: Position, is: (start: number) => boolean): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (is(starts[middle] ?? 0)) high = middle;
    else low = middle + 1;
  }
  return low;
}
