import { INSIDE } from '../roles.ts';
import type { Operations } from '../operation.ts';

/** Suppliers, parts and what comes in. */
export const supply = {
  'supplier.manage': {
    what: { en: 'Register suppliers, their certificates and qualification', zh: '登记供应商及其证书和资质' },
    by: ['administrator', 'buyer', 'quality-manager'],
    ways: [
      'receiving POST /suppliers',
      'receiving POST /suppliers/:supplier/certificates',
      'receiving POST /suppliers/:supplier/qualifications',
      'receiving POST /suppliers/:supplier/withdrawals',
    ],
  },
  'supplier.read': {
    what: { en: 'See suppliers', zh: '查看供应商' },
    by: [...INSIDE],
    ways: ['receiving GET /suppliers/:supplier'],
  },
  'part.manage': {
    what: { en: 'Specify parts and their incoming inspection', zh: '维护物料规格与来料检验' },
    by: ['administrator', 'planner', 'quality-engineer', 'quality-manager'],
    ways: ['receiving POST /parts'],
  },
  'part.read': {
    what: { en: 'See parts', zh: '查看物料' },
    by: [...INSIDE, 'system-lims'],
    ways: ['receiving GET /parts/:part'],
  },
  'purchase-order.place': {
    what: { en: 'Place purchase orders', zh: '下达采购订单' },
    by: ['buyer'],
    site: true,
    ways: ['receiving POST /purchase-orders'],
  },
  'purchase-order.read': {
    what: { en: 'See purchase orders', zh: '查看采购订单' },
    by: [...INSIDE],
    ways: ['receiving GET /purchase-orders/:purchaseOrder'],
  },
  'material-lot.receive': {
    what: { en: 'Receive material lots and name them', zh: '收货登记原料批次及别名' },
    by: ['receiver'],
    site: true,
    knownDevice: true,
    ways: [
      'receiving POST /material-lots',
      'receiving POST /material-lots/:lot/aliases',
      'receiving POST /material-lots/:lot/hindrance-reviews',
    ],
  },
  'material-lot.read': {
    what: { en: 'See material lots, parts, suppliers and purchase orders', zh: '查看原料批次、物料、供应商与采购订单' },
    by: [...INSIDE, 'system-mes', 'system-wms', 'system-lims'],
    ways: ['receiving GET /material-lots', 'receiving GET /material-lots/:lot'],
  },
  'material-lot.put-away': {
    what: { en: 'Put material lots away', zh: '原料批次上架' },
    by: ['receiver', 'warehouse-operator', 'system-wms'],
    site: true,
    knownDevice: true,
    ways: ['receiving POST /material-lots/:lot/put-away'],
  },
} as const satisfies Operations;
