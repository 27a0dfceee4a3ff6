/** Who and what the seeded story is about. Everything here is fixed, so that every number in it can be checked. */

export const PRODUCT = 'IP-200';
export const GTIN = '09520123456788';
export const MARKET = 'CN';

/** Serial numbers as printed: IP000001. */
export const serials = (first: number, last: number) => [{ gtin: GTIN, prefix: 'IP', width: 6, first, last }];
export const serialText = (number: number): string => `IP${String(number).padStart(6, '0')}`;
export const each = (value: number) => ({ value: String(value), unit: 'EA' });

/** People of the maker, with their printed names and roles. */
export const people = {
  'buyer.li': { name: '李静 Li Jing', roles: ['buyer'] },
  'receiver.wu': { name: '吴强 Wu Qiang', roles: ['receiver'] },
  'lead.zhao': { name: '赵敏 Zhao Min', roles: ['production-lead'] },
  'engineer.lin': { name: '林涛 Lin Tao', roles: ['quality-engineer'] },
  'quality.wang': { name: '王芳 Wang Fang', roles: ['quality-manager'] },
  'shipping.sun': { name: '孙磊 Sun Lei', roles: ['shipping-lead'] },
  'field.gao': { name: '高翔 Gao Xiang', roles: ['field-service'] },
  'recall.chen': { name: '陈晨 Chen Chen', roles: ['recall-manager'] },
  'auditor.xu': { name: '徐明 Xu Ming', roles: ['auditor'] },
} as const;
export type Person = keyof typeof people | 'administrator';

export const sites = [
  { site: 'SZ1', name: '深圳工厂 Shenzhen plant', country: 'CN', timeZone: 'Asia/Shanghai', bindingMode: 'inline' },
  { site: 'SU2', name: '苏州工厂 Suzhou plant', country: 'CN', timeZone: 'Asia/Shanghai', bindingMode: 'inline' },
] as const;
export const locations = [
  { location: 'DOCK', kind: 'dock' },
  { location: 'STORE', kind: 'store' },
  { location: 'QUAR', kind: 'quarantine' },
  { location: 'LINE', kind: 'line' },
  { location: 'FIN', kind: 'finished' },
  { location: 'SHIP', kind: 'shipping' },
] as const;

interface Limits {
  readonly code: string;
  readonly name: string;
  readonly kind: 'chemistry' | 'dimension' | 'electrical' | 'transport-temperature' | 'function';
  readonly source: 'coa' | 'inspection' | 'transport';
  readonly unit: string;
  readonly lower: string | null;
  readonly upper: string | null;
}
const limits = (
  code: string,
  name: string,
  [kind, source]: readonly [Limits['kind'], Limits['source']],
  [lower, upper, unit]: readonly [string | null, string | null, string],
): Limits => ({ code, name, kind, source, unit, lower, upper });

export const parts = [
  {
    part: 'CAP-100',
    revision: 'B',
    name: '电容器 Capacitor 100 µF',
    characteristics: [
      limits('capacitance', 'Capacitance', ['electrical', 'coa'], ['95', '105', '4O']),
      limits('esr', 'Equivalent series resistance', ['electrical', 'coa'], [null, '30', 'mOhm']),
      limits('lead-content', 'Lead content (RoHS)', ['chemistry', 'coa'], [null, '1000', 'ppm']),
      limits('diameter', 'Can diameter', ['dimension', 'coa'], ['9.8', '10.2', 'mm']),
      limits(
        'transport-temperature',
        'Temperature on the way',
        ['transport-temperature', 'transport'],
        ['-10', '40', 'Cel'],
      ),
      limits('capacitance-measured', 'Capacitance, measured', ['electrical', 'inspection'], ['95', '105', '4O']),
    ],
  },
  {
    part: 'PCB-200',
    revision: 'A',
    name: '电路板 Printed circuit board',
    characteristics: [
      limits('thickness', 'Thickness', ['dimension', 'coa'], ['1.5', '1.7', 'mm']),
      limits('thickness-measured', 'Thickness, measured', ['dimension', 'inspection'], ['1.5', '1.7', 'mm']),
    ],
  },
  {
    part: 'HSG-300',
    revision: 'A',
    name: '外壳 Housing',
    characteristics: [
      limits('wall', 'Wall thickness', ['dimension', 'coa'], ['2.4', '2.6', 'mm']),
      limits('wall-measured', 'Wall thickness, measured', ['dimension', 'inspection'], ['2.4', '2.6', 'mm']),
    ],
  },
] as const;

const bom = (item: string, quantityPer: number) => ({ item, quantityPer: String(quantityPer), unit: 'EA' });
export const products = [
  {
    product: 'BRD-10',
    revision: 'A',
    name: 'Pump control board',
    nameZh: '输液泵控制板',
    kind: 'intermediate',
    unit: 'EA',
    gtin: null,
    bom: [bom('CAP-100', 4), bom('PCB-200', 1)],
    characteristics: [],
  },
  {
    product: PRODUCT,
    revision: 'A',
    name: 'Infusion pump IP-200',
    nameZh: '输液泵 IP-200',
    kind: 'finished',
    unit: 'EA',
    gtin: GTIN,
    bom: [bom('BRD-10', 1), bom('HSG-300', 1)],
    characteristics: [limits('flow-accuracy', 'Flow accuracy', ['function', 'inspection'], ['-5', '5', '%'])],
  },
] as const;

