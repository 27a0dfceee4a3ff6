import type { Messages } from '@lotwarden/platform/messages';

export const messages = {
  'service-unknown': {
    status: 404,
    en: 'There is no service "{service}". The list is at /openapi.',
    zh: '不存在服务 "{service}"。服务列表见 /openapi。',
  },
  'service-unreachable': {
    status: 502,
    en: 'The service {service} cannot be reached now. A read may be repeated at once; repeat a change only with the same Idempotency-Key.',
    zh: '服务 {service} 暂时无法访问。查询可立即重试;变更请仅使用同一 Idempotency-Key 重试。',
  },
  'service-slow': {
    status: 504,
    en: 'The service {service} did not answer in time. The change may still happen: repeat it with the same Idempotency-Key, or read the record first.',
    zh: '服务 {service} 未在规定时间内应答。变更仍可能生效:请使用同一 Idempotency-Key 重试,或先读取记录。',
  },
} as const satisfies Messages;
