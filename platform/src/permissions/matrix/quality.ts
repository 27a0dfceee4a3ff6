import { INSIDE } from '../roles.ts';
import type { Operations } from '../operation.ts';

/** Inspections, nonconformances, releases and complaints. */
export const quality = {
  'inspection.read': {
    what: { en: 'See inspections and what a release still needs', zh: '查看检验及放行所缺事项' },
    by: [...INSIDE, 'system-lims'],
    ways: ['qms GET /inspections', 'qms GET /inspections/:inspection', 'qms GET /lots/:lot/release-readiness'],
  },
  'inspection.decide': {
    what: { en: 'Decide inspections', zh: '判定检验结果' },
    site: true,
    by: ['quality-engineer', 'quality-manager'],
    signed: ['decide-inspection'],
    ways: ['qms POST /inspections/:inspection/decision-records', 'qms POST /inspections/:inspection/decisions'],
  },
  'nonconformance.open': {
    what: { en: 'Open nonconformances', zh: '提出不合格' },
    site: true,
    by: ['production-lead', 'quality-engineer', 'quality-manager'],
    ways: ['qms POST /nonconformances'],
  },
  'nonconformance.close': {
    what: { en: 'Close nonconformances with a disposition', zh: '处置并关闭不合格' },
    site: true,
    by: ['quality-manager'],
    signed: ['dispose-nonconformance'],
    ways: [
      'qms POST /nonconformances/:nonconformance/closure-records',
      'qms POST /nonconformances/:nonconformance/closures',
    ],
  },
  'nonconformance.read': {
    what: { en: 'See nonconformances', zh: '查看不合格' },
    by: [...INSIDE],
    ways: ['qms GET /nonconformances/:nonconformance'],
  },
  'lot.release': {
    what: { en: 'Release lots for a market', zh: '批次放行' },
    site: true,
    market: true,
    by: ['quality-manager'],
    signed: ['review', 'release'],
    twoPerson: true,
    ways: ['qms POST /lots/:lot/releases'],
  },
  'lot.revoke-release': {
    what: { en: 'Revoke a release', zh: '撤销放行' },
    site: true,
    market: true,
    by: ['quality-manager'],
    signed: ['revoke-release'],
    ways: ['qms POST /lots/:lot/revocations'],
  },
  'release.read': {
    what: { en: 'See releases', zh: '查看放行记录' },
    by: [...INSIDE, 'system-wms'],
    ways: ['qms GET /lots/:lot/release'],
  },
  'complaint.record': {
    what: { en: 'Record complaints', zh: '登记投诉' },
    by: ['quality-engineer', 'quality-manager', 'recall-manager', 'regulatory', 'field-service'],
    ways: ['qms POST /complaints'],
  },
  'complaint.read': {
    what: { en: 'See complaints', zh: '查看投诉' },
    by: [...INSIDE],
    ways: ['qms GET /complaints/:complaint'],
  },
} as const satisfies Operations;
