import type { Operations } from '../operation.ts';

/** Who sees fields that are left out for everybody else (tiered disclosure); they are marked where they are declared. */
export const disclosure = {
  'source.read': {
    what: { en: 'See from which supplier and on which order a lot came', zh: '查看批次的供应商与采购订单' },
    by: [
      'administrator',
      'buyer',
      'receiver',
      'planner',
      'production-lead',
      'quality-engineer',
      'quality-manager',
      'warehouse-operator',
      'shipping-lead',
      'recall-manager',
      'regulatory',
      'auditor',
      'service',
      'system-wms',
      'system-lims',
    ],
    ways: [],
  },
  'operator.read': {
    what: { en: 'See which person worked an operation', zh: '查看工序的操作人员' },
    by: [
      'production-lead',
      'quality-engineer',
      'quality-manager',
      'recall-manager',
      'regulatory',
      'auditor',
      'service',
      'system-mes',
    ],
    ways: [],
  },
  'process.read': {
    what: { en: 'See process parameters', zh: '查看工艺参数' },
    by: [
      'planner',
      'production-lead',
      'quality-engineer',
      'quality-manager',
      'recall-manager',
      'regulatory',
      'auditor',
      'service',
      'system-mes',
    ],
    ways: [],
  },
  'contact.read': {
    what: { en: 'See the people to be reached at a party, and how', zh: '查看相关方联系人' },
    by: [
      'administrator',
      'quality-manager',
      'shipping-lead',
      'recall-manager',
      'regulatory',
      'field-service',
      'service',
    ],
    ways: [],
  },
  'reporter.read': {
    what: { en: 'See who reported a complaint', zh: '查看投诉人' },
    by: ['quality-engineer', 'quality-manager', 'recall-manager', 'regulatory', 'field-service', 'auditor', 'service'],
    ways: [],
  },
} as const satisfies Operations;
