import type { Messages } from '@lotwarden/platform/messages';

/** What a person reads about a code of this service. Violations carry the same codes. */
export const messages = {
  'product-unknown': {
    status: 404,
    en: 'No such product, or no revision in force. Specify it first (POST /products).',
    zh: '产品不存在或没有生效版本。请先制定产品版本(POST /products)。',
  },
  'product-revision-already-specified': {
    status: 409,
    en: 'Revision {revision} of {product} stands and is not changed. Specify a new revision.',
    zh: '{product} 的 {revision} 版已存在,不可修改。请制定新版本。',
  },
  'product-unit-and-kind-fixed': {
    status: 422,
    en: 'Lots of {product} are counted in its first unit and kind; another needs another product.',
    zh: '{product} 的单位与类别已固定;更换请使用新的产品编号。',
  },
  'gtin-invalid': {
    status: 422,
    en: 'A finished product needs a GTIN-14 with a correct check digit; {gtin} is none.',
    zh: '成品需要校验位正确的 GTIN-14;{gtin} 无效。',
  },
  'equipment-version-already-registered': {
    status: 409,
    en: 'Version {version} of {equipment} is registered. Register a new version.',
    zh: '设备 {equipment} 的 {version} 版已登记。请登记新版本。',
  },
  'production-lot-unknown': {
    status: 404,
    en: "No such production lot. Search by the source's number with ?system=.",
    zh: '生产批次不存在。可用 ?system= 按来源系统的批号查询。',
  },
  'lot-already-declared': {
    status: 409,
    en: 'This name belongs to lot {lot} already. Use another name, or read that lot.',
    zh: '该名称已属于批次 {lot}。请改用其他名称或查询该批次。',
  },
  'lots-of-several-names': {
    status: 409,
    en: 'These names belong to different lots ({first}, {other}). Declare with the names of one lot only.',
    zh: '这些名称属于不同批次({first}、{other})。请仅使用同一批次的名称申报。',
  },
  'lot-of-supplier': {
    status: 409,
    en: 'This name belongs to the supplier lot {lot}. A lot that is made needs a name of its own.',
    zh: '该名称属于供应商批次 {lot}。生产批次须使用自己的名称。',
  },
  'equipment-unknown': {
    status: 404,
    en: 'No such equipment. Register it first (POST /equipment).',
    zh: '设备不存在。请先登记设备(POST /equipment)。',
  },
  'operation-unknown': {
    status: 404,
    en: "No such operation. Search by the source's id with ?system=.",
    zh: '工序不存在。可用 ?system= 按来源系统编号查询。',
  },
  'lot-unknown': {
    status: 422,
    en: 'Nobody has declared this lot. Do not use it until receiving or production knows it.',
    zh: '该批次未经申报。在收货或生产确认前请勿使用。',
  },
  'material-not-accepted': {
    status: 422,
    en: 'The supplier lot is pending or rejected. Do not use it; ask quality.',
    zh: '物料批次待检或已拒收。请勿使用,并联系质量部门。',
  },
  'item-not-in-bom': {
    status: 422,
    en: 'The bill of material does not ask for this item. A substitution must be assessed first.',
    zh: '物料清单不包含该物料。替代须先经评估。',
  },
  'component-missing': {
    status: 422,
    en: 'The bill of material asks for a component that was not scanned. Scan its lot.',
    zh: '物料清单要求的组件未扫描。请扫描其批次。',
  },
  'operation-input-missing': {
    status: 422,
    en: 'A component that the product needs was not reported as consumed. Find its record: until then the genealogy has a gap.',
    zh: '产品所需组件没有消耗记录。请补录;在此之前谱系存在缺口。',
  },
  'operation-unbalanced': {
    status: 422,
    en: 'What went in does not match what came out and was scrapped. Correct by voiding and recording again.',
    zh: '投入与产出及报废不平衡。请作废后重新记录。',
  },
  'output-product-other': {
    status: 422,
    en: 'The lot is declared as another product than the report names. Find out which lot it was, then void and record again.',
    zh: '批次申报的产品与上报的产品不一致。请查明实际批次,作废后重新记录。',
  },
  'operation-recorded-twice': {
    status: 422,
    en: 'The source reported this operation again with other content. The first record stands; void and replace it.',
    zh: '来源系统以不同内容重复上报该工序。以首次记录为准;请作废后替换。',
  },
  'operation-voided': {
    status: 422,
    en: 'The operation was voided; this report of it is kept but counts for nothing.',
    zh: '该工序已作废;此上报仅作留存。',
  },
  'mount-unknown': {
    status: 404,
    en: "Nobody has told of this mounting. Search by the source's id with ?system=, and find the record of when it went on.",
    zh: '没有该上料记录。可用 ?system= 按来源系统编号查询,并补录上料时间。',
  },
  'mount-voided': {
    status: 422,
    en: 'The mounting was voided; this report of it is kept but feeds nothing.',
    zh: '该上料记录已作废;此上报仅作留存。',
  },
  'mount-recorded-twice': {
    status: 422,
    en: 'The source reported this mounting again with other content. For a recall both may have been there; void and record again.',
    zh: '来源系统以不同内容重复上报该上料。召回时两者均视为可能;请作废后重新记录。',
  },
  'mount-lot-other': {
    status: 422,
    en: 'Another lot came off than went on. For a recall both may have been there; find out which it was, then void and record again.',
    zh: '下料批次与上料批次不一致。召回时两者均视为可能;请查明后作废并重新记录。',
  },
  'mount-time-absurd': {
    status: 422,
    en: 'It came off before it went on. Nothing that follows from it is certain; correct the times by voiding and recording again.',
    zh: '下料时间早于上料时间,推断不可靠。请作废后重新记录时间。',
  },
  'mount-remaining-exceeds': {
    status: 422,
    en: 'More was left than had been mounted. Count again, then void and record again.',
    zh: '剩余量大于上料量。请重新清点,作废后重新记录。',
  },
  'mount-overlap': {
    status: 422,
    en: 'Another lot was on the same position at the same time. Each is possible for what ran there; correct the log that is wrong.',
    zh: '同一料位同时存在其他批次。期间产品对各批次均视为可能;请更正错误记录。',
  },
  'load-unknown': {
    status: 404,
    en: "No such process load. Search by the source's id with ?system=.",
    zh: '工艺批不存在。可用 ?system= 按来源系统编号查询。',
  },
  'load-voided': {
    status: 422,
    en: 'The load was voided; this report of it is kept but counts for nothing.',
    zh: '该工艺批已作废;此上报仅作留存。',
  },
  'load-recorded-twice': {
    status: 422,
    en: 'The source reported this load again with another kind, machine or parameters. The first record stands; void and replace it.',
    zh: '来源系统以不同类别、设备或参数重复上报该工艺批。以首次记录为准;请作废后替换。',
  },
  'load-time-absurd': {
    status: 422,
    en: 'The load ended before it started. Correct it by voiding and recording again.',
    zh: '工艺批的结束时间早于开始时间。请作废后重新记录。',
  },
} as const satisfies Messages;
