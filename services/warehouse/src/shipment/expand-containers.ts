import Big from 'big.js';
import type { LotLine } from '@lotwarden/contracts/events';
import { Rejected } from '@lotwarden/platform/errors';
import { add } from '@lotwarden/platform/quantity';
import { union } from '@lotwarden/platform/serial-range';

/** What a seal vouches for: the contents at one version of the container, by their digest (correctness rule 20). */
export interface Seal {
  readonly version: number;
  readonly digest: string;
}

/** A seal as the papers name it. */
export interface NamedSeal {
  readonly container: string;
  readonly digest: string;
  readonly version?: number | undefined;
}

/** A container as its owner last described it. */
export interface KnownContainer {
  readonly container: string;
  /** Null while it is open. */
  readonly seal: Seal | null;
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
    if (!found.seal) throw new Rejected('container-not-sealed', { container });
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

/**
 * The seals of the containers that go, where the papers name them they must be those. Throws `seal-differs`: it was
 * opened and closed again, or it is another container.
 */
export function checkSeals(
  lines: readonly LotLine[],
  named: readonly NamedSeal[],
  known: (container: string) => KnownContainer | undefined,
): (Seal & { readonly container: string })[] {
  const going = [...new Set(lines.flatMap((line) => line.containers))];
  for (const { container, digest, version } of named) {
    const seal = going.includes(container) ? known(container)?.seal : undefined;
    if (seal?.digest === digest && (version === undefined || seal.version === version)) continue;
    const found = seal ? `${seal.digest} (${String(seal.version)})` : 'none';
    throw new Rejected('seal-differs', { container, named: `${digest} (${String(version ?? 'any')})`, found });
  }
  return going.flatMap((container) => {
    const seal = known(container)?.seal;
    return seal ? [{ container, ...seal }] : [];
  });
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
