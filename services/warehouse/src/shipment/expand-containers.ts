import Big from 'big.js';
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
 * Lines with what lies in their containers: a container ships sealed and whole, so its contents are the line, and the
 * papers must say the same. Throws `container-unknown`, `container-not-sealed`, `container-contents-differ`.
 */
export function expandContainers(
  lines: readonly LotLine[],
  known: (container: string) => KnownContainer | undefined,
): LotLine[] {
  const asked = [...new Set(lines.flatMap((line) => line.containers))];
  const inside = asked.flatMap((container) => {
    const found = known(container);
    if (!found || found.contents.length === 0) throw new Rejected('container-unknown', { container });
    if (!found.sealed) throw new Rejected('container-not-sealed', { container });
    return found.contents.map((line) => ({ ...line, containers: [container] }));
  });
  checkPapers(byLot(lines.filter((line) => line.containers.length > 0)), byLot(inside), asked);
  return byLot([...inside, ...lines.filter((line) => line.containers.length === 0)]);
}

function checkPapers(papers: readonly LotLine[], inside: readonly LotLine[], containers: readonly string[]): void {
  const differs = (a: LotLine, b: LotLine | undefined): boolean =>
    b?.quantity.unit !== a.quantity.unit || !new Big(a.quantity.value).eq(b.quantity.value);
  const wrong =
    papers.find((line) =>
      differs(
        line,
        inside.find(({ lot }) => lot === line.lot),
      ),
    ) ?? inside.find(({ lot }) => !papers.some((line) => line.lot === lot));
  if (!wrong) return;
  const there = inside.find(({ lot }) => lot === wrong.lot)?.quantity.value ?? '0';
  throw new Rejected('container-contents-differ', { lot: wrong.lot, there, containers: containers.join(', ') });
}

/** One line a lot and unit: facts may count one lot in pieces and in boxes, and neither may be lost. */
export function byLot(lines: readonly LotLine[]): LotLine[] {
  const merged = new Map<string, LotLine>();
  for (const line of lines) {
    const key = `${line.lot}|${line.quantity.unit}`;
    const before = merged.get(key);
    if (!before) merged.set(key, line);
    else
      merged.set(key, {
        lot: line.lot,
        quantity: add(before.quantity, line.quantity),
        serials: union(before.serials, line.serials),
        containers: [...new Set([...before.containers, ...line.containers])],
      });
  }
  return [...merged.values()];
}
