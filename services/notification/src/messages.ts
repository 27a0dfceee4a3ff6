import type { Messages } from '@lotwarden/platform/messages';

/** What a person reads about a code of this service. */
export const messages = {
  'endpoint-unknown': {
    status: 404,
    en: 'No such endpoint. Register it first (POST /endpoints).',
    zh: '通知接口不存在。请先登记(POST /endpoints)。',
  },
  'endpoint-already-registered': {
    status: 409,
    en: 'Endpoint {endpoint} is registered. To change its secret use the rotation route (POST …/secrets).',
    zh: '通知接口 {endpoint} 已登记。如需更换密钥请使用密钥轮换接口。',
  },
  'endpoint-address-refused': {
    status: 422,
    en: 'This address is not called: it must be https, without credentials, and lead outside. Ask the party for its public address.',
    zh: '该地址不可调用:必须为 https、不含凭据且为外部地址。请向对方索取公网地址。',
  },
  'delivery-unknown': {
    status: 404,
    en: 'Nothing was delivered or tried under this id. List with GET /deliveries?case=…',
    zh: '没有该编号的送达记录。可用 GET /deliveries?case=… 查询。',
  },
  'answer-signature-invalid': {
    status: 401,
    en: 'The answer is not signed with this endpoint’s secret, or its timestamp is older than five minutes. Sign per Standard Webhooks and name the endpoint in X-Endpoint.',
    zh: '答复签名无效或时间戳超过五分钟。请按 Standard Webhooks 规范签名,并在 X-Endpoint 中注明接口。',
  },
  'notice-unknown': {
    status: 404,
    en: 'No such notice or version. Answer the notice and version you were sent.',
    zh: '通知或版本不存在。请按收到的通知及版本答复。',
  },
  'answer-for-another-party': {
    status: 403,
    en: 'This notice was sent to somebody else. Answer your own.',
    zh: '该通知属于其他单位。请答复发给本单位的通知。',
  },
  'answer-does-not-add-up': {
    status: 422,
    en: 'The quantities do not add up to the notice. Correct the answer, or say where the rest is.',
    zh: '答复数量与通知不符。请更正或说明差额去向。',
  },
  'answer-without-lot': {
    status: 422,
    en: 'A lot of the notice is not spoken of. Answer for every lot.',
    zh: '答复缺少通知中的批次。请逐批答复。',
  },
  'lot-not-in-notice': {
    status: 422,
    en: 'The answer names a lot that was not in the notice. Where did it come from?',
    zh: '答复包含通知以外的批次。请说明来源。',
  },
  'serial-not-in-notice': {
    status: 422,
    en: 'The answer names a serial that this party was never sent. Somebody will call.',
    zh: '答复包含未发给该单位的序列号。将有专人联系。',
  },
  'newer-version-exists': {
    status: 422,
    en: 'A newer version of the notice was sent; answer that one too.',
    zh: '通知已有新版本,请一并答复新版本。',
  },
  'no-endpoint': {
    status: 422,
    en: 'The party has no endpoint that takes notices. Call it, and register one.',
    zh: '该单位没有可用的通知接口。请电话联系并登记接口。',
  },
  'endpoint-does-not-answer': {
    status: 422,
    en: 'The endpoint has not taken the notice for too long. Call the party; it is still tried.',
    zh: '接口长时间未接收通知。请电话联系;系统仍在重试。',
  },
  'endpoint-gone': {
    status: 422,
    en: 'The endpoint says that it is gone (410). Call the party and rotate or replace the endpoint.',
    zh: '接口返回已停用(410)。请电话联系并更换接口。',
  },
  'endpoint-secret-unreadable': {
    status: 422,
    en: 'The secret of the endpoint cannot be opened, so nothing can be signed for it. Call the party, and rotate the secret.',
    zh: '接口密钥无法解密,无法签名发送。请电话联系该单位并轮换密钥。',
  },
  'answer-id-reused': {
    status: 422,
    en: 'An answer with this webhook-id was received with another body. Send the corrected answer under a new id.',
    zh: '该 webhook-id 已用于内容不同的答复。请使用新的编号发送更正后的答复。',
  },
  unanswered: {
    status: 422,
    en: 'The party took the notice but has not answered in time. Call it.',
    zh: '该单位已接收通知但未按时答复。请电话联系。',
  },
} as const satisfies Messages;
