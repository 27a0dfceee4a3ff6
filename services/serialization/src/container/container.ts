import { createHash } from 'node:crypto';
import type { EventOf, LotLine } from '@lotwarden/contracts/events';
import { Rejected } from '@lotwarden/platform/errors';
import { checkRange, count, formatSerial, normalise, subtract } from '@lotwarden/platform/serial-range';

export type ContainerEvent = EventOf<'serialization.container.v1'>;

export const LEVELS = ['carton', 'case', 'pallet'] as const;
export type Level = (typeof LEVELS)[number];

/** A carton, case or pallet (EPCIS AggregationEvent). Its contents are always known, at any depth. */
export interface Container {
  readonly status: 'unknown' | 'packed' | 'sealed' | 'opened';
  readonly container: string;
  readonly level: string;
  /** Where it was packed. */
  readonly site: string;
  readonly children: readonly string[];
  readonly contents: readonly LotLine[];
  readonly digest: string | null;
}

export const NO_CONTAINER: Container = {
  status: 'unknown',
  container: '',
  level: '',
  site: '',
  children: [],
  contents: [],
  digest: null,
};

export function evolve(known: Container, event: ContainerEvent): Container {
  switch (event.type) {
    case 'ContainerPacked': {
      const { container, level, site, children, contents } = event;
      return { status: 'packed', container, level, site, children, contents, digest: null };
    }
    case 'ContainerSealed':
      return { ...known, status: 'sealed', contents: event.contents, digest: event.digest };
    case 'ContainerUnpacked':
      return { ...known, status: 'opened', digest: null, children: [], contents: [] };
  }
}

/** Packs once; a container that holds something must be opened before it is packed again. Units go into one container. */
export function packContainer(
  known: Container,
  asked: { container: string; level: Level; children: readonly string[]; contents: readonly LotLine[]; site: string },
): ContainerEvent[] {
  const { container } = asked;
  if (known.status === 'packed' || known.status === 'sealed') throw new Rejected('container-not-empty', { container });
  if (asked.contents.length === 0) throw new Rejected('container-without-contents', { container });
  return [{ type: 'ContainerPacked', ...asked }];
}

/** Only what is sealed may become part of another container. */
export function contentsOfChildren(children: readonly Container[], level: Level): LotLine[] {
  for (const child of children) {
    if (child.status !== 'sealed') throw new Rejected('container-not-sealed', { container: child.container });
    if (LEVELS.indexOf(level) <= LEVELS.findIndex((l) => l === child.level))
      throw new Rejected('container-level-wrong', { container: child.container, level });
  }
  return children.flatMap((child) => child.contents.map((line) => ({ ...line, containers: [child.container] })));
}

export function sealContainer(known: Container): ContainerEvent[] {
  const { status, container, contents } = known;
  if (status === 'sealed') return [];
  if (status !== 'packed') throw new Rejected('container-unknown', { container });
  return [{ type: 'ContainerSealed', container, contents, digest: contentsDigest(contents) }];
}

export function openContainer(known: Container, reason: string): ContainerEvent[] {
  if (known.status === 'unknown' || known.status === 'opened')
    throw new Rejected('container-unknown', { container: known.container });
  return [{ type: 'ContainerUnpacked', container: known.container, reason }];
}

/** SHA-256, hex, over lots with their serials in order: what the seal vouches for. */
export function contentsDigest(contents: readonly LotLine[]): string {
  const lines = contents.map(({ lot, quantity, serials }) =>
    JSON.stringify([lot, quantity.value, quantity.unit, serials]),
  );
  return createHash('sha256').update(lines.sort().join('\n')).digest('hex');
}

/** Units of this lot, each named once. Throws `serial-range-invalid`, `serial-named-twice`, `serial-not-of-lot`. */
export function checkUnits({ lot, serials }: Pick<LotLine, 'lot' | 'serials'>, ofLot: LotLine['serials']): void {
  // A range that runs backwards would count as less than none.
  serials.forEach(checkRange);
  const named = serials.reduce((total, { first, last }) => total + last - first + 1, 0);
  if (named !== count(serials)) throw new Rejected('serial-named-twice', { lot });
  const [stranger] = subtract(serials, ofLot);
  if (stranger) throw new Rejected('serial-not-of-lot', { lot, serial: formatSerial(stranger, stranger.first) });
}

/** Goods by lot, as a line of contents. Serials count each. */
export const unitsOf = (lot: string, serials: LotLine['serials']): LotLine => ({
  lot,
  quantity: { value: String(count(serials)), unit: 'EA' },
  serials: normalise(serials),
  containers: [],
});
