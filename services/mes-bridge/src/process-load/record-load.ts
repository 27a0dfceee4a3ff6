import type { Violation } from '@lotwarden/contracts/events';
import type { LoadCircumstances, ProcessLoad, ProcessLoadEvent } from './process-load.ts';
import type { Exposure } from './process-load.ts';

interface Whole {
  readonly load: string;
  readonly circumstances: LoadCircumstances;
  readonly exposure: Exposure;
  /** What is wrong with its time or its lots. */
  readonly violations: readonly Violation[];
}

/**
 * Keeps a reported load; a fact is never refused. Reported again, it only grows: whatever any report names was exposed,
 * in the widest time told. What else a later report says differently is kept as a finding; the first record stands.
 */
export function recordLoad(known: ProcessLoad, whole: Whole): ProcessLoadEvent[] {
  const { load, circumstances, exposure, violations } = whole;
  if (known.status === 'unknown')
    return [{ type: 'ProcessLoadRecorded', load, ...circumstances, ...exposure, violations }];
  const more = moreThan(known.exposure, exposure);
  const late = known.status === 'voided' ? [{ code: 'load-voided', lot: null, detail: 'reported after its void' }] : [];
  const other = isOther(known, circumstances)
    ? [{ code: 'load-recorded-twice', lot: null, detail: 'the first record stands; void and replace it' }]
    : [];
  const isSame = late.length === 0 && other.length === 0 && !grows(known.exposure, more);
  return isSame ? [] : [{ type: 'ProcessLoadExtended', load, ...more, violations: [...late, ...other, ...violations] }];
}

export function voidLoad(
  known: ProcessLoad,
  asked: { load: string; reason: string; replacedBy: string | null },
): ProcessLoadEvent[] {
  return known.status === 'voided' ? [] : [{ type: 'ProcessLoadVoided', ...asked }];
}

/** Only what is new, and the time as it is by then; a load that was going on ends when anybody says so. */
function moreThan(known: Exposure, told: Exposure): Exposure {
  return {
    startedAt: known.startedAt < told.startedAt && known.startedAt !== '' ? known.startedAt : told.startedAt,
    endedAt: laterOf(known.endedAt, told.endedAt),
    members: told.members.filter((one) => !known.members.some((before) => isSameMember(before, one))),
    operations: told.operations.filter((one) => !known.operations.includes(one)),
    serves: told.serves.filter((one) => !known.serves.includes(one)),
  };
}

function laterOf(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}

const isSameMember = (a: Exposure['members'][number], b: Exposure['members'][number]): boolean =>
  a.lot === b.lot && JSON.stringify([a.serials, a.containers]) === JSON.stringify([b.serials, b.containers]);

const grows = (known: Exposure, more: Exposure): boolean =>
  more.startedAt !== known.startedAt ||
  more.endedAt !== known.endedAt ||
  more.members.length + more.operations.length + more.serves.length > 0;

function isOther({ circumstances: known }: ProcessLoad, told: LoadCircumstances): boolean {
  if (known === null) return false;
  const said = ({ kind, equipment, parameters }: LoadCircumstances) => JSON.stringify([kind, equipment, parameters]);
  return said(known) !== said(told);
}
