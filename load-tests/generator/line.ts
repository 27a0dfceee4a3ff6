import { goods, keep, mention, type Floor, type OpenLot } from './floor.ts';
import type { Happening, Loaded, OperationDone } from './world.ts';

/** Where and when an operation runs: on a machine of which somebody keeps a log, or nobody says. */
export function onMachine(floor: Floor): Pick<OperationDone, 'equipment' | 'startedAt' | 'endedAt' | 'load'> {
  const { random, shape, line } = floor;
  const known = random.chance(shape.machines);
  const startedAt = line.now + (known ? random.between(-25, 5) : 0);
  return {
    equipment: known ? machine(floor) : null,
    startedAt,
    endedAt: startedAt + (known && random.chance(0.8) ? random.between(0, 20) : 0),
    load: line.loads.length > 0 && random.chance(shape.machines * 0.1) ? random.pick(line.loads) : null,
  };
}

const machine = ({ random, site }: Floor): string => `${site}-LINE${String(random.between(1, 2))}`;

/** Something that happens at a machine, as it is logged: well, or not so well. */
export function workLine(floor: Floor): Happening[] {
  const { random, line } = floor;
  line.now += random.between(0, 12);
  const draw = random.below(100);
  if (draw < 45) return mount(floor);
  if (draw < 70) return unmount(floor);
  if (draw < 75) return doubt(floor);
  if (draw < 78) return strangerComesOff(floor);
  if (draw < 95) return load(floor);
  const last = line.loads.pop();
  return last === undefined ? [] : [{ what: 'load-void', load: last }];
}

function somethingToMount({ random, levels }: Floor): OpenLot | undefined {
  const lots = levels[random.chance(0.85) ? 0 : 1] ?? [];
  return lots.length > 0 ? random.pick(lots) : undefined;
}

/** Often the one before is not taken off first: then it is replaced, or in a tank it is topped up. */
function mount(floor: Floor): Happening[] {
  const { random, line, site, next } = floor;
  const lot = somethingToMount(floor);
  if (!lot) return [];
  const equipment = machine(floor);
  const position = random.pick(['F1', 'F2', 'T1']);
  const id = `MT-MES-${site}:${String(next('mount'))}`;
  keep(line.mounted, { mount: id, equipment, position, lot }, 6);
  const mixing = position === 'T1' && random.chance(0.8);
  return [{ what: 'mounted', mount: id, site, equipment, position, ...mention(lot), at: line.now, mixing }];
}

function unmount(floor: Floor): Happening[] {
  const { random, line, site } = floor;
  const [off] = line.mounted.splice(random.below(line.mounted.length), 1);
  if (!off) return [];
  const { lot, ...place } = off;
  const said = random.chance(0.3) ? mention(lot) : null;
  return [{ what: 'unmounted', ...place, site, at: line.now, said, empty: random.chance(0.4) }];
}

/** Somebody says that it was another lot, or that it was not so at all. */
function doubt(floor: Floor): Happening[] {
  const { random, line } = floor;
  const [last] = line.mounted;
  const other = somethingToMount(floor);
  if (!last || !other) return [];
  if (random.chance(0.5)) return [{ what: 'mount-void', mount: last.mount }];
  return [{ what: 'claimed', mount: last.mount, ...mention(other) }];
}

/** Nobody told that it had been mounted. */
function strangerComesOff(floor: Floor): Happening[] {
  const { random, line, site, next } = floor;
  const lot = somethingToMount(floor);
  if (!lot) return [];
  const place = { mount: `MT-MES-${site}:${String(next('mount'))}`, equipment: machine(floor), position: 'F1', site };
  return [{ what: 'unmounted', ...place, at: line.now, said: mention(lot), empty: random.chance(0.5) }];
}

function load(floor: Floor): Happening[] {
  const { random, line, levels, site, next, done } = floor;
  const id = `LD-MES-${site}:${String(next('load'))}`;
  const lots = new Set(random.pick(levels).filter(({ left }) => left > 0).slice(-2)); // prettier-ignore
  const startedAt = line.now - random.between(0, 20);
  const loaded: Loaded = {
    what: 'load',
    load: id,
    site,
    startedAt,
    endedAt: random.chance(0.2) ? null : startedAt + random.between(1, 30),
    members: random.chance(0.6) ? [...lots].map((lot) => goods(lot, 1, [])) : [],
    operations: random.chance(0.4) ? done.slice(-2).map(({ operation }) => operation.id) : [],
    serves: random.chance(0.4) ? [machine(floor)] : [],
  };
  keep(line.loads, id, 3);
  return [loaded];
}