export const machines = [
  { equipment: 'SMT-1', version: '1', name: '贴片线 SMT line 1', site: 'SZ1' },
  { equipment: 'ASM-1', version: '1', name: '总装线 Assembly line 1', site: 'SZ1' },
  { equipment: 'SMT-9', version: '1', name: '贴片线 SMT line 9', site: 'SU2' },
  { equipment: 'ASM-9', version: '1', name: '总装线 Assembly line 9', site: 'SU2' },
] as const;

export const suppliers = [
  { supplier: 'SUP-HX', name: '华芯电子 Huaxin Electronics', parts: ['CAP-100'], certificateUntil: 300 },
  { supplier: 'SUP-GJ', name: '广精制造 Guangjing Precision', parts: ['PCB-200', 'HSG-300'], certificateUntil: 300 },
  { supplier: 'SUP-NP', name: '新普元件 Xinpu Components', parts: [], certificateUntil: 300 },
  { supplier: 'SUP-EX', name: '旧信电子 Jiuxin Electronics', parts: ['CAP-100'], certificateUntil: -5 },
] as const;

export const parties = [
  { party: 'D1', name: 'East China Medical', nameZh: '华东医疗', kind: 'distributor', region: 'east' },
  { party: 'D2', name: 'Northern Devices', nameZh: '北方器械', kind: 'distributor', region: 'north' },
  { party: 'H1', name: 'Ruian Hospital', nameZh: '瑞安医院', kind: 'hospital', region: 'east' },
  { party: 'D3', name: 'Small Dealer', nameZh: '小微经销', kind: 'distributor', region: 'south' },
] as const;
export type Party = (typeof parties)[number]['party'];

/** A supplier's lot as it comes to the dock. */
export interface Delivery {
  readonly supplierLot: string;
  readonly part: 'CAP-100' | 'PCB-200' | 'HSG-300';
  readonly supplier: string;
  readonly purchaseOrder: string;
  readonly site: 'SZ1' | 'SU2';
  readonly quantity: number;
}
const delivery = (
  supplierLot: string,
  part: Delivery['part'],
  [supplier, purchaseOrder]: readonly [string, string],
  [site, quantity]: readonly ['SZ1' | 'SU2', number],
): Delivery => ({ supplierLot, part, supplier, purchaseOrder, site, quantity });

export const purchaseOrders = [
  { purchaseOrder: 'PO-1001', supplier: 'SUP-HX', site: 'SZ1', part: 'CAP-100', revision: 'B', quantity: 4000 },
  { purchaseOrder: 'PO-1002', supplier: 'SUP-GJ', site: 'SZ1', part: 'PCB-200', revision: 'A', quantity: 1000 },
  { purchaseOrder: 'PO-1003', supplier: 'SUP-GJ', site: 'SZ1', part: 'HSG-300', revision: 'A', quantity: 1000 },
  { purchaseOrder: 'PO-2001', supplier: 'SUP-NP', site: 'SZ1', part: 'CAP-100', revision: 'B', quantity: 1000 },
  { purchaseOrder: 'PO-3001', supplier: 'SUP-EX', site: 'SZ1', part: 'CAP-100', revision: 'B', quantity: 1000 },
] as const;

export const deliveries = [
  delivery('L-1042', 'CAP-100', ['SUP-HX', 'PO-1001'], ['SZ1', 4000]),
  delivery('L-1043', 'CAP-100', ['SUP-HX', 'PO-1001'], ['SZ1', 2000]),
  delivery('L-1050', 'CAP-100', ['SUP-HX', 'PO-1001'], ['SZ1', 1000]),
  delivery('L-2001', 'CAP-100', ['SUP-NP', 'PO-2001'], ['SZ1', 500]),
  delivery('L-3001', 'CAP-100', ['SUP-EX', 'PO-3001'], ['SZ1', 500]),
  delivery('PCB-77', 'PCB-200', ['SUP-GJ', 'PO-1002'], ['SZ1', 1000]),
  delivery('PCB-78', 'PCB-200', ['SUP-GJ', 'PO-1002'], ['SU2', 200]),
  delivery('HSG-5', 'HSG-300', ['SUP-GJ', 'PO-1003'], ['SZ1', 1000]),
  delivery('HSG-6', 'HSG-300', ['SUP-GJ', 'PO-1003'], ['SU2', 200]),
] as const;

/** What certificates and loggers of each part say; all within limits. */
export const stated = {
  'CAP-100': {
    coa: [
      { characteristic: 'capacitance', value: '100.2', unit: '4O' },
      { characteristic: 'esr', value: '18.5', unit: 'mOhm' },
      { characteristic: 'lead-content', value: '120', unit: 'ppm' },
      { characteristic: 'diameter', value: '10.02', unit: 'mm' },
    ],
    transport: [{ characteristic: 'transport-temperature', value: '23.5', unit: 'Cel' }],
  },
  'PCB-200': { coa: [{ characteristic: 'thickness', value: '1.6', unit: 'mm' }], transport: [] },
  'HSG-300': { coa: [{ characteristic: 'wall', value: '2.5', unit: 'mm' }], transport: [] },
} as const;

/** What the laboratory measures at each part's incoming inspection. */
export const measured = {
  'CAP-100': { characteristic: 'capacitance-measured', value: '99.6', unit: '4O' },
  'PCB-200': { characteristic: 'thickness-measured', value: '1.61', unit: 'mm' },
  'HSG-300': { characteristic: 'wall-measured', value: '2.52', unit: 'mm' },
} as const;
