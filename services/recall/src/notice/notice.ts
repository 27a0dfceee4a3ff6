import type { EventOf, LotLine } from '@lotwarden/contracts/events';
import { addTold } from './told-goods.ts';

export type NoticeEvent = EventOf<'recall.notice.v1'>;

/** What one party was told in one case. Id: `<case>|<party>`. */
export type Notice =
  | { readonly status: 'unknown' }
  | {
      readonly status: 'open' | 'closed';
      readonly notice: string;
      readonly case: string;
      readonly party: string;
      readonly version: number;
      /** Of the latest version. */
      readonly lines: readonly LotLine[];
      /** All goods that any version named, with the largest quantity told per lot. */
      readonly told: readonly LotLine[];
      readonly issuedAt: string;
      readonly answerBy: string;
      /** Why nothing more is asked. */
      readonly reason: string | null;
    };
export type IssuedNotice = Exclude<Notice, { status: 'unknown' }>;

export const NO_NOTICE: Notice = { status: 'unknown' };

export function evolve(notice: Notice, event: NoticeEvent): Notice {
  switch (event.type) {
    case 'NoticeIssued': {
      const { notice: id, case: recall, party, version, lines, issuedAt, answerBy } = event;
      const told = notice.status === 'unknown' ? lines : addTold(notice.told, lines);
      return {
        status: 'open',
        notice: id,
        case: recall,
        party,
        version,
        lines,
        told,
        issuedAt,
        answerBy,
        reason: null,
      };
    }
    case 'NoticeClosed':
      return notice.status === 'unknown' ? notice : { ...notice, status: 'closed', reason: event.reason };
  }
}

export const noticeId = (recall: string, party: string): string => `${recall}|${party}`;
