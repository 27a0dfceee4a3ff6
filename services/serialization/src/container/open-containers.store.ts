import type { SerialRange } from '@lotwarden/contracts/events';
import type { Work } from '@lotwarden/platform/store';
import type { House } from '../house.ts';
import { openContainer } from './container.ts';
import { takeOut } from './nesting.ts';
import { containersOf } from './packed-units.ts';

type Containers = Pick<House, 'containers' | 'packed' | 'nestings'>;

/**
 * Units that change their lot or are scrapped no longer are what the seal says: every container around them, up to the
 * pallet, is opened. Its units are loose then, and the warehouse refuses the container.
 */
export async function openContainersOf(
  work: Work,
  house: Containers,
  lot: string,
  ranges: readonly SerialRange[],
  reason: string,
): Promise<void> {
  const [units] = await work.load(house.packed, [lot]);
  for (const container of units ? containersOf(units.state, ranges) : [])
    for (const each of await around(work, house, container)) await openOne(work, house, each, reason);
}

/** Opens one container, and lets go of what lay in it directly. */
export async function openOne(
  work: Work,
  { containers, packed, nestings }: Containers,
  container: string,
  reason: string,
): Promise<void> {
  const [known] = await work.load(containers, [container]);
  if (known?.state.status !== 'packed' && known?.state.status !== 'sealed') return;
  const { children, contents } = known.state;
  await work.change(containers, container, (state) => openContainer(state, reason));
  for (const child of children) await work.change(nestings, child, takeOut);
  // Units that came in children stay in them.
  const loose = contents.filter((line) => line.containers.length === 0).map(({ lot }) => lot);
  for (const lot of new Set(loose)) await work.append(packed, lot, [{ type: 'UnitsTakenOut', container }]);
}

/** The container and all it lies in, the outermost first. */
async function around(work: Work, house: Pick<House, 'nestings'>, container: string): Promise<string[]> {
  const [nesting] = await work.load(house.nestings, [container]);
  const parent = nesting?.state.parent ?? null;
  return parent === null ? [container] : [...(await around(work, house, parent)), container];
}
