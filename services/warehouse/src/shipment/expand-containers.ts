import type { LotLine } from '@lotwarden/contracts/events';
import { Rejected } from '@lotwarden/platform/errors';
import { add } from '@lotwarden/platform/quantity';
import { union } from '@lotwarden/platform/serial-range';

/** A container as its owner last described it. */
export interface KnownContainer {
  readonly container: string;
  readonly sealed: boolean;
  readonly contents: readonly LotLine[];
}

/**
 * Lines with what lies in their containers: a container ships sealed and whole, so its contents are the line.
 * Throws `container-unknown`, `container-not-sealed`.
 */
export function expandContainers(
  lines: readonly LotLine[],
  known: (container: string) => KnownContainer | undefined,
): LotLine[] {
  const asked = [...new Set(lines.flatMap((line) => line.containers))];
  const inside = asked.flatMap((container) => {
    const found = known(container);
    if (!found) throw new Rejected('container-unknown', { container });
    if (!found.sealed) throw new Rejected('container-not-sealed', { container });
    return found.contents.map((line) => ({ ...line, containers: [container] }));
  });
  return byLot([...inside, ...lines.filter((line) => line.containers.length === 0)]);
}

/** One line a lot. */
export function byLot(lines: readonly LotLine[]): LotLine[] {
  const merged = new Map<string, LotLine>();
  for (const line of lines) {
    const before = merged.get(line.lot);
    if (!before) merged.set(line.lot, line);
    else
      merged.set(line.lot, {
        lot: line.lot,
        quantity: add(before.quantity, line.quantity),
        serials: union(before.serials, line.serials),
        containers: [...new Set([...before.containers, ...line.containers])],
      });
  }
  return [...merged.values()];
}
