interface Named {
  readonly en: string;
  readonly zh: string;
}

/** What lies behind this gateway. Only these names are ever looked up, so a path leads nowhere else. */
export const SERVICES: Readonly<Record<string, Named>> = {
  receiving: { en: 'Suppliers, purchase orders, material lots', zh: '供应商、采购订单、来料批次' },
  'mes-bridge': { en: 'Products, production lots, operations', zh: '产品、生产批次、工序' },
  qms: { en: 'Inspections, release, nonconformances, complaints', zh: '检验、放行、不合格、投诉' },
  serialization: { en: 'Serials, labels, containers', zh: '序列号、标签、包装' },
  warehouse: { en: 'Sites, stock, shipments, returns', zh: '场所、库存、发货、退货' },
  field: { en: 'Parties and custody', zh: '往来单位与持有情况' },
  traceability: { en: 'Genealogy, traces, mass balance', zh: '谱系、追溯、物料平衡' },
  recall: { en: 'Recall cases, holds, reports', zh: '召回案件、冻结、报告' },
  notification: { en: 'Notices, deliveries, answers', zh: '通知、投递、回复' },
  identity: { en: 'Accounts, tokens, signatures', zh: '账户、令牌、签名' },
  surveillance: { en: 'Rules, alerts, readiness', zh: '规则、告警、就绪度' },
  audit: { en: 'Tamper-evident log, evidence packs', zh: '防篡改日志、证据包' },
};
