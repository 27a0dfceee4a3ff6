import type { AnswerLine, EventOf } from '@lotwarden/contracts/events';

export type DeliveryEvent = EventOf<'notification.delivery.v1'>;

/** What is known of one version of a notice on its way, in three rungs: taken, escalated to people, answered. */
export interface VersionProgress {
  readonly version: number;
  readonly delivered: { readonly at: string; readonly endpoint: string; readonly attempt: number } | null;
  readonly failures: number;
  readonly escalated: string | null;
  readonly answers: readonly Answer[];
}

export interface Answer {
  readonly respondent: string;
  readonly answeredAt: string;
  readonly late: boolean;
  readonly lines: readonly AnswerLine[];
}

export interface NoticeProgress {
  readonly notice: string;
  readonly case: string;
  readonly party: string;
  readonly versions: readonly VersionProgress[];
}

const fresh = (version: number): VersionProgress => ({
  version,
  delivered: null,
  failures: 0,
  escalated: null,
  answers: [],
});

export function advance(known: NoticeProgress | undefined, event: DeliveryEvent): NoticeProgress {
  const { notice, case: recall, party } = event;
  const versions = known?.versions ?? [];
  const before = versions.find(({ version }) => version === event.version) ?? fresh(event.version);
  const others = versions.filter(({ version }) => version !== event.version);
  const all = [...others, advanceVersion(before, event)].sort((a, b) => a.version - b.version);
  return { notice, case: recall, party, versions: all };
}

function advanceVersion(known: VersionProgress, event: DeliveryEvent): VersionProgress {
  switch (event.type) {
    case 'NoticeDelivered': {
      const { deliveredAt: at, endpoint, attempt } = event;
      return known.delivered ? known : { ...known, delivered: { at, endpoint, attempt } };
    }
    case 'NoticeDeliveryFailed':
      return { ...known, failures: Math.max(known.failures, event.attempt) };
    case 'NoticeEscalated':
      return { ...known, escalated: known.escalated ?? event.reason };
    case 'NoticeAnswered': {
      const { respondent, answeredAt, late, lines } = event;
      const answer = { respondent, answeredAt, late, lines };
      const same = known.answers.some((one) => JSON.stringify(one) === JSON.stringify(answer));
      return same ? known : { ...known, answers: [...known.answers, answer] };
    }
  }
}

export const versionOf = (progress: NoticeProgress | undefined, version: number): VersionProgress =>
  progress?.versions.find((one) => one.version === version) ?? fresh(version);
