import type { SerialRange } from '@lotwarden/contracts/events';
import { Rejected } from '@lotwarden/platform/errors';
import { assertFree } from '@lotwarden/platform/gate';
import { assertOwnSite } from '@lotwarden/platform/own-site';
import { sequences } from '@lotwarden/platform/sequence';
import type { Deps } from '@lotwarden/platform/service';
import type { Changed, Context, Work } from '@lotwarden/platform/store';
import type { House } from '../house.ts';
import {
  checkUnits,
  contentsOfChildren,
  packContainer,
  sealContainer,
  unitsOf,
  type Container,
  type ContainerEvent,
  type Level,
} from './container.ts';
import { assertLoose, putInto } from './nesting.ts';
import { openOne } from './open-containers.store.ts';
import { packUnits } from './packed-units.ts';
import { sscc } from './sscc.ts';

export interface Pack {
  /** Minted if absent. */
  readonly container?: string | undefined;
  readonly level: Level;
  readonly site: string;
  readonly children: readonly string[];
  readonly units: readonly { readonly lot: string; readonly serials: readonly SerialRange[] }[];
}

type Outcome = Promise<Changed<Container, ContainerEvent>>;

/** Containers, what is in them, and where they are: each change of them in one transaction. */
export function packing({ db, work }: Pick<Deps, 'db' | 'work'>, house: House, companyPrefix: string) {
  const { serials, packed, containers, nestings } = house;
  const next = sequences(db);

  async function mint(): Promise<string> {
    for (;;) {
      const container = sscc(companyPrefix, await next('sscc'));
      // Others may have used the prefix before us; a restored counter passes over what was given since.
      if (!(await containers.get(container))) return container;
    }
  }

  /** Guards the lots: a unit that moves, or is held, while it is being packed makes this run again. */
  async function unitsOfLots(unit: Work, asked: Pack['units']) {
    const named = new Map<string, SerialRange[]>();
    for (const { lot, serials: some } of asked) named.set(lot, [...(named.get(lot) ?? []), ...some]);
    const known = await unit.load(serials, [...named.keys()]);
    return Promise.all(
      known.map(async ({ id: lot, state }) => {
        await unit.touch(serials, lot);
        const units = named.get(lot) ?? [];
        checkUnits({ lot, serials: units }, state.ranges);
        return unitsOf(lot, units);
      }),
    );
  }

  return {
    pack: async ({ units, ...asked }: Pack, context: Context): Outcome => {
      const { level, site, children } = asked;
      const container = asked.container ?? (await mint());
      return work(context, async (unit) => {
        const loose = await unitsOfLots(unit, units);
        const inside = (await unit.load(containers, children)).map(({ id, state }) => ({ ...state, container: id }));
        const contents = [...loose, ...contentsOfChildren(inside, level)];
        for (const child of children) {
          // Opened meanwhile it would vouch for nothing.
          await unit.touch(containers, child);
          await unit.change(nestings, child, (nesting) => putInto(nesting, child, container));
        }
        for (const line of loose)
          await unit.change(packed, line.lot, (known) => packUnits(known, container, line.serials));
        return unit.change(containers, container, (known) =>
          packContainer(known, { container, level, children, contents, site }),
        );
      });
    },

    seal: (container: string, context: Context): Outcome =>
      work(context, async (unit) => {
        const [known] = await unit.load(containers, [container]);
        assertOwnContainer(context, known?.state);
        const contents = known?.state.status === 'packed' ? known.state.contents : [];
        for (const { lot, serials: inside } of contents) {
          const [ofLot] = await unit.load(serials, [lot]);
          if (!ofLot) throw new Error('a load answers for every id');
          // A hold that comes between looking and sealing must make this look again.
          await unit.touch(serials, lot);
          assertFree(ofLot, inside, 'seal');
        }
        return unit.change(containers, container, (state) => sealContainer({ ...state, container }));
      }),

    open: (container: string, context: Context, reason: string): Outcome =>
      work(context, async (unit) => {
        const [[known], [nesting]] = [await unit.load(containers, [container]), await unit.load(nestings, [container])];
        if (known?.state.status !== 'packed' && known?.state.status !== 'sealed')
          throw new Rejected('container-unknown', { container });
        assertOwnContainer(context, known.state);
        if (nesting) assertLoose(nesting.state, container);
        // Put into another one meanwhile, it cannot be opened from inside.
        await unit.touch(nestings, container);
        await openOne(unit, house, container, reason);
        return unit.append(containers, container, []);
      }),
  };
}

/** One that nobody packed is at no site: that it is unknown is told by what follows. */
function assertOwnContainer(context: Context, container: Container | undefined): void {
  if (container && container.site !== '') assertOwnSite(context, container.site);
}

export type Packing = ReturnType<typeof packing>;
