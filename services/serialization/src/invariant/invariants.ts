import type { SerialRange } from '@lotwarden/contracts/events';
import { formatSerial, intersect, subtract } from '@lotwarden/platform/serial-range';
import { contentsDigest, type Container } from '../container/container.ts';

export interface Violator {
  readonly subject: string;
  readonly detail: string;
}

interface Owned {
  readonly lot: string;
  readonly ranges: readonly SerialRange[];
}

const family = ({ gtin, prefix, width }: SerialRange): string => `${gtin}|${prefix}|${String(width)}`;

const byPlace = (a: SerialRange, b: SerialRange): number => {
  const [left, right] = [family(a), family(b)];
  return left === right ? a.first - b.first : left < right ? -1 : 1;
};

/** No serial is in two lots. In order of their numbers, only neighbours can share one. */
export function sharedSerials(lots: readonly Owned[]): Violator[] {
  const pieces = lots.flatMap(({ lot, ranges }) => ranges.map((range) => ({ lot, range })));
  const sorted = pieces.sort((a, b) => byPlace(a.range, b.range));
  const violators: Violator[] = [];
  let furthest = sorted[0];
  for (const piece of sorted.slice(1)) {
    const [shared] = furthest ? intersect([piece.range], [furthest.range]) : [];
    if (shared && furthest && furthest.lot !== piece.lot)
      violators.push({ subject: formatSerial(shared, shared.first), detail: `${furthest.lot} and ${piece.lot}` });
    // A long range may reach over several that follow it.
    if (!furthest || family(furthest.range) !== family(piece.range)) furthest = piece;
    else if (piece.range.last > furthest.range.last) furthest = piece;
  }
  return violators;
}

/** No unit is in a lot without having been commissioned. */
export const unknownSerials = (lots: readonly Owned[], issued: (gtin: string) => readonly SerialRange[]): Violator[] =>
  lots.flatMap(({ lot, ranges }) =>
    ranges.flatMap((range) =>
      subtract([range], issued(range.gtin)).map((orphan) => ({
        subject: formatSerial(orphan, orphan.first),
        detail: lot,
      })),
    ),
  );

/** Every container's content is known: it has some, it is what its children have, and the seal vouches for just that. */
export function unknownContents(
  container: string,
  { status, children, contents, digest }: Container,
  child: (container: string) => Container | undefined,
): Violator[] {
  if (status !== 'packed' && status !== 'sealed') return [];
  const found: string[] = [];
  if (contents.length === 0) found.push('nothing in it');
  if (status === 'sealed' && digest !== contentsDigest(contents)) found.push('the seal is for other contents');
  for (const inner of children) {
    const state = child(inner);
    const within = contents.filter((line) => line.containers.includes(inner));
    if (state?.status !== 'sealed') found.push(`${inner} in it is not sealed`);
    else if (contentsDigest(within) !== contentsDigest(state.contents)) found.push(`${inner} has other contents`);
  }
  return found.map((detail) => ({ subject: container, detail }));
}
