import type { Messages } from '@lotwarden/platform/messages';

/** What a person reads about a code of this service. */
export const messages = {
  'party-unknown': {
    status: 404,
    en: 'No such party. Register it first (POST /parties).',
    zh: '往来单位不存在。请先登记(POST /parties)。',
  },
  'party-already-registered': {
    status: 409,
    en: 'Party {party} is registered. Read it there (GET /parties/…).',
    zh: '往来单位 {party} 已登记。请先查询。',
  },
  'party-without-contact': {
    status: 422,
    en: 'Party {party} has nobody to call: give at least one contact with a mail address or telephone.',
    zh: '往来单位 {party} 没有联系方式:请至少提供一名带邮箱或电话的联系人。',
  },
  'custody-negative': {
    status: 422,
    en: 'More left the party than it was known to hold. Check earlier shipments and returns.',
    zh: '离开数量超过已知持有量。请核对之前的发货与退货。',
  },
  'serial-not-in-custody': {
    status: 422,
    en: 'A serial left a party that was not known to hold it. Ask where it came from.',
    zh: '序列号不在该单位持有范围内。请查明来源。',
  },
  'serial-used-before': {
    status: 422,
    en: 'A serial moved that was reported as used. One of the two reports is wrong.',
    zh: '已登记使用的序列号发生移动。两份报告必有一误。',
  },
  'epcis-unit-unknown': {
    status: 409,
    en: 'Event {eventId} speaks of unit {serial} of {gtin}, which nobody was known to hold yet. It is tried again by itself; if it stays, ask who shipped it.',
    zh: '事件 {eventId} 涉及 {gtin} 的单件 {serial},尚无已知持有方。系统会自动重试;若持续出现,请查明由谁发出。',
  },
} as const satisfies Messages;
