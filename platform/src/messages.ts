import type { ErrorDetail, RejectedStatus } from './errors.ts';

export type Language = 'en' | 'zh';

/** What a person reads: what is wrong and what to do about it. `{name}` is filled from the error's detail. */
export interface Message {
  readonly en: string;
  readonly zh: string;
  readonly status: RejectedStatus | 500 | 502 | 503 | 504;
}

export type Messages = Readonly<Record<string, Message>>;

/** Words for the codes that the platform itself answers with; a service brings its own. */
export const platformMessages = {
  'not-authenticated': {
    status: 401,
    en: 'This needs a signed-in caller. Send a token of the identity service in the Authorization header (Bearer).',
    zh: '此操作需要登录。请在 Authorization 请求头中携带身份服务签发的令牌(Bearer)。',
  },
  'token-expired': {
    status: 401,
    en: 'The token has expired. Sign in again or fetch a new token, then repeat the request.',
    zh: '令牌已过期。请重新登录或获取新令牌后重试。',
  },
  'token-invalid': {
    status: 401,
    en: 'The token is not one of ours for this system ({reason}). Fetch a token from the identity service for the audience lotwarden-api.',
    zh: '令牌无效({reason})。请向身份服务获取受众为 lotwarden-api 的令牌。',
  },
  'permission-missing': {
    status: 403,
    en: 'Your roles do not allow this; it needs the permission {permission}. Ask an administrator for a role that has it.',
    zh: '您的角色无权执行此操作,需要权限 {permission}。请联系管理员分配具有该权限的角色。',
  },
  'device-unknown': {
    status: 403,
    en: 'This is done at a registered device only ({sites}), and this one is not, or was blocked. Use a scanner or terminal of the site, or ask an administrator to register this one.',
    zh: '此操作只能在已登记的设备上进行({sites}),当前设备未登记或已停用。请使用本场所的扫描枪或终端,或请管理员登记该设备。',
  },
  'device-proof-invalid': {
    status: 401,
    en: 'The token belongs to a device, and this request does not prove to come from it: {reason}. Send a fresh DPoP proof with each request; check the clock of the device.',
    zh: '令牌属于某一设备,但请求未能证明来自该设备:{reason}。请为每个请求附上新的 DPoP 证明,并核对设备时钟。',
  },
  'site-not-yours': {
    status: 403,
    en: 'You are bound to {sites} and cannot act at {site}. Ask somebody who works there, or an administrator to widen your sites.',
    zh: '您的权限限于场所 {sites},不能在 {site} 操作。请联系该场所人员,或请管理员扩大您的场所范围。',
  },
  'market-not-yours': {
    status: 403,
    en: 'You are bound to the markets {markets} and cannot act for {market}. Ask somebody who answers for it, or an administrator to widen your markets.',
    zh: '您的权限限于市场 {markets},不能为 {market} 操作。请联系负责该市场的人员,或请管理员扩大您的市场范围。',
  },
  'party-not-ours': {
    status: 403,
    en: 'You act for {party}, and this is for people of our own house. Ask your contact there to do it.',
    zh: '您代表 {party},此操作仅限本企业人员。请联系本企业的对接人办理。',
  },
  'signature-key-revoked': {
    status: 403,
    en: 'The key of this signature of {signer} of {at} was revoked, and no newer key vouches for it. Sign again.',
    zh: '{signer} 于 {at} 所签签名的密钥已被吊销,且无更新密钥为其担保。请重新签署。',
  },
  'signature-of-another-person': {
    status: 403,
    en: 'This was signed by {signer}. Sign it yourself, and send it signed in as the same person.',
    zh: '签署人为 {signer}。请由本人签署并以同一账户提交。',
  },
  'signature-by-author': {
    status: 403,
    en: 'This takes two people: {person} has done what is to be signed, so {signer} cannot sign it. Ask somebody who had no part in it.',
    zh: '此操作须由两人完成:待签内容由 {person} 完成,{signer} 不能签署。请由未参与者签署。',
  },
  'signature-same-person': {
    status: 403,
    en: 'This takes two signatures of two people: {person} has signed already, so {signer} cannot be the second. Ask somebody else.',
    zh: '此操作须由两人签署:{person} 已签署,{signer} 不能作为第二签署人。请由他人签署。',
  },
  'body-too-large': {
    status: 413,
    en: 'The body is larger than {limit}. Split the request, or store the file first and send its reference.',
    zh: '请求正文超过 {limit}。请拆分请求,或先上传文件再引用。',
  },
  'body-incomplete': {
    status: 400,
    en: 'The body broke off, or is not packed as its Content-Encoding says. Send it again.',
    zh: '请求正文中断,或与 Content-Encoding 不符。请重新发送。',
  },
  'body-invalid': {
    status: 400,
    en: 'The body does not fit what this call expects. Each wrong field is listed under "errors"; correct them and send it again.',
    zh: '请求正文不符合要求。错误字段见 "errors",请更正后重新提交。',
  },
  'body-not-json': {
    status: 400,
    en: 'The body is not valid JSON in UTF-8. Check the text and send it again.',
    zh: '请求正文不是有效的 UTF-8 JSON。请检查内容后重新提交。',
  },
  'content-type-unsupported': {
    status: 415,
    en: 'The body must be sent as application/json, not {contentType}. Set the Content-Type header.',
    zh: '请求正文必须为 application/json,而不是 {contentType}。请设置 Content-Type 请求头。',
  },
  'query-invalid': {
    status: 400,
    en: 'The query parameters do not fit. Each wrong one is listed under "errors"; correct them and ask again.',
    zh: '查询参数不符合要求。错误参数见 "errors",请更正后重试。',
  },
  'path-invalid': {
    status: 400,
    en: 'A part of the address does not fit. Each wrong part is listed under "errors"; correct it and ask again.',
    zh: '地址中的参数不符合要求。错误部分见 "errors",请更正后重试。',
  },
  'header-invalid': {
    status: 400,
    en: 'The header {header} does not fit: {expected}. Correct it and send the request again.',
    zh: '请求头 {header} 不符合要求:{expected}。请更正后重新提交。',
  },
  'cursor-invalid': {
    status: 400,
    en: 'The cursor is not one that this list gave out. Start again without a cursor.',
    zh: '游标并非由此列表提供。请去掉游标重新开始。',
  },
  'idempotency-key-invalid': {
    status: 400,
    en: 'The Idempotency-Key must be 1 to 200 visible ASCII characters, for example a UUID. Send the request again with such a key.',
    zh: 'Idempotency-Key 必须为 1 至 200 个可见 ASCII 字符,例如 UUID。请更换后重新提交。',
  },
  'idempotency-key-reused': {
    status: 422,
    en: 'The Idempotency-Key {key} was already used for a different request. Use a new key for a new request.',
    zh: 'Idempotency-Key {key} 已用于另一个不同的请求。新的请求请使用新的键。',
  },
  'idempotency-in-progress': {
    status: 409,
    en: 'The first request with the Idempotency-Key {key} is still running. Wait a moment and repeat it with the same key.',
    zh: '使用 Idempotency-Key {key} 的首次请求仍在处理。请稍候并用同一键重试。',
  },
  'idempotency-already-applied': {
    status: 409,
    en: 'The request with the Idempotency-Key {key} was carried out, but its answer was lost. Do not send it again under a new key; read the record to see the result.',
    zh: '使用 Idempotency-Key {key} 的请求已执行,但其应答已丢失。请勿更换新键重新提交,请读取该记录查看结果。',
  },
  'version-stale': {
    status: 412,
    en: 'The record has changed since you read it. Read it again, look at the change, and repeat with the new ETag.',
    zh: '记录在您读取之后已被修改。请重新读取,确认变更后使用新的 ETag 重试。',
  },
  'version-conflict': {
    status: 409,
    en: 'Several changes met at the same record and yours did not get its turn. Nothing was changed; repeat the request.',
    zh: '同一记录同时发生多个变更,您的变更未能执行。未做任何修改,请重试。',
  },
  'precondition-required': {
    status: 428,
    en: 'This change needs the version you looked at. Read the record and send its ETag in the If-Match header.',
    zh: '此变更需要指明您所看到的版本。请读取记录并在 If-Match 请求头中发送其 ETag。',
  },
  'not-found': {
    status: 404,
    en: 'There is nothing at this address, or nothing you may see. Check the identifier and the path.',
    zh: '该地址不存在内容,或您无权查看。请检查标识和路径。',
  },
  'method-not-allowed': {
    status: 405,
    en: 'This address does not take {method}; it takes {allowed}. See /openapi.json.',
    zh: '该地址不支持 {method},支持:{allowed}。请参阅 /openapi.json。',
  },
  'rate-limited': {
    status: 429,
    en: 'Too many requests from this caller. Wait for the time given in Retry-After, then go on more slowly.',
    zh: '请求过于频繁。请等待 Retry-After 指定的时间后再以较低频率重试。',
  },
  'gate-closed': {
    status: 503,
    en: 'The gate {gate} is not sure that it knows every hold, so it lets nothing pass. Wait until it has caught up; if it stays closed, call operations.',
    zh: '关口 {gate} 无法确认已获知全部冻结指令,因此禁止放行。请等待其同步完成;若持续关闭,请联系运维。',
  },
  'lot-on-hold': {
    status: 409,
    en: 'Lot {lot} is on hold ({hold}). Put it aside in quarantine and ask the recall manager; only a signed release lifts the hold.',
    zh: '批次 {lot} 已冻结({hold})。请将其隔离存放并联系召回负责人;只有签署的解除指令才能解冻。',
  },
  'lot-not-released': {
    status: 409,
    en: 'Lot {lot} is not released for {market}. Ask quality for its release, or choose a released lot.',
    zh: '批次 {lot} 尚未对 {market} 放行。请联系质量部门放行,或选择已放行批次。',
  },
  'unit-not-convertible': {
    status: 422,
    en: 'No exact conversion from {from} to {to} is known. Give the quantity in {to}, or have the conversion recorded for the item.',
    zh: '没有从 {from} 到 {to} 的精确换算。请以 {to} 填写数量,或为该物料登记换算关系。',
  },
  'quantity-invalid': {
    status: 422,
    en: 'The quantity "{value}" is not an exact decimal with at most 9 decimals. Write it like 12.5.',
    zh: '数量 "{value}" 不是最多 9 位小数的精确十进制数。请按 12.5 的格式填写。',
  },
  'serial-invalid': {
    status: 422,
    en: 'The serial "{serial}" does not end in a number. Scan the label again or type the serial as printed.',
    zh: '序列号 "{serial}" 不以数字结尾。请重新扫描标签或按印刷内容输入。',
  },
  'serial-range-invalid': {
    status: 422,
    en: "The serial range does not fit: first and last must be whole numbers of the range's width, first not above last, and enough of them. Check the range.",
    zh: '序列号区间不符合要求:起止号须为该位数内的整数,起号不大于止号,且数量足够。请检查区间。',
  },
  'gs1-key-invalid': {
    status: 422,
    en: 'The GS1 key "{key}" is not made of the digits it needs. Scan the label again or check the company prefix.',
    zh: 'GS1 代码 "{key}" 的数字不符合要求。请重新扫描标签或检查厂商识别代码。',
  },
  'lot-sequence-exhausted': {
    status: 409,
    en: 'Site {site} has used all lot numbers of {date}. Go on tomorrow, or have the coding rule extended.',
    zh: '场所 {site} 在 {date} 的批号已用尽。请次日继续,或扩展编码规则。',
  },
  'saga-step-refuses': {
    status: 409,
    en: 'The step {step} does not take "{signal}". Look where the case stands now and do what this step asks for.',
    zh: '当前步骤 {step} 不接受 "{signal}"。请查看案件当前状态并执行该步骤要求的操作。',
  },
  'service-closed': {
    status: 503,
    en: 'The service {service} is starting, recovering or stopping and takes no requests. Try again in a moment.',
    zh: '服务 {service} 正在启动、恢复或停止,暂不受理请求。请稍后重试。',
  },
  'request-timeout': {
    status: 503,
    en: 'The answer took longer than {seconds} s. The change may still happen: repeat it with the same Idempotency-Key, or read the record first.',
    zh: '处理时间超过 {seconds} 秒。变更仍可能生效:请使用同一 Idempotency-Key 重试,或先读取记录。',
  },
  'hold-id-invalid': {
    status: 422,
    en: 'The hold id "{hold}" has signs that no hold id has. Take the id as the recall case shows it.',
    zh: '冻结编号 "{hold}" 含有无效字符。请使用召回案件中显示的编号。',
  },
  'record-not-signable': {
    status: 422,
    en: 'The record holds something that cannot be written down in one exact way, so it cannot be signed. Tell operations.',
    zh: '该记录包含无法唯一表示的内容,因此无法签署。请联系运维。',
  },
  'signature-invalid': {
    status: 422,
    en: 'The signature does not hold ({reason}). Sign the record again and send the new signature.',
    zh: '签名无效({reason})。请重新签署该记录并提交新的签名。',
  },
  'signature-for-another-record': {
    status: 422,
    en: 'The signature is for {signed}, not for {wanted}. Read the record as it stands now and sign that.',
    zh: '签名针对的是 {signed},而不是 {wanted}。请读取当前记录并对其签署。',
  },
  'signature-meaning-other': {
    status: 422,
    en: 'The signature means "{signed}", but this act needs "{wanted}". Sign again with that meaning.',
    zh: '签名的含义为 "{signed}",而此操作需要 "{wanted}"。请以该含义重新签署。',
  },
  'message-already-handled': {
    status: 409,
    en: 'The message was handled before. Nothing is to be done.',
    zh: '该消息此前已处理。无需任何操作。',
  },
  'parked-message-unknown': {
    status: 409,
    en: 'The message {partition}/{offset} is not the first that waits for the key {key} of {topic}. Read the list of parked messages again and name the one that is first now.',
    zh: '消息 {partition}/{offset} 不是 {topic} 的键 {key} 当前等待的首条消息。请重新读取滞留消息列表并指定当前首条消息。',
  },
  'parked-message-early': {
    status: 409,
    en: 'A message is missing before the first that waits for the key {key} of {topic} ({why}). Have its owner publish the missing one again; then this one follows by itself.',
    zh: '{topic} 的键 {key} 在首条滞留消息之前缺少消息({why})。请由其所有者重新发布缺失的消息,之后会自动继续。',
  },
  'commit-unknown': {
    status: 503,
    en: 'The database broke off while it was storing; the change may or may not be there. Repeat with the same Idempotency-Key, or read the record first.',
    zh: '数据库在保存时中断,变更可能已生效也可能未生效。请使用同一 Idempotency-Key 重试,或先读取记录。',
  },
  'database-unavailable': {
    status: 503,
    en: 'The database does not answer now. Nothing was changed; try again in a moment.',
    zh: '数据库暂无应答。未做任何修改,请稍后重试。',
  },
  'recovery-gap': {
    status: 503,
    en: 'The record {id} is behind what was published and cannot catch up by itself. Operations must restore it; the runbook says how.',
    zh: '记录 {id} 落后于已发布的内容且无法自行恢复。请运维按操作手册恢复。',
  },
  'upstream-unavailable': {
    status: 503,
    en: 'Something this call depends on does not answer now. Nothing is lost; try again in a moment.',
    zh: '此请求所依赖的系统暂无应答。数据没有丢失,请稍后重试。',
  },
  internal: {
    status: 500,
    en: 'A fault on our side; it was logged. Tell operations the request id {requestId}. Repeat a change only with the same Idempotency-Key.',
    zh: '系统内部故障,已记录日志。请将请求编号 {requestId} 告知运维。变更请仅使用同一 Idempotency-Key 重试。',
  },
  'kafka-position-unknown': {
    status: 503,
    en: 'Kafka took a message but did not say where it stands. It is sent again by itself.',
    zh: 'Kafka 已接收消息但未返回位置,系统会自动重发。',
  },
} as const satisfies Messages;

const text = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : JSON.stringify(value);

/** Fills `{name}` from the detail; an unknown name stays visible as it is, so that a forgotten detail is noticed. */
export const fill = (template: string, detail: ErrorDetail): string =>
  template.replaceAll(/\{([a-zA-Z]\w*)\}/g, (whole, name: string) =>
    detail[name] === undefined ? whole : text(detail[name]),
  );
