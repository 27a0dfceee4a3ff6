import { consumer } from '@lotwarden/platform/consumer';
import type { Deps } from '@lotwarden/platform/service';
import { DUE, NOTICES, type House } from '../house.ts';
import { deliveryId } from './delivery.ts';

/** Every version of a notice is to be delivered; a newer version takes the place of what was not taken yet. */
export const noticeIssued = ({ due }: Pick<House, 'due'>, { clock, wake }: Pick<Deps, 'clock' | 'wake'>) =>
  consumer({
    topic: 'recall.notice.v1',
    group: 'notification.delivery',
    on: {
      NoticeIssued: async ({ event, trace }, work) => {
        const { notice, version } = event;
        const id = deliveryId(notice, version);
        const older = await due.find({ notice, version: { $lt: version } }).toArray();
        for (const { _id } of older) work.remove(DUE, _id);
        work.replace(NOTICES, { _id: id, issued: event, trace: trace ?? null });
        const now = clock.now();
        work.replace(DUE, { _id: id, step: 'send', dueAt: now, leasedUntil: now, notice, version });
        // Only a hint, and perhaps before the commit: what it misses, the job finds.
        void wake('deliver', id, { delay: 20 });
      },
      NoticeClosed: async ({ event: { notice } }, work) => {
        for (const { _id } of await due.find({ notice }).toArray()) work.remove(DUE, _id);
      },
    },
  });
