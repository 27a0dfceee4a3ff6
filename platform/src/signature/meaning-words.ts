/** What a signature means, in words of a person (21 CFR 11.50(a)(3)); wherever one is shown, these stand beside the code. */
export const MEANING_WORDS: Readonly<Record<string, { readonly en: string; readonly zh: string }>> = {
  review: { en: 'Reviewed', zh: '已评审' },
  release: { en: 'Approved for release', zh: '批准放行' },
  'decide-inspection': { en: 'Decided the inspection', zh: '判定检验' },
  'dispose-nonconformance': { en: 'Approved the disposition', zh: '批准不合格处置' },
  'revoke-release': { en: 'Revoked the release', zh: '撤销放行' },
  launch: { en: 'Launched the recall', zh: '启动召回' },
  close: { en: 'Closed the recall', zh: '关闭召回' },
  'hold-release': { en: 'Approved letting go of the hold', zh: '批准解除冻结' },
  'movement-order': { en: 'Ordered the movement', zh: '下达移动指令' },
  witness: { en: 'Witnessed', zh: '已见证' },
  'review-access': { en: 'Reviewed who has access', zh: '已复核访问权限' },
};

/** A meaning that nobody put into words is told by its code: never left out. */
export const meaningWords = (code: string): { code: string; en: string; zh: string } => ({
  code,
  ...(MEANING_WORDS[code] ?? { en: code, zh: code }),
});
