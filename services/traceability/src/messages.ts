import type { Messages } from '@lotwarden/platform/messages';

export const messages = {
  'lot-unknown': {
    status: 404,
    en: 'No lot is known by the name {lot}. Check the spelling, or find it with /search?q=.',
    zh: '没有名为 {lot} 的批次。请检查拼写,或通过 /search?q= 查找。',
  },
  'lot-unknown-then': {
    status: 404,
    en: 'Until {asOf} nobody had told of a lot by the name {lot}. Ask as of a later moment, or without asOf to see what it means now.',
    zh: '截至 {asOf},尚无任何记录使用批次名称 {lot}。请改用更晚的时刻,或不带 asOf 查询其当前含义。',
  },
  'lot-ambiguous': {
    status: 409,
    en: 'The name {lot} belongs to several lots: {lots}. Ask again with one of these ids.',
    zh: '名称 {lot} 对应多个批次:{lots}。请使用其中一个标识重新查询。',
  },
  'search-too-many': {
    status: 413,
    en: 'At most {limit} different identifiers are looked up at a time, and there are more. Split the list, or search by a prefix.',
    zh: '一次最多查找 {limit} 个不同的标识。请拆分列表,或按前缀查找。',
  },
  'aggregate-too-large': {
    status: 413,
    en: 'After {lots} lots it was not done. Ask for it as CSV (?format=csv), which takes the time it needs, or for fewer lots: a trace, or a list.',
    zh: '已汇总 {lots} 个批次仍未完成。请以 CSV 方式获取(?format=csv,不限时间),或缩小范围(追溯结果或批次列表)。',
  },
  'operation-unknown': {
    status: 404,
    en: 'No operation is known by the id {operation}. Find it with /search?q=, by its work order or the number MES gave it.',
    zh: '没有编号为 {operation} 的工序。请通过 /search?q= 按工单或 MES 编号查找。',
  },
  'roots-unknown': {
    status: 404,
    en: '{count} of {of} roots are known to nobody: {unknown}. Check them, or ask again with skipUnknown to trace the others.',
    zh: '{of} 个起点中有 {count} 个未知:{unknown}。请核对,或使用 skipUnknown 追溯其余起点。',
  },
  'lot-not-in-trace': {
    status: 404,
    en: 'The lot {lot} is not in the trace {trace}. GET /traces/{trace}/lots lists those that are.',
    zh: '批次 {lot} 不在追溯结果 {trace} 中。可通过 GET /traces/{trace}/lots 查看。',
  },
  'unit-not-in-trace': {
    status: 404,
    en: 'The lot {lot} is in the trace {trace}, its unit {serial} is not. GET /traces/{trace}/serials lists those that are; where units of several products are in the lot, name the GTIN too.',
    zh: '批次 {lot} 在追溯结果 {trace} 中,但其单件 {serial} 不在。可通过 GET /traces/{trace}/serials 查看;若该批次含多种产品的单件,请同时提供 GTIN。',
  },
  'custodian-unknown': {
    status: 404,
    en: 'Nothing was ever sent to or held by {custodian}. Check the party id, or ask field for the party.',
    zh: '没有任何货物曾发往或存放于 {custodian}。请检查机构编号,或向外勤服务查询该机构。',
  },
  'container-unknown': {
    status: 404,
    en: 'Nothing was ever recorded of the container {container}. Check its SSCC or id, or find it with /search?q=.',
    zh: '没有关于容器 {container} 的任何记录。请检查其 SSCC 或编号,或通过 /search?q= 查找。',
  },
  'serial-unknown': {
    status: 404,
    en: 'No lot ever had the unit {serial} of {gtin}. Check the text and the GTIN, or find it with /search?q=.',
    zh: '没有批次包含 {gtin} 的序列号 {serial}。请检查序列号和 GTIN,或通过 /search?q= 查找。',
  },
  'past-too-large': {
    status: 413,
    en: 'The answer would take in more than {limit} facts. Ask from fewer roots, or backward; pastFacts sets the limit.',
    zh: '该回答涉及超过 {limit} 条事实。请减少起点或改为反向追溯;上限由 pastFacts 设置。',
  },
  'moments-out-of-order': {
    status: 400,
    en: 'The first moment {from} is after the second {to}. Ask the other way round.',
    zh: '起始时刻 {from} 晚于结束时刻 {to}。请交换后重新查询。',
  },
  'sequence-unknown': {
    status: 404,
    en: 'The question {question} has not said number {sequence} yet; its last is {last}. Ask with one of 0 to {last}.',
    zh: '问题 {question} 尚无序号 {sequence},最新为 {last}。请使用 0 到 {last} 之间的序号。',
  },
  'gap-unknown': {
    status: 404,
    en: 'There is no gap {gap} in the worklist. GET /gaps lists those that there are.',
    zh: '工作清单中没有缺口 {gap}。可通过 GET /gaps 查看。',
  },
  'gap-closed': {
    status: 409,
    en: 'What was missing by {gap} is there by now; nothing is left to do. If it comes back, so does the gap.',
    zh: '缺口 {gap} 所缺数据已补齐,无需处理;若再次缺失,缺口会重新打开。',
  },
  'gap-due-in-past': {
    status: 400,
    en: 'The gap {gap} cannot be due at {dueAt}: that is past. Give a later moment.',
    zh: '缺口 {gap} 的期限 {dueAt} 已过。请提供更晚的时间。',
  },
  'standing-question-unknown': {
    status: 404,
    en: 'Nobody registered the question {question}. Register it with POST /standing-questions.',
    zh: '问题 {question} 未登记。请通过 POST /standing-questions 登记。',
  },
  'standing-question-closed': {
    status: 409,
    en: 'The question {question} is closed and is not evaluated any more. Register a new one under another name.',
    zh: '问题 {question} 已关闭,不再评估。请以其他名称登记新问题。',
  },
  'standing-question-of-recall': {
    status: 403,
    en: 'The question {question} belongs to a recall: only the recall service widens or closes it. Work on the case itself, or ask under another name.',
    zh: '问题 {question} 属于召回:只有召回服务可以扩大或关闭。请在召回案中处理,或换用其他名称。',
  },
  'not-caught-up': {
    status: 503,
    en: 'This replica has not read far enough yet: {behind}. Nothing is lost; ask again in a moment.',
    zh: '此副本尚未读取到所需位置:{behind}。数据没有丢失,请稍后重试。',
  },
  'graph-unavailable': {
    status: 503,
    en: 'The genealogy of this replica is being rebuilt. Ask again in a moment, or ask another replica.',
    zh: '此副本的谱系正在重建。请稍后重试,或查询其他副本。',
  },
  'graph-busy': {
    status: 503,
    en: 'Too many long questions are being answered right now. Ask again after the seconds that Retry-After says, limit it with hops, or ask another replica.',
    zh: '当前正在回答的长查询过多。请按 Retry-After 指定的秒数后重试,用 hops 限制范围,或查询其他副本。',
  },
  'trace-not-kept': {
    status: 404,
    en: 'The trace {trace} is not kept any more, or never was. Traces are kept for ten minutes; ask again with POST /traces.',
    zh: '追溯结果 {trace} 已不再保存或不存在。结果保存十分钟,请通过 POST /traces 重新查询。',
  },
  'epcis-document-invalid': {
    status: 400,
    en: 'This is no valid EPCIS 2.0 document or event. What is wrong stands under "errors"; correct it and capture it again.',
    zh: '这不是有效的 EPCIS 2.0 文档或事件。错误见 "errors",请更正后重新采集。',
  },
  'epcis-body-not-json': {
    status: 400,
    en: 'The body is not valid JSON in UTF-8. EPCIS 2.0 is captured as JSON-LD; XML is not taken. Check the text and send it again.',
    zh: '请求正文不是有效的 UTF-8 JSON。EPCIS 2.0 以 JSON-LD 采集,不接受 XML。请检查后重新提交。',
  },
  'epcis-token-invalid': {
    status: 400,
    en: 'The nextPageToken is not one of this query. Follow the Link header of the page before, or begin without a token.',
    zh: 'nextPageToken 不属于此查询。请使用上一页 Link 头中的地址,或不带该参数重新查询。',
  },
  'epcis-capture-too-large': {
    status: 413,
    en: 'The document has {found} events; one capture takes at most {limit}. Split it and capture the parts.',
    zh: '文档包含 {found} 个事件,单次采集最多 {limit} 个。请拆分后分别采集。',
  },
  'epcis-party-missing': {
    status: 403,
    en: 'The account {caller} may capture events, but not whose: it is bound to no party. An administrator gives it its party.',
    zh: '账户 {caller} 可采集事件,但未绑定所属机构。请由管理员为其指定机构。',
  },
  'epcis-captures-running': {
    status: 429,
    en: '{running} of your captures are not done yet; at most {limit} may wait. GET /epcis/capture shows them; go on when some are done.',
    zh: '您有 {running} 个采集作业尚未完成,最多允许 {limit} 个。请通过 GET /epcis/capture 查看,待部分完成后继续。',
  },
  'epcis-event-duplicate': {
    status: 409,
    en: 'An event with the eventID {eventID} was captured before. If it is the same, nothing is left to do; a correction is a new event with an errorDeclaration.',
    zh: 'eventID 为 {eventID} 的事件已采集。若内容相同则无需处理;更正请提交带 errorDeclaration 的新事件。',
  },
  'epcis-not-acceptable': {
    status: 406,
    en: 'The header {header} asks for {sent}; this system speaks {spoken}. Leave the header out or ask for that.',
    zh: '请求头 {header} 要求 {sent},本系统支持 {spoken}。请去掉该请求头或改用支持的值。',
  },
  'epcis-urn-unknown': {
    status: 406,
    en: 'The id {id} cannot be said as an EPC URN: nobody told this system the length of its company prefix. Ask for Always_GS1_Digital_Link or No_Preference, or have the prefix configured.',
    zh: '标识 {id} 无法转换为 EPC URN:系统未配置其厂商识别代码的长度。请改用 Always_GS1_Digital_Link 或 No_Preference,或配置该厂商识别代码。',
  },
  'epcis-parameter-unsupported': {
    status: 501,
    en: 'The query parameter {parameter} is not supported. docs/epcis.md lists those that are; leave it out or ask for it.',
    zh: '不支持查询参数 {parameter}。支持的参数见 docs/epcis.md,请去掉该参数。',
  },
  'epcis-parameter-invalid': {
    status: 400,
    en: 'The query parameter {parameter} needs {expected}. Correct it and ask again.',
    zh: '查询参数 {parameter} 需要 {expected}。请更正后重试。',
  },
  'epcis-result-too-large': {
    status: 413,
    en: 'More than {limit} events answer this query, the most that maxEventCount allows. Narrow the query, or page through it without maxEventCount.',
    zh: '结果超过 maxEventCount 允许的 {limit} 个事件。请缩小查询范围,或去掉 maxEventCount 分页读取。',
  },
  'epcis-query-exists': {
    status: 409,
    en: 'There is a query called {query}. Choose another name, or delete that one first.',
    zh: '名为 {query} 的查询已存在。请更换名称,或先删除原查询。',
  },
  'epcis-query-unknown': {
    status: 404,
    en: 'There is no query called {query}. GET /epcis/queries lists those that there are.',
    zh: '不存在名为 {query} 的查询。可通过 GET /epcis/queries 查看。',
  },
  'epcis-subscription-invalid': {
    status: 400,
    en: 'The subscription needs {why}. Correct it and subscribe again.',
    zh: '订阅需要满足:{why}。请更正后重新订阅。',
  },
  'epcis-resource-unknown': {
    status: 404,
    en: 'There is no {resource} that this caller may see. Check the id.',
    zh: '不存在本调用方可见的 {resource}。请检查标识。',
  },
} as const satisfies Messages;
