import type { EventOf } from '@lotwarden/contracts/events';

export type GapEvent = EventOf<'traceability.gap.v1'>;

export interface Comment {
  readonly by: string;
  readonly at: string;
  readonly text: string;
}

/** One thing that is missing, and the work on it. It closes when it is there, and only then. */
export interface GapWork {
  /** taken: somebody has it. */
  readonly status: 'unknown' | 'open' | 'taken' | 'closed';
  readonly gap: string;
  readonly kind: string;
  readonly subject: string;
  readonly detail: string;
  readonly source: string;
  readonly team: string;
  readonly assignee: string | null;
  /** First seen, this time. */
  readonly since: string;
  readonly dueAt: string;
  /** How often it had gone and came back. */
  readonly reopened: number;
  /** Why it has who it has, or is due when it is: the latest. */
  readonly reason: string | null;
  /** The latest; all stand in the record of what was said. */
  readonly comments: readonly Comment[];
}

export const UNKNOWN_GAP: GapWork = {
  status: 'unknown',
  gap: '',
  kind: '',
  subject: '',
  detail: '',
  source: '',
  team: '',
  assignee: null,
  since: '',
  dueAt: '',
  reopened: 0,
  reason: null,
  comments: [],
};

const COMMENTS = 100;

export function evolve(known: GapWork, event: GapEvent): GapWork {
  switch (event.type) {
    case 'GapOpened': {
      const { gap, kind, subject, detail, source, team, since, dueAt } = event;
      return { ...known, status: 'open', gap, kind, subject, detail, source, team, since, dueAt };
    }
    case 'GapReopened': {
      const { detail, team, since, dueAt } = event;
      const status = known.assignee === null ? 'open' : 'taken';
      return { ...known, status, detail, team, since, dueAt, reopened: known.reopened + 1 };
    }
    case 'GapAssigned': {
      const { assignee, reason } = event;
      return { ...known, assignee, reason, status: assignee === null ? 'open' : 'taken' };
    }
    case 'GapCommented': {
      const { by, at, comment } = event;
      return { ...known, comments: [...known.comments, { by, at, text: comment }].slice(-COMMENTS) };
    }
    case 'GapPostponed':
      return { ...known, dueAt: event.dueAt, reason: event.reason };
    case 'GapClosed':
      return { ...known, status: 'closed' };
  }
}

export const stands = ({ status }: GapWork): boolean => status === 'open' || status === 'taken';
