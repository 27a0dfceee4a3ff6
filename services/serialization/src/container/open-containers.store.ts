import type { SerialRange } from '@lotwarden/contracts/events';
import type { Work } from '@lotwarden/platform/store';
import type { House } from '../house.ts';
import { openContainer } from './container.ts';
import { containersOf } from './packed-units.ts';

/**
 * Units that change their lot or are scrapped no longer are what the seal says: every container around them, up to the
 * pallet, is opened. Its units are loose then, and the warehouse refuses the container.
 */
export async function openContainersOf(
  work: Work,
  { containers, packed }: Pick<House, 'containers' | 'packed'>,
  lot: string,
  ranges: readonly SerialRange[],
  reason: string,
): Promise<void> {
  const [units] = await work.load(packed, [lot]);
  for (const container of units ? containersOf(units.state, ranges) : [])
    for (const each of await around(containers, container)) await openOne(work, { containers, packed }, each, reason);
}

/** Opens one container, and lets go of the units that lay in it directly. */
export async function openOne(
  work: Work,
  { containers, packed }: Pick<House, 'containers' | 'packed'>,
  container: string,
  reason: string,
): Promise<void> {
  const [known] = await work.load(containers, [container]);
  if (known?.state.status !== 'packed' && known?.state.status !== 'sealed') return;
  const direct = known.state.children.length === 0 ? known.state.contents.map(({ lot }) => lot) : [];
  await work.change(containers, container, (state) => openContainer(state, reason));
  for (const lot of new Set(direct)) await work.append(packed, lot, [{ type: 'UnitsTakenOut', container }]);
}

async function around(containers: House['containers'], container: string): Promise<string[]> {
  const { items } = await containers.find({
    'state.children': container,
    'state.status': { $in: ['packed', 'sealed'] },
  });
  const outer: string[] = [];
  for (const { id } of items) outer.push(...(await around(containers, id)));
  return [container, ...outer];
}
