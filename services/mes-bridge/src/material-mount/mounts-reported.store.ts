import type { EventOf, LotRef } from '@lotwarden/contracts/events';
import type { Work } from '@lotwarden/platform/store';
import type { House } from '../house.ts';
import { knowLots } from '../operation/know-lots.store.ts';
import { inputViolations } from '../operation/start-check.ts';
import type { LotNames } from '../production-lot/name-lots.store.ts';
import { mountId, type MaterialMount, type MountEvent } from './material-mount.ts';
import { MACHINE_MOUNTS, withMount, withoutMount, type MachineMounts } from './mounted-now.ts';
import { recordMount, recordUnmount, voidMount, type Around } from './record-mount.ts';

type Reported<Name extends string> = Extract<EventOf<'mes.inbound.v1'>, { type: Name }>;

/** What MES says was mounted, was mounted: kept, and told with what was wrong about it. */
export const mountsReported = ({ house, names }: { house: House; names: LotNames }) => {
  async function around(work: Work, equipment: string, known: MaterialMount, lot: string | null): Promise<Around> {
    const lots = [lot, known.lot].filter((one) => one !== null);
    const knowledge = await knowLots(house, work, lots);
    const asked = lot === null ? [] : [{ lot, ...knowledge.lot(lot), heldBy: knowledge.lot(lot).heldBy([]) }];
    const machine = (await work.read<MachineMounts>(MACHINE_MOUNTS, [equipment])).get(equipment);
    return { lot: inputViolations(asked), others: machine?.mounts ?? [], real: knowledge.real };
  }

  async function change(
    work: Work,
    mount: string,
    decide: (known: MaterialMount) => readonly MountEvent[],
  ): Promise<void> {
    const { state } = await work.change(house.mounts, mount, decide);
    if (state.place === null) return;
    const { equipment, position } = state.place;
    const machine = (await work.read<MachineMounts>(MACHINE_MOUNTS, [equipment])).get(equipment);
    const { lot, mixing, mountedAt, unmountedAt } = state;
    const there = machine?.mounts ?? [];
    const mounts =
      state.status === 'voided'
        ? withoutMount(there, mount)
        : withMount(there, { mount, position, lot, mixing, mountedAt, unmountedAt });
    work.replace(MACHINE_MOUNTS, { _id: equipment, mounts });
  }

  const lotOf = (work: Work, ref: LotRef, site: string) => names.mentioned(work, ref, site);

  async function mounted(event: Reported<'MaterialMounted'>, work: Work): Promise<void> {
    const { sourceSystem, mount: sourceMount, site, equipment, position, operator, quantity, mixing } = event;
    const mount = mountId(sourceSystem, sourceMount);
    const lot = await lotOf(work, event.lot, site);
    const told = { mount, sourceSystem, sourceMount, site, equipment, position, lot, quantity, mixing, operator, mountedAt: event.occurredAt }; // prettier-ignore
    const [before] = await work.load(house.mounts, [mount]);
    const known = before ? await around(work, equipment, before.state, lot) : undefined;
    await change(work, mount, (state) => (known ? recordMount(state, told, known) : []));
  }

  async function unmounted(event: Reported<'MaterialUnmounted'>, work: Work): Promise<void> {
    const { sourceSystem, mount: sourceMount, site, equipment, position, operator, remaining } = event;
    const mount = mountId(sourceSystem, sourceMount);
    const lot = event.lot === null ? null : await lotOf(work, event.lot, site);
    const told = { mount, sourceSystem, sourceMount, site, equipment, position, lot, remaining, operator, unmountedAt: event.occurredAt }; // prettier-ignore
    const [before] = await work.load(house.mounts, [mount]);
    const known = before ? await around(work, equipment, before.state, lot) : undefined;
    await change(work, mount, (state) => (known ? recordUnmount(state, told, known) : []));
  }

  async function voided(event: Reported<'MaterialMountVoided'>, work: Work): Promise<void> {
    const { sourceSystem, reason } = event;
    const mount = mountId(sourceSystem, event.mount);
    const replacedBy = event.replacedBy === null ? null : mountId(sourceSystem, event.replacedBy);
    await change(work, mount, (state) => voidMount(state, { mount, reason, replacedBy }));
  }

  return { mounted, unmounted, voided };
};
