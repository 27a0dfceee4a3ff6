import type { Happening, Loaded, Mounted, OperationDone, Unmounted, Used } from '../generator/world.ts';

/**
 * What an operation was made of, or exposed to, without anybody saying so: the slow way. It looks minute by minute who was
 * mounted where, after docs/traceability/edges.md.
 */
export function unsaidInputs(happenings: readonly Happening[]): (operation: OperationDone) => Used[] {
  const items = itemsIn(happenings);
  const mounts = mountsIn(happenings);
  const voided = new Set(happenings.flatMap((one) => (one.what === 'load-void' ? [one.load] : [])));
  const loads = happenings.filter((one) => one.what === 'load').filter(({ load }) => !voided.has(load));
  return (operation) => [
    ...(FED.has(operation.kind) && operation.told ? fedInto(operation, mounts, items) : []),
    ...exposedTo(operation, loads, voided),
  ];
}

/** Lot → what it is, as its owner tells. */
export function itemsIn(happenings: readonly Happening[]): ReadonlyMap<string, string> {
  const items = new Map<string, string>();
  for (const one of happenings) if (one.what === 'lot' && one.kind !== 'unknown') items.set(one.lot, one.item);
  return items;
}

const FED: ReadonlySet<string> = new Set(['make', 'rework', 'repair', 'sterilise']);

interface TrueMount {
  readonly id: string;
  readonly place: string;
  readonly position: string;
  readonly lots: ReadonlySet<string>;
  readonly on: Mounted | undefined;
  readonly off: Unmounted | undefined;
  readonly doubted: boolean;
}

function mountsIn(happenings: readonly Happening[]): TrueMount[] {
  const voided = new Set(happenings.flatMap((one) => (one.what === 'mount-void' ? [one.mount] : [])));
  const told = happenings.filter((one) => one.what === 'mounted' || one.what === 'unmounted' || one.what === 'claimed');
  return [...Map.groupBy(told, ({ mount }) => mount)].flatMap(([id, said]) => {
    const on = said.find((one) => one.what === 'mounted');
    const off = said.find((one) => one.what === 'unmounted');
    const claims = said.filter((one) => one.what === 'claimed');
    const lots = new Set([...(on ? [on.lot] : []), ...(off?.said ? [off.said.lot] : []), ...claims.map(({ lot }) => lot)]); // prettier-ignore
    const at = on ?? off;
    if (voided.has(id) || lots.size === 0 || !at) return [];
    return [{ id, place: `${at.equipment} ${at.position}`, position: at.position, lots, on, off, doubted: claims.length > 0 }]; // prettier-ignore
  });
}

/** From when it was there; one that was only told to come off, since the one before came off, or went on. */
function since(mount: TrueMount, mates: readonly TrueMount[]): number {
  if (mount.on) return mount.on.at;
  const until = mount.off?.at ?? 0;
  const before = inOrder(mates).findLast(({ on }) => (on?.at ?? Infinity) < until);
  if (!before?.on) return -Infinity;
  return before.off && before.off.at < until ? Math.max(before.off.at, before.on.at) : before.on.at;
}

const inOrder = (mates: readonly TrueMount[]): TrueMount[] =>
  mates
    .filter(({ on }) => on !== undefined)
    .sort((a, b) => (a.on?.at ?? 0) - (b.on?.at ?? 0) || (a.id < b.id ? -1 : 1));

function isThere(mount: TrueMount, mates: readonly TrueMount[], minute: number): boolean {
  const came = since(mount, mates);
  if (minute < came) return false;
  if (mount.off?.empty) return minute < mount.off.at;
  if (!mount.on) return minute < (mount.off?.at ?? 0);
  const later = inOrder(mates).filter(({ on }) => (on?.at ?? 0) > came);
  const [next] = later;
  if (next?.on?.mixing === true)
    // Some of it stays until the tank ran empty, or something came that does not mix.
    return (
      (mount.off && minute < mount.off.at) ||
      !later.some((mate) =>
        mate.on?.mixing === true ? mate.off?.empty === true && minute >= mate.off.at : minute >= since(mate, mates),
      )
    );
  if (mount.off) return minute < mount.off.at;
  return next === undefined || minute < since(next, mates);
}

