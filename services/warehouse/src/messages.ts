import type { Messages } from '@lotwarden/platform/messages';

/** What a person reads about a code of this service. Violations carry the same codes. */
export const messages = {
  'site-unknown': {
    status: 404,
    en: 'No such site. Register it first (POST /sites).',
    zh: '场所不存在。请先登记场所(POST /sites)。',
  },
  'site-already-registered': {
    status: 409,
    en: 'Site {site} is registered with other data. Use another id, or read what is there (GET /sites).',
    zh: '场所 {site} 已用其他资料登记。请改用其他编号,或先查询该场所。',
  },
  'location-already-registered': {
    status: 409,
    en: 'Place {location} is registered as another kind than {kind}. Use another name for the new place.',
    zh: '库位 {location} 已登记为其他类型,而非 {kind}。请为新库位使用其他名称。',
  },
  'lot-unknown': {
    status: 404,
    en: 'The warehouse knows no lot {lot}. Check the number; if it was just received or declared, try again in a moment.',
    zh: '仓库没有批次 {lot} 的记录。请核对批号;如刚刚入库或登记,请稍后重试。',
  },
} as const satisfies Messages;
