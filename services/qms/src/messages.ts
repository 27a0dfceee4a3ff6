import type { Messages } from '@lotwarden/platform/messages';

/** What a person reads about a code of this service. */
export const messages = {
  'inspection-unknown': {
    status: 404,
    en: 'No such inspection. List those of a lot with GET /inspections?lot=…',
    zh: '检验不存在。可用 GET /inspections?lot=… 查询批次的检验。',
  },
  'inspection-already-decided': {
    status: 409,
    en: 'Inspection {inspection} is decided ({verdict}); that stands. Open a nonconformance if it was wrong.',
    zh: '检验 {inspection} 已判定({verdict}),不可更改。如有误请开立不合格。',
  },
  'inspection-not-passed': {
    status: 409,
    en: 'Results are missing or out of limits; the inspection cannot accept. Report what is missing, or reject.',
    zh: '检验结果缺失或超限,不能判定合格。请补充结果或判定不合格。',
  },
  'characteristic-not-specified': {
    status: 422,
    en: 'The result is for a characteristic the specification does not have. Correct it in the laboratory system.',
    zh: '结果对应的特性不在规格中。请在实验室系统更正。',
  },
  'result-against-decision': {
    status: 422,
    en: 'A result out of limits came after the lot was accepted. Open a nonconformance and consider a hold.',
    zh: '批次判定合格后收到超限结果。请开立不合格并考虑冻结。',
  },
  'nonconformance-unknown': {
    status: 404,
    en: 'No such nonconformance. Check the number.',
    zh: '不合格记录不存在。请核对编号。',
  },
  'nonconformance-already-closed': {
    status: 409,
    en: 'Nonconformance {nonconformance} is closed. Open a new one.',
    zh: '不合格 {nonconformance} 已关闭。请另行开立。',
  },
  'disposition-needs-approval': {
    status: 422,
    en: 'Disposition {disposition} needs an approval, which this version does not offer yet. Choose rework, scrap or return to supplier.',
    zh: '处置方式 {disposition} 需要审批,当前版本暂不支持。请选择返工、报废或退回供应商。',
  },
  'complaint-unknown': { status: 404, en: 'No such complaint. Check the number.', zh: '投诉不存在。请核对编号。' },
  'lot-not-ready-for-release': {
    status: 409,
    en: 'Lot {lot} cannot be released yet: {missing}. Complete what is missing (GET /lots/…/release-readiness).',
    zh: '批次 {lot} 尚不能放行:{missing}。请补齐缺项(GET /lots/…/release-readiness)。',
  },
  'lot-unknown': {
    status: 404,
    en: 'Nothing is known of this lot. Check the number; one that receiving or production has just declared is known in a moment.',
    zh: '未知批次。请核对批号;收货或生产刚申报的批次稍后即可查询。',
  },
  'lot-not-finished-goods': {
    status: 409,
    en: 'Only lots of finished goods are released.',
    zh: '只有成品批次可以放行。',
  },
  'inspection-not-accepted': {
    status: 409,
    en: 'The final inspection has not accepted the lot.',
    zh: '成品检验未合格。',
  },
  'label-check-missing': {
    status: 409,
    en: 'No passed label check is recorded (21 CFR 820.45). Record it in serialization.',
    zh: '缺少合格的标签检查记录。请在赋码服务中登记。',
  },
  'nonconformance-open': {
    status: 409,
    en: 'A nonconformance of the lot is open. Close it first.',
    zh: '批次存在未关闭的不合格。请先关闭。',
  },
} as const satisfies Messages;
