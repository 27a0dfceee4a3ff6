import { consumer } from '@lotwarden/platform/consumer';
import type { Notices } from './notice.store.ts';

/** How notices fare: taken, failed, escalated, answered. */
export const noticeDelivery = ({ notices }: { notices: Notices }) =>
  consumer({
    topic: 'notification.delivery.v1',
    group: 'recall.notice',
    on: {
      NoticeDelivered: ({ event }, work) => notices.hear(work, event),
      NoticeDeliveryFailed: ({ event }, work) => notices.hear(work, event),
      NoticeEscalated: ({ event }, work) => notices.hear(work, event),
      NoticeAnswered: ({ event }, work) => notices.hear(work, event),
    },
  });
