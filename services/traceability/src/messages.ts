import type { Messages } from '@lotwarden/platform/messages';

export const messages = {
  'lot-unknown': {
    status: 404,
    en: 'No lot is known by the name {lot}. Check the spelling, or find it with /search?q=.',
    zh: '没有名为 {lot} 的批次。请检查拼写,或通过 /search?q= 查找。',
  },
  'lot-ambiguous': {
    status: 409,
    en: 'The name {lot} belongs to several lots: {lots}. Ask again with one of these ids.',
    zh: '名称 {lot} 对应多个批次:{lots}。请使用其中一个标识重新查询。',
  },
  'custodian-unknown': {
    status: 404,
    en: 'Nothing was ever sent to or held by {custodian}. Check the party id, or ask field for the party.',
    zh: '没有任何货物曾发往或存放于 {custodian}。请检查机构编号,或向外勤服务查询该机构。',
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
} as const satisfies Messages;
