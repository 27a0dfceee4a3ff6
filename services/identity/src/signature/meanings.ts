/** What a signature can mean (21 CFR 11.50(a)(3)), and whose role it takes (11.10(g)). Whoever acts on it checks the meaning. */
export const MEANINGS: Readonly<Record<string, readonly string[]>> = {
  review: ['quality-engineer', 'quality-manager'],
  release: ['quality-manager'],
  'decide-inspection': ['quality-engineer', 'quality-manager'],
  'dispose-nonconformance': ['quality-manager'],
  'revoke-release': ['quality-manager'],
  launch: ['recall-manager'],
  close: ['recall-manager', 'regulatory'],
  'hold-release': ['quality-manager', 'recall-manager'],
  'movement-order': ['quality-manager', 'recall-manager'],
  witness: [
    'quality-engineer',
    'quality-manager',
    'recall-manager',
    'regulatory',
    'shipping-lead',
    'warehouse-operator',
    'production-lead',
  ],
  'review-access': ['administrator', 'quality-manager', 'regulatory'],
};

export const mayMean = (meaning: string, roles: readonly string[]): boolean =>
  MEANINGS[meaning]?.some((role) => roles.includes(role)) ?? false;
