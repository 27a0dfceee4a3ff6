import type { EventOf, LotLine } from '@lotwarden/contracts/events';

export type ProcessLoadEvent = EventOf<'mes-bridge.process-load.v1'>;
type Recorded = Extract<ProcessLoadEvent, { type: 'ProcessLoadRecorded' }>;

/** Everything about a load but what was in it and when. */
export type LoadCircumstances = Omit<
  Recorded,
  'type' | 'load' | 'startedAt' | 'endedAt' | 'members' | 'operations' | 'serves' | 'violations'
>;

/** What was exposed, and when; `endedAt` is null while it goes on. */
export interface Exposure {
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly members: readonly LotLine[];
  readonly operations: readonly string[];
  /** Whatever ran on these machines in its time was exposed. */
  readonly serves: readonly string[];
}

/** What went through a steriliser, furnace, cleanroom or water loop together (ISO 13485:2016 7.5.5). */
export interface ProcessLoad {
  readonly status: 'unknown' | 'recorded' | 'voided';
  readonly circumstances: LoadCircumstances | null;
  readonly exposure: Exposure;
  readonly violations: Recorded['violations'];
  readonly voidReason: string | null;
  readonly replacedBy: string | null;
}

export const UNKNOWN_LOAD: ProcessLoad = {
  status: 'unknown',
  circumstances: null,
  exposure: { startedAt: '', endedAt: null, members: [], operations: [], serves: [] },
  violations: [],
  voidReason: null,
  replacedBy: null,
};

/** One source's load is always the same load of ours. */
export const loadId = (sourceSystem: string, sourceLoad: string): string =>
  `LD-${sourceSystem.replaceAll(':', '%3A')}:${sourceLoad}`;

export function evolve(known: ProcessLoad, event: ProcessLoadEvent): ProcessLoad {
  switch (event.type) {
    case 'ProcessLoadRecorded': {
      const {
        type: _,
        load: __,
        startedAt,
        endedAt,
        members,
        operations,
        serves,
        violations,
        ...circumstances
      } = event;
      const exposure = { startedAt, endedAt, members, operations, serves };
      return { ...known, status: 'recorded', circumstances, exposure, violations };
    }
    case 'ProcessLoadExtended': {
      const { startedAt, endedAt, members, operations, serves } = event;
      const exposure = {
        startedAt,
        endedAt,
        members: [...known.exposure.members, ...members],
        operations: [...known.exposure.operations, ...operations],
        serves: [...known.exposure.serves, ...serves],
      };
      return { ...known, exposure, violations: [...known.violations, ...event.violations] };
    }
    case 'ProcessLoadVoided':
      return { ...known, status: 'voided', voidReason: event.reason, replacedBy: event.replacedBy };
  }
}