function fedInto(operation: OperationDone, mounts: readonly TrueMount[], items: ReadonlyMap<string, string>): Used[] {
  const { equipment, startedAt, endedAt, inputs, moves } = operation;
  if (equipment === null) return [];
  const minutes = startedAt === endedAt ? [startedAt] : Array.from({ length: endedAt - startedAt }, (_, n) => startedAt + n); // prettier-ignore
  const mates = (mount: TrueMount) => mounts.filter(({ place }) => place === mount.place);
  const there = mounts.filter(
    (mount) =>
      mount.place.startsWith(`${equipment} `) && minutes.some((minute) => isThere(mount, mates(mount), minute)),
  );
  const itemsOf = (lots: Iterable<string>) => new Set([...lots].flatMap((lot) => items.get(lot) ?? []));
  const used = inputs.filter(({ edge }) => edge === 'material' || edge === 'installed');
  const named = new Set([...used.map(({ lot }) => lot), ...moves.map(({ from }) => from.lot)]);
  const open = there.filter((mount) => {
    const here = there.filter(({ place }) => place === mount.place).flatMap(({ lots }) => [...lots]);
    return !here.some((lot) => named.has(lot)) && itemsOf(mount.lots).isDisjointFrom(itemsOf(named));
  });
  const certain = (mount: TrueMount): boolean => {
    const rivals = open.filter(
      ({ place, lots }) => place === mount.place || !itemsOf(lots).isDisjointFrom(itemsOf(mount.lots)),
    );
    const surely = ({ on, off, doubted }: TrueMount) => on !== undefined && !doubted && on.at <= (off?.at ?? on.at);
    return (
      new Set(rivals.flatMap(({ lots }) => [...lots])).size === 1 &&
      minutes.every((minute) => rivals.some((one) => surely(one) && isThere(one, mates(one), minute)))
    );
  };
  return open.flatMap((mount) =>
    [...mount.lots].map((lot) => unsaid(lot, 'material', certain(mount) ? 'backflushed' : 'possible')),
  );
}

function exposedTo(
  { id, told, equipment, startedAt, endedAt, load }: OperationDone,
  loads: readonly Loaded[],
  voided: ReadonlySet<string>,
): Used[] {
  // prettier-ignore
  const named = loads.filter(({ operations }) => operations.includes(id)).map((one) => one.load);
  if (load !== null && told && !voided.has(load)) named.push(load);
  const serving = loads.filter((one) => {
    const until = one.endedAt ?? Infinity;
    const meets = startedAt === endedAt ? one.startedAt <= startedAt && startedAt < until : one.startedAt < endedAt && startedAt < until; // prettier-ignore
    return told && equipment !== null && one.serves.includes(equipment) && meets;
  });
  return [
    ...named.map((one) => unsaid(one, 'exposure', 'scanned')),
    ...serving.filter((one) => !named.includes(one.load)).map((one) => unsaid(one.load, 'exposure', 'lot-inferred')),
  ];
}

const unsaid = (lot: string, edge: Used['edge'], certainty: string): Used => ({ lot, as: lot, amount: 0, unit: 'EA', serials: [], edge, certainty }); // prettier-ignore

/** A lot goes through a load by itself and comes out as it went in; the load is what it was exposed to. */
export function passages(happenings: readonly Happening[]): OperationDone[] {
  const voided = new Set(happenings.flatMap((one) => (one.what === 'load-void' ? [one.load] : [])));
  return happenings
    .filter((one) => one.what === 'load')
    .filter(({ load }) => !voided.has(load))
    .flatMap(({ load, site, startedAt, members }) =>
      members.map((member): OperationDone => ({
        what: 'operation',
        id: `${load}/${member.as}`,
        site,
        kind: 'process-load',
        inputs: [unsaid(load, 'exposure', 'scanned'), { ...member, edge: 'material', certainty: 'scanned' }],
        outputs: [member],
        scrap: [],
        moves: [],
        lateInputs: 0,
        lateOutputs: 0,
        missing: null,
        told: true,
        equipment: null,
        startedAt,
        endedAt: startedAt,
        load: null,
      })),
    );
}
