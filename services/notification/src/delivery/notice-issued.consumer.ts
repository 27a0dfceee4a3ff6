import { consumer } from '@lotwarden/platform/consumer';
import type { Deps } from '@lotwarden/platform/service';
import { DUE, NOTICES, type House } from '../house.ts';
import { deliveryId } from './delivery.ts';
import { spreadOver } from './spread.store.ts';

/** Every version of a notice is to be delivered; a newer version takes the place of what was not taken yet. */
export const noticeIssued = (house: House, { clock, wake }: Pick<Deps, 'clock' | 'wake'>) =>
  consumer({
    topic: 'recall.notice.v1',
    group: 'notification.delivery',
    on: {
      NoticeIssued: async ({ event, trace }, work) => {
        const { due } = house;
        const { notice, version, party } = event;
        const id = deliveryId(notice, version);
        const older = await due.find({ notice, version: { $lt: version } }).toArray();
        for (const { _id } of older) work.remove(DUE, _id);
        work.replace(NOTICES, { _id: id, issued: event, trace: trace ?? null });
        const now = clock.now();
        const told = { delivery: id, notice, version, party, now, ifNone: now };
        const { reachable, sends } = await spreadOver(house, work, told);
        // Only a hint, and perhaps before the commit: what it misses, the job finds.
        for (const one of reachable ? sends : [id]) void wake('deliver', one, { delay: 20, trace });
      },
      NoticeClosed: async ({ event: { notice } }, work) => {
        for (const { _id } of await house.due.find({ notice }).toArray()) work.remove(DUE, _id);
      },
    },
  });
