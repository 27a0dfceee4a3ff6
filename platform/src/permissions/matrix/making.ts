import { INSIDE } from '../roles.ts';
import type { Operations } from '../operation.ts';

/** Products, equipment, lots and operations of production; serial numbers, labels and containers. */
export const making = {
  'product.manage': {
    what: { en: 'Specify products', zh: '维护产品' },
    by: ['administrator', 'planner'],
    ways: ['mes-bridge POST /products'],
  },
  'product.read': {
    what: { en: 'See products', zh: '查看产品' },
    by: [...INSIDE, 'system-mes'],
    ways: ['mes-bridge GET /products/:product'],
  },
  'equipment.manage': {
    what: { en: 'Register equipment', zh: '登记设备' },
    by: ['administrator', 'planner', 'production-lead'],
    site: true,
    ways: ['mes-bridge POST /equipment'],
  },
  'production-lot.declare': {
    what: { en: 'Declare production lots', zh: '登记生产批次' },
    by: ['planner', 'production-lead', 'system-mes'],
    site: true,
    ways: ['mes-bridge POST /production-lots'],
  },
  'production-lot.read': {
    what: { en: 'See production lots', zh: '查看生产批次' },
    by: [...INSIDE, 'system-mes', 'system-lims'],
    ways: ['mes-bridge GET /production-lots', 'mes-bridge GET /production-lots/:lot'],
  },
  'operation.start': {
    what: {
      en: 'Ask whether an operation may start or a material may be mounted',
      zh: '确认工序可否开工、物料可否上料',
    },
    by: ['production-lead', 'system-mes'],
    site: true,
    ways: ['mes-bridge POST /mount-checks', 'mes-bridge POST /start-checks'],
  },
  'operation.read': {
    what: { en: 'See operations, mounts and loads', zh: '查看工序、上料与炉次' },
    by: [...INSIDE, 'system-mes'],
    ways: [
      'mes-bridge GET /equipment/:equipment',
      'mes-bridge GET /equipment/:equipment/mounted',
      'mes-bridge GET /material-mounts',
      'mes-bridge GET /material-mounts/:mount',
      'mes-bridge GET /operations',
      'mes-bridge GET /operations/:operation',
      'mes-bridge GET /process-loads',
      'mes-bridge GET /process-loads/:load',
    ],
  },
  'serial.commission': {
    what: { en: 'Commission serial numbers', zh: '赋码' },
    site: true,
    by: ['production-lead', 'system-mes'],
    ways: ['serialization POST /lots/:lot/serials'],
  },
  'serial.read': {
    what: { en: 'See serials and containers', zh: '查看序列号与容器' },
    by: [...INSIDE, 'system-mes', 'system-wms'],
    ways: [
      'serialization GET /containers/:container',
      'serialization GET /lots/:lot/serials',
      'serialization GET /serials/:gtin/:serial',
    ],
  },
  'label.print': {
    what: { en: 'Print labels', zh: '打印标签' },
    site: true,
    by: ['production-lead', 'system-mes'],
    ways: ['serialization POST /lots/:lot/labels'],
  },
  'label.check': {
    what: { en: 'Check labels before release', zh: '放行前标签核对' },
    site: true,
    by: ['production-lead', 'quality-engineer'],
    knownDevice: true,
    ways: ['serialization POST /lots/:lot/label-checks'],
  },
  'container.pack': {
    what: { en: 'Pack containers', zh: '装箱' },
    by: ['production-lead', 'warehouse-operator', 'shipping-lead', 'system-mes', 'system-wms'],
    site: true,
    knownDevice: true,
    ways: ['serialization POST /containers'],
  },
  'container.seal': {
    what: { en: 'Seal containers', zh: '封箱' },
    by: ['production-lead', 'warehouse-operator', 'shipping-lead', 'system-mes', 'system-wms'],
    site: true,
    knownDevice: true,
    ways: ['serialization POST /containers/:container/seals'],
  },
  'container.open': {
    what: { en: 'Open containers', zh: '开箱' },
    by: ['warehouse-operator', 'shipping-lead', 'system-wms'],
    site: true,
    knownDevice: true,
    ways: ['serialization POST /containers/:container/openings'],
  },
} as const satisfies Operations;
