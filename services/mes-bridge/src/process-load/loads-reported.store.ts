import type { EventOf, LotLine } from '@lotwarden/contracts/events';
import type { Work } from '@lotwarden/platform/store';
import type { House } from '../house.ts';
import { operationId } from '../operation/operation.ts';
import type { LotNames } from '../production-lot/name-lots.store.ts';
import { loadId } from './process-load.ts';
import { recordLoad, voidLoad } from './record-load.ts';

type Reported<Name extends string> = Extract<EventOf<'mes.inbound.v1'>, { type: Name }>;

/** What MES says went through a process together, did. */
export const loadsReported = ({ house, names }: { house: House; names: LotNames }) => {
  async function recorded(event: Reported<'ProcessLoadRecorded'>, work: Work): Promise<void> {
    const { sourceSystem, load: sourceLoad, site, kind, equipment, operator, parameters } = event;
    const { startedAt, endedAt, serves } = event;
    const load = loadId(sourceSystem, sourceLoad);
    const members: LotLine[] = [];
    for (const member of event.members) members.push({ ...member, lot: await names.mentioned(work, member.lot, site) });
    const operations = event.operations.map((operation) => operationId(sourceSystem, operation));
    const absurd =
      endedAt !== null && endedAt < startedAt
        ? [{ code: 'load-time-absurd', lot: null, detail: `ended ${endedAt}, before it started ${startedAt}` }]
        : [];
    await work.change(house.loads, load, (known) =>
      recordLoad(known, {
        load,
        circumstances: { sourceSystem, sourceLoad, site, kind, equipment, operator, parameters },
        exposure: { startedAt, endedAt, members, operations, serves },
        violations: absurd,
      }),
    );
  }

  async function voided(event: Reported<'ProcessLoadVoided'>, work: Work): Promise<void> {
    const { sourceSystem, reason } = event;
    const load = loadId(sourceSystem, event.load);
    const replacedBy = event.replacedBy === null ? null : loadId(sourceSystem, event.replacedBy);
    await work.change(house.loads, load, (known) => voidLoad(known, { load, reason, replacedBy }));
  }

  return { recorded, voided };
};
