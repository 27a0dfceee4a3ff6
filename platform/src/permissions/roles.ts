/**
 * What somebody is here for. An administrator manages accounts and master data but neither releases lots nor launches
 * recalls (separation of duties, 21 CFR 820.20 and Part 11).
 */
export const roles = {
  administrator: { en: 'Administrator', zh: '管理员' },
  buyer: { en: 'Buyer', zh: '采购员' },
  receiver: { en: 'Receiver', zh: '收货员' },
  planner: { en: 'Planner', zh: '计划员' },
  'production-lead': { en: 'Production lead', zh: '生产主管' },
  'quality-engineer': { en: 'Quality engineer', zh: '质量工程师' },
  'quality-manager': { en: 'Quality manager', zh: '质量经理' },
  'warehouse-operator': { en: 'Warehouse operator', zh: '仓库操作员' },
  'shipping-lead': { en: 'Shipping lead', zh: '发运主管' },
  'recall-manager': { en: 'Recall manager', zh: '召回经理' },
  regulatory: { en: 'Regulatory affairs', zh: '法规事务' },
  'field-service': { en: 'Field service', zh: '现场服务' },
  viewer: { en: 'Viewer', zh: '查看者' },
  auditor: { en: 'Auditor', zh: '审计员' },
  'system-mes': { en: 'Manufacturing execution system', zh: '制造执行系统' },
  'system-wms': { en: 'Warehouse management system', zh: '仓储管理系统' },
  'partner-epcis': {
    en: "A partner's system, which tells its own events and reads nobody else's",
    zh: '合作方系统:仅上报自身事件',
  },
  'system-epcis': { en: 'Our own EPCIS middleware, which has checked its callers itself', zh: '本方 EPCIS 中间件' },
  'system-lims': { en: 'Laboratory information system', zh: '实验室信息系统' },
  service: {
    en: 'Our own services, asking each other; they change nothing behind an owner’s back',
    zh: '本系统服务之间的查询',
  },
} as const satisfies Readonly<Record<string, { readonly en: string; readonly zh: string }>>;

export type Role = keyof typeof roles;

export const isRole = (name: string): name is Role => Object.hasOwn(roles, name);

/** People who work here. Each may sign what he or she is asked to sign; whether it counts is checked where it is used. */
export const PEOPLE = [
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
  'field-service',
] as const satisfies readonly Role[];

/** Who may look at whatever is no secret: nothing of that changes a record. */
export const INSIDE = [...PEOPLE, 'viewer', 'auditor', 'service'] as const satisfies readonly Role[];
