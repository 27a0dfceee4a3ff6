import type { Invariant, Violator } from '@lotwarden/platform/service';
import { deliveryId } from './delivery/delivery.ts';
import type { House } from './house.ts';

/** Still being tried is fine; forgotten is not. */
export async function everyNoticeGoesOn({ notices, deliveries, due }: House): Promise<readonly Invariant[]> {
  const newest = notices.aggregate<{ _id: string; version: number }>([
    { $group: { _id: '$issued.notice', version: { $max: '$issued.version' } } },
  ]);
  const violators: Violator[] = [];
  for await (const { _id: notice, version } of newest) {
    const id = deliveryId(notice, version);
    const state = (await deliveries.get(id))?.state;
    const told = state !== undefined && (state.deliveredAt !== null || state.escalations.length > 0);
    if (!told && !(await due.findOne({ _id: id }))) violators.push({ subject: id, detail: 'neither told nor due' });
  }
  return [{ invariant: 'every-notice-delivered-or-escalated-or-due', violators }];
}
