import type { Messages } from '@lotwarden/platform/messages';

/** What a person reads about a code of this service; findings carry the same codes. */
export const messages = {
  'recall-case-unknown': {
    status: 404,
    en: 'No such recall case. List them (GET /cases) or draft one (POST /cases).',
    zh: '召回不存在。请查询召回列表(GET /cases)或起草召回(POST /cases)。',
  },
  'recall-case-already-drafted': {
    status: 409,
    en: 'Case {case} is drafted already. Draft another one.',
    zh: '召回 {case} 已起草。请另行起草。',
  },
  'recall-roots-missing': {
    status: 422,
    en: 'A recall needs at least one lot to start from. Name the lots that are suspected.',
    zh: '召回至少需要一个源批次。请填写可疑批次。',
  },
  'recall-case-already-launched': {
    status: 409,
    en: 'Case {case} is launched already. Read it (GET /cases/{case}); what it covers grows by itself.',
    zh: '召回 {case} 已启动。请查询该召回(GET /cases/{case});其范围会自动扩大。',
  },
  'recall-case-not-launched': {
    status: 409,
    en: 'Case {case} is a draft. Launch it before closing it.',
    zh: '召回 {case} 仍为草稿。请先启动再关闭。',
  },
  'recall-case-closed': {
    status: 409,
    en: 'Case {case} is closed. Draft a new one; what is held stays held.',
    zh: '召回 {case} 已关闭。请另行起草;已冻结的批次仍保持冻结。',
  },
  'recall-not-contained': {
    status: 409,
    en: 'Case {case} is not contained yet: gates or the genealogy are still working. See what it waits for (GET /cases/{case}).',
    zh: '召回 {case} 尚未收敛:关口或谱系仍在处理。请查看等待对象(GET /cases/{case})。',
  },
  'custodians-untold': {
    status: 409,
    en: 'Some custodians of {case} have goods in scope that no notice names yet: {custodians}. Their notices go out by themselves; look at GET /cases/{case}/notices and try again. If none comes, call operations.',
    zh: '召回 {case} 有持有方的在范围货物尚未列入通知:{custodians}。通知将自动发出,请查看 GET /cases/{case}/notices 后重试;如仍未发出,请联系运维。',
  },
  'notices-unanswered': {
    status: 409,
    en: 'Some notices of {case} are not answered at their latest version: {notices}. Call these parties, or end the chase of an escalated one with a reason.',
    zh: '召回 {case} 有通知的最新版本尚未答复:{notices}。请联系相关方,或对已升级的通知注明原因后结案。',
  },
  'remainder-unexplained': {
    status: 422,
    en: 'The balance leaves a remainder. Find the goods, or explain it: the explanation is signed with the report.',
    zh: '物料平衡存在差异。请查找货物,或说明原因;说明将随报告一并签署。',
  },
  'hold-unknown': {
    status: 404,
    en: 'No such hold. A case names its hold (GET /cases).',
    zh: '冻结不存在。召回信息中列有冻结编号(GET /cases)。',
  },
  'lot-not-held': {
    status: 409,
    en: 'Lot {lot} is not held by {hold}. Check lot and hold; another hold may be the one that stops it.',
    zh: '批次 {lot} 未被 {hold} 冻结。请核对批次与冻结编号;可能由其他冻结限制。',
  },
  'hold-still-growing': {
    status: 409,
    en: 'Hold {hold} has changed since ({lot}). Look at it again and have the new record signed.',
    zh: '冻结 {hold} 已发生变化({lot})。请重新评审并签署新记录。',
  },
  'two-signers-needed': {
    status: 422,
    en: 'A release takes the signatures of two different people. Have a second person sign the same record.',
    zh: '解除冻结需要两位不同人员签署。请由第二人签署同一记录。',
  },
  'operation-not-reviewed': {
    status: 422,
    en: 'Lot {lot} is in scope through operation {operation}, which is not among those reviewed. Review it and have it signed.',
    zh: '批次 {lot} 因工序 {operation} 纳入范围,而该工序未经评审。请评审后重新签署。',
  },
  'notice-unknown': {
    status: 404,
    en: 'No such notice. Read the notices of the case (GET /cases/…/notices).',
    zh: '通知不存在。请查询该召回的通知(GET /cases/…/notices)。',
  },
  'notice-not-escalated': {
    status: 409,
    en: 'Notice {notice} is still being delivered or waits for its answer. Only an escalated one is ended by a person.',
    zh: '通知 {notice} 仍在送达或等待答复。只有已升级的通知可人工结案。',
  },

  'root-unknown': {
    status: 422,
    en: 'Nobody has declared this lot yet. It is held under a placeholder; check the name.',
    zh: '尚无人申报该批次,已按占位批次冻结。请核对名称。',
  },
  'question-unanswered': {
    status: 422,
    en: 'Traceability does not answer. Roots are held; the scope is not known until it does. Call operations.',
    zh: '追溯服务未响应。源批次已冻结,范围待其恢复后确定。请联系运维。',
  },
  'freeze-overdue': {
    status: 422,
    en: 'The gates named have not acknowledged the hold. Stop these areas by phone and call operations.',
    zh: '所列关口尚未确认冻结。请电话停止相关区域并联系运维。',
  },
  'drain-overdue': {
    status: 422,
    en: 'The gates named hold the lots, but have not handled all they had heard before. Call operations.',
    zh: '所列关口已冻结,但尚未处理完此前收到的消息。请联系运维。',
  },
  'fixpoint-overdue': {
    status: 422,
    en: 'Traceability cannot say yet whether more is affected. Look at its gaps; call operations.',
    zh: '追溯服务尚不能确定是否还有受影响批次。请查看缺口并联系运维。',
  },
  'acknowledgement-not-counted': {
    status: 422,
    en: 'A gate acknowledged something else than the manifest says. Treat its area as not frozen; call operations.',
    zh: '关口确认内容与清单不符。请视该区域为未冻结并联系运维。',
  },
  'gate-restored': {
    status: 422,
    en: 'The database of a gate was restored; what it had acknowledged is void. Check what left that area meanwhile.',
    zh: '关口数据库已恢复,原确认作废。请检查期间流出的货物。',
  },
  'held-lot-left': {
    status: 422,
    en: 'A held lot left all the same. Call carrier and consignee; the notice goes out by itself.',
    zh: '被冻结批次仍已发出。请联系承运方与收货方;通知将自动发出。',
  },
  'extended-after-close': {
    status: 422,
    en: 'A late fact widened a closed case. The lots are held and their holders told; decide whether to open a new case.',
    zh: '迟到事实扩大了已关闭召回的范围。相关批次已冻结并通知;请决定是否另开召回。',
  },
  'answer-late': {
    status: 422,
    en: 'The answer came after its time. Note it; ask why if it repeats.',
    zh: '答复超过期限。请记录;如反复发生请查明原因。',
  },
  'answer-to-old-version': {
    status: 422,
    en: 'The answer speaks of an older version of the notice. Ask the party to answer the latest one.',
    zh: '答复针对旧版通知。请要求其答复最新版本。',
  },
  'answer-to-unknown-notice': {
    status: 422,
    en: 'An answer names a notice nobody sent. Find out who answered.',
    zh: '答复所指通知不存在。请查明答复方。',
  },
  'answer-does-not-add-up': {
    status: 422,
    en: 'What the party accounts for is not what it was told it has. Call it and compare lot by lot.',
    zh: '答复数量与通知数量不符。请联系该方逐批核对。',
  },
  'serial-never-shipped-to-party': {
    status: 422,
    en: 'The party names serials that never came to it. Find out how it got them: diversion, swap or typing error.',
    zh: '答复中的序列号从未发往该方。请查明来源:窜货、调换或录入错误。',
  },
} as const satisfies Messages;
