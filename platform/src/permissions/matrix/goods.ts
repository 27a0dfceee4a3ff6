import { INSIDE } from '../roles.ts';
import type { Operations } from '../operation.ts';

/** Sites, stock, shipments; who holds what outside. */
export const goods = {
  'site.manage': {
    what: { en: 'Set up sites and locations', zh: '维护场所与库位' },
    by: ['administrator', 'shipping-lead'],
    site: true,
    ways: ['warehouse POST /sites', 'warehouse POST /sites/:site/locations'],
  },
  'site.read': {
    what: { en: 'See sites', zh: '查看场所' },
    by: [...INSIDE, 'system-wms'],
    ways: ['warehouse GET /sites'],
  },
  'stock.read': {
    what: { en: 'See stock, movement orders and what is in flight', zh: '查看库存、移动指令与在途' },
    by: [...INSIDE, 'system-mes', 'system-wms'],
    ways: [
      'warehouse GET /in-flight',
      'warehouse GET /movement-orders',
      'warehouse GET /stock',
      'warehouse GET /stock/:lot',
    ],
  },
  'stock.issue': {
    what: { en: 'Issue stock to production', zh: '生产领料' },
    by: ['warehouse-operator', 'shipping-lead', 'system-wms'],
    site: true,
    knownDevice: true,
    ways: ['warehouse POST /stock/:lot/issues'],
  },
  'stock.move': {
    what: { en: 'Move and pick stock', zh: '移库与拣货' },
    by: ['warehouse-operator', 'shipping-lead', 'system-wms'],
    site: true,
    market: true,
    knownDevice: true,
    ways: [
      'warehouse POST /picks',
      'warehouse POST /picks/:shipment/packs',
      'warehouse POST /picks/:shipment/put-backs',
      'warehouse POST /stock/:lot/moves',
    ],
  },
  'stock.adjust': {
    what: { en: 'Adjust stock after a count', zh: '盘点调整' },
    by: ['shipping-lead', 'system-wms'],
    site: true,
    ways: ['warehouse POST /stock/:lot/adjustments'],
  },
  'movement.order': {
    what: { en: 'Order the movement of goods on hold', zh: '下达被扣留货物的移动指令' },
    by: ['quality-manager', 'recall-manager'],
    site: true,
    signed: ['movement-order'],
    ways: ['warehouse POST /movement-order-records', 'warehouse POST /movement-orders'],
  },
  'shipment.dispatch': {
    what: { en: 'Dispatch shipments and tell their delivery', zh: '发运与签收' },
    by: ['shipping-lead', 'system-wms'],
    site: true,
    market: true,
    knownDevice: true,
    ways: ['warehouse POST /shipments', 'warehouse POST /shipments/:shipment/deliveries'],
  },
  'shipment.read': {
    what: { en: 'See shipments, returns and destructions', zh: '查看发运、退货与销毁' },
    by: [...INSIDE, 'system-wms'],
    ways: [
      'warehouse GET /destructions',
      'warehouse GET /destructions/:destruction',
      'warehouse GET /returns',
      'warehouse GET /returns/:return',
      'warehouse GET /shipments',
      'warehouse GET /shipments/:shipment',
    ],
  },
  'return.receive': {
    what: { en: 'Receive returns', zh: '接收退货' },
    by: ['warehouse-operator', 'shipping-lead', 'field-service', 'system-wms'],
    site: true,
    knownDevice: true,
    ways: ['warehouse POST /returns'],
  },
  'destruction.record': {
    what: { en: 'Record destructions', zh: '登记销毁' },
    by: ['shipping-lead', 'recall-manager', 'system-wms'],
    site: true,
    signed: ['witness'],
    twoPerson: true,
    ways: ['warehouse POST /destruction-records', 'warehouse POST /destructions'],
  },
  'party.manage': {
    what: { en: 'Register customers and other parties', zh: '登记客户及其他相关方' },
    by: ['administrator', 'recall-manager'],
    ways: ['field POST /parties'],
  },
  'party.read': {
    what: { en: 'See parties', zh: '查看相关方' },
    by: [...INSIDE],
    ways: ['field GET /parties', 'field GET /parties/:party'],
  },
  'custody.read': {
    what: { en: 'See who holds what', zh: '查看货物在谁手中' },
    by: [...INSIDE],
    ways: ['field GET /custody'],
  },
  'use.record': {
    what: { en: 'Record the use of units', zh: '登记使用' },
    by: ['field-service'],
    ways: ['field POST /use-records'],
  },
} as const satisfies Operations;
