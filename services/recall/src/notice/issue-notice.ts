import type { LotLine } from '@lotwarden/contracts/events';
import { Rejected } from '@lotwarden/platform/errors';
import type { Launch, OpenedCase, RecallClass } from '../case/case.ts';
import { noticeId, type IssuedNotice, type Notice, type NoticeEvent } from './notice.ts';
import { hasUntold, inOrder } from './told-goods.ts';

/** Hours within which a party has to answer, per class: data of the installation, not of the code. */
export type AnswerHours = Readonly<Record<RecallClass, number>>;

export interface IssueNotice {
  readonly recall: OpenedCase & { readonly launch: Launch };
  readonly party: string;
  /** All that the party has of the scope now, and nothing of anybody else. */
  readonly lines: readonly LotLine[];
  readonly now: string;
  readonly answerHours: AnswerHours;
}

/**
 * Tells a party about its own goods; a new version, with the whole current list, when it has some it was not told of.
 * Someone who gave everything back before being told is not told.
 */
export function issueNotice(notice: Notice, { recall, party, lines, now, answerHours }: IssueNotice): NoticeEvent[] {
  if (lines.length === 0) return [];
  if (notice.status !== 'unknown' && !hasUntold(notice.told, lines)) return [];
  const { recallClass, instructions, instructionsZh } = recall.launch;
  const answerBy = new Date(Date.parse(now) + answerHours[recallClass] * 3_600_000).toISOString();
  return [
    {
      type: 'NoticeIssued',
      notice: noticeId(recall.case, party),
      version: notice.status === 'unknown' ? 1 : notice.version + 1,
      case: recall.case,
      party,
      recallClass,
      title: recall.title,
      instructions,
      instructionsZh,
      lines: inOrder(lines),
      issuedAt: now,
      answerBy,
    },
  ];
}

/** Only an answer to the latest version closes a notice (correctness rule 28). */
export const closeAnswered = (notice: Notice, version: number): NoticeEvent[] =>
  notice.status === 'open' && notice.version === version
    ? [{ type: 'NoticeClosed', notice: notice.notice, reason: 'answered' }]
    : [];

/** A person ends the chase of somebody whom nobody reached; only where that was escalated, and with a reason. */
export function closeEscalated(notice: Notice, escalated: boolean, reason: string): NoticeEvent[] {
  const { status, notice: id } = issued(notice);
  if (status === 'closed') return [];
  if (!escalated) throw new Rejected('notice-not-escalated', { notice: id });
  return [{ type: 'NoticeClosed', notice: id, reason }];
}

export function issued(notice: Notice): IssuedNotice {
  if (notice.status === 'unknown') throw new Rejected('notice-unknown');
  return notice;
}
