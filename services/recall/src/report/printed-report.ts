import type { Quantity } from '@lotwarden/contracts/events';
import type { Part, PrintedDocument, Printing } from '@lotwarden/platform/document';
import type { Report } from './report.ts';

interface Reported {
  readonly report: unknown;
  readonly hash: string;
  readonly signatures: (Part & { readonly kind: 'signatures' })['signatures'];
  readonly closure: { readonly explanation: string | null; readonly extended?: true | undefined } | null;
}

const WORDS = {
  en: {
    title: 'Recall report',
    facts: 'The case',
    case: 'Case',
    subject: 'Subject',
    reason: 'Reason',
    recallClass: 'Class',
    roots: 'What is wrong',
    status: 'State',
    closed: 'closed',
    open: 'open: this is how it stands now',
    grown: 'The scope has grown since this report was signed.',
    explanation: 'Explanation of what nobody can account for',
    complete: 'How complete the scope is',
    whole: 'complete',
    gaps: 'NOT COMPLETE',
    unanswered: 'traceability has not answered yet',
    lots: 'Lots in scope',
    lot: 'Lot',
    item: 'Item',
    quantity: 'Quantity',
    certainty: 'Certainty',
    noLots: 'No lot is in scope.',
    freeze: 'Holds',
    epoch: 'Epoch',
    placed: 'Placed',
    frozen: 'All gates hold it',
    elapsed: 'Milliseconds',
    noFreeze: 'No hold was placed.',
    notices: 'Notices',
    party: 'Party',
    version: 'Version',
    issued: 'Issued',
    delivered: 'Delivered',
    answered: 'Answered',
    noNotices: 'No notice was issued.',
    balance: 'Balance',
    unaccounted: 'Unaccounted',
    noBalance: 'No quantity is known.',
    remainder: 'Nobody can account for',
    nothing: 'nothing',
    findings: 'Findings',
    code: 'Code',
    detail: 'Detail',
    noFindings: 'Nothing was found that needed a person.',
    signatures: 'Signatures',
    hash: 'SHA-256 of the report (RFC 8785)',
  },
  zh: {
    title: '召回报告',
    facts: '案件',
    case: '案件编号',
    subject: '主题',
    reason: '原因',
    recallClass: '级别',
    roots: '问题来源',
    status: '状态',
    closed: '已关闭',
    open: '进行中:以下为当前情况',
    grown: '本报告签署后召回范围已扩大。',
    explanation: '差异说明',
    complete: '范围完整性',
    whole: '完整',
    gaps: '不完整',
    unanswered: '追溯服务尚未答复',
    lots: '召回范围批次',
    lot: '批次',
    item: '物料',
    quantity: '数量',
    certainty: '确定性',
    noLots: '范围内无批次。',
    freeze: '冻结',
    epoch: '轮次',
    placed: '下达时间',
    frozen: '全部关口冻结时间',
    elapsed: '毫秒',
    noFreeze: '未下达冻结。',
    notices: '召回通知',
    party: '相关方',
    version: '版本',
    issued: '发出时间',
    delivered: '送达时间',
    answered: '答复时间',
    noNotices: '未发出通知。',
    balance: '物料平衡',
    unaccounted: '未核实数量',
    noBalance: '无数量信息。',
    remainder: '无法核实的数量',
    nothing: '无',
    findings: '需人工处理的发现',
    code: '代码',
    detail: '说明',
    noFindings: '无需人工处理的发现。',
    signatures: '签名',
    hash: '报告 SHA-256(RFC 8785)',
  },
} as const;

type Words = (typeof WORDS)[keyof typeof WORDS];

/** To the second: the report itself has the rest. */
const time = (at: string | null | undefined): string => (at ? at.replace(/\.\d+Z$/, 'Z') : '');

const amount = (quantity: Quantity | null): string => (quantity ? `${quantity.value} ${quantity.unit}` : '');

/** The report of a case for people to read; what is signed is its canonical JSON, whose hash it carries. */
export function printedReport(shown: Reported, { language }: Printing): PrintedDocument {
  const words = WORDS[language];
  const report = shown.report as Report;
  const { closure, hash, signatures } = shown;
  return {
    title: `${words.title} ${report.case}`,
    parts: [
      facts(report, closure, words),
      ...scope(report, words),
      ...progress(report, words),
      ...balance(report, words),
      { kind: 'signatures', heading: words.signatures, signatures },
      { kind: 'fields', fields: [[words.hash, hash]] },
    ],
    foot: `${report.case} · SHA-256 ${hash.slice(0, 16)}…`,
  };
}

function facts(report: Report, closure: Reported['closure'], words: Words): Part {
  const { case: id, title, reason, launch, roots } = report;
  const grown = closure?.extended ? `; ${words.grown}` : '';
  return {
    kind: 'fields',
    heading: words.facts,
    fields: [
      [words.case, id],
      [words.subject, title],
      [words.reason, reason],
      ...(launch ? [[words.recallClass, launch.recallClass] as const] : []),
      [words.roots, roots.join(', ')],
      [words.status, closure ? `${words.closed}${grown}` : words.open],
      ...(closure?.explanation ? [[words.explanation, closure.explanation] as const] : []),
    ],
  };
}

function scope({ scope: { answer, lots } }: Report, words: Words): Part[] {
  const gaps = answer ? answer.gaps.join('; ') : words.unanswered;
  return [
    { kind: 'fields', fields: [[words.complete, answer?.complete ? words.whole : `${words.gaps}: ${gaps}`]] },
    {
      kind: 'table',
      heading: `${words.lots} (${String(lots.length)})`,
      columns: [words.lot, words.item, words.quantity, words.certainty],
      rows: lots.map(({ lot, item, quantity, certainty }) => [lot, item ?? '', amount(quantity), certainty]),
      none: words.noLots,
    },
  ];
}

function progress({ epochs, notices, findings }: Report, words: Words): Part[] {
  return [
    {
      kind: 'table',
      heading: words.freeze,
      columns: [words.epoch, words.placed, words.frozen, words.elapsed],
      rows: epochs.map(({ epoch, placedAt, frozenAt, elapsedMs }) => [String(epoch), time(placedAt), time(frozenAt), String(elapsedMs ?? '')]), // prettier-ignore
      none: words.noFreeze,
    },
    {
      kind: 'table',
      heading: words.notices,
      columns: [words.party, words.version, words.issued, words.delivered, words.answered],
      rows: notices.map(({ party, version, issuedAt, versions }) => {
        const latest = versions.find((one) => one.version === version);
        const answers = latest?.answers.map(({ answeredAt }) => time(answeredAt)) ?? [];
        return [party, String(version), time(issuedAt), time(latest?.delivered?.at), answers.join(', ')];
      }),
      none: words.noNotices,
    },
    {
      kind: 'table',
      heading: words.findings,
      columns: [words.code, words.subject, words.detail],
      rows: findings.map(({ code, subject, detail }) => [code, subject, detail]),
      none: words.noFindings,
    },
  ];
}

function balance({ balance: { lots, remainder } }: Report, words: Words): Part[] {
  const left = remainder.map(amount).join(', ');
  return [
    {
      kind: 'table',
      heading: words.balance,
      columns: [words.lot, words.unaccounted],
      rows: lots.map(({ lot, buckets }) => [lot, amount(buckets.unaccounted)]),
      none: words.noBalance,
    },
    { kind: 'fields', fields: [[words.remainder, left === '' ? words.nothing : left]] },
  ];
}
