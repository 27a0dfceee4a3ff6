import type { Messages } from '@lotwarden/platform/messages';

/** What a person reads about a code of this service. Hindrances carry the same codes. */
export const messages = {
  'supplier-unknown': {
    status: 404,
    en: 'No such supplier. Register it first (POST /suppliers).',
    zh: '供应商不存在。请先登记供应商(POST /suppliers)。',
  },
  'supplier-already-registered': {
    status: 409,
    en: 'Supplier {supplier} is registered with other data. Use another id, or read what is there (GET /suppliers/…).',
    zh: '供应商 {supplier} 已用其他资料登记。请改用其他编号,或先查询该供应商。',
  },
  'validity-empty': {
    status: 422,
    en: 'The validity ends before it begins ({validFrom} to {validUntil}). Correct the dates.',
    zh: '有效期截止早于开始({validFrom} 至 {validUntil})。请更正日期。',
  },
  'part-unknown': {
    status: 404,
    en: 'No such purchased part. Specify a revision first (POST /parts).',
    zh: '采购件不存在。请先制定规格版本(POST /parts)。',
  },
  'part-not-in-force': {
    status: 422,
    en: 'No revision of {part} is in force at {moment}. Specify one valid from then, or correct the time of receipt.',
    zh: '{part} 在 {moment} 没有生效的规格版本。请补充规格版本或更正收货时间。',
  },
  'part-revision-already-specified': {
    status: 409,
    en: 'Revision {revision} of {part} stands and is not changed. Specify a new revision.',
    zh: '{part} 的 {revision} 版规格已存在,不可修改。请制定新版本。',
  },
  'part-unit-fixed': {
    status: 422,
    en: 'Lots of {part} are counted in its first unit; another unit needs another part number.',
    zh: '{part} 的计量单位已固定;更换单位请使用新的物料编号。',
  },
  'purchase-order-unknown': {
    status: 404,
    en: 'No such purchase order. Place it first (POST /purchase-orders), then have the hindrances reviewed.',
    zh: '采购订单不存在。请先下达采购订单,再重新评估障碍。',
  },
  'purchase-order-already-placed': {
    status: 409,
    en: 'Purchase order {purchaseOrder} is placed already. Use a new number.',
    zh: '采购订单 {purchaseOrder} 已下达。请使用新编号。',
  },
  'purchase-order-other-supplier': {
    status: 422,
    en: 'The purchase order is for another supplier. Name the right order, or send the goods back.',
    zh: '采购订单属于其他供应商。请填写正确的订单,或退货。',
  },
  'purchase-order-without-part': {
    status: 422,
    en: 'The purchase order does not ask for this part. Amend the order, then review the hindrances.',
    zh: '采购订单未包含该物料。请修订订单后重新评估。',
  },
  'purchase-order-other-revision': {
    status: 422,
    en: 'Another revision was ordered than is in force. Agree with the supplier, then review the hindrances.',
    zh: '订购的规格版本与现行版本不一致。请与供应商确认后重新评估。',
  },
  'purchase-order-exceeded': {
    status: 422,
    en: 'More came than was ordered. Amend the order, then review the hindrances.',
    zh: '到货数量超过订购数量。请修订订单后重新评估。',
  },
  'lot-already-received': {
    status: 409,
    en: 'This supplier lot was received as {lot}. Read it there (GET /material-lots/…).',
    zh: '该供应商批次已入库为 {lot}。请查询该批次。',
  },
  'lot-name-taken': {
    status: 409,
    en: 'This name belongs to lot {lot} already. Use another name, or read that lot.',
    zh: '该名称已属于批次 {lot}。请改用其他名称或查询该批次。',
  },
  'material-lot-unknown': {
    status: 404,
    en: "No such material lot. Search by the supplier's number with ?system=supplier:<id>.",
    zh: '物料批次不存在。可用 ?system=supplier:<编号> 按供应商批号查询。',
  },
  'material-lot-not-accepted': {
    status: 409,
    en: 'Lot {lot} is {status}; only an accepted lot is put away. Wait for its inspection, or review its hindrances.',
    zh: '批次 {lot} 状态为 {status};仅合格批次可上架。请等待检验或重新评估障碍。',
  },
  'material-lot-already-decided': {
    status: 409,
    en: 'Lot {lot} is {status} already; its hindrances no longer matter.',
    zh: '批次 {lot} 已判定为 {status},无需再评估障碍。',
  },
  'quantity-not-available': {
    status: 409,
    en: 'Lot {lot} has {received}; {asked} was asked for. Correct the quantity.',
    zh: '批次 {lot} 数量为 {received},请求 {asked}。请更正数量。',
  },
  'lot-sequence-exhausted': {
    status: 409,
    en: 'Site {site} has no lot numbers left on {date}. Receive under another date or site code.',
    zh: '{site} 在 {date} 的批次序号已用尽。请使用其他日期或地点代码。',
  },
  'supplier-not-qualified': {
    status: 422,
    en: 'The supplier is not qualified for this part, on the day of receipt or when the lot was to be accepted. Qualify it, then review the hindrances.',
    zh: '收货当日或判定合格时供应商未具备该物料的供货资质。请完成资质认定后重新评估。',
  },
  'supplier-certificate-missing': {
    status: 422,
    en: 'No certificate of the supplier is on record. Record it, then review the hindrances.',
    zh: '没有供应商证书记录。请登记证书后重新评估。',
  },
  'supplier-certificate-expired': {
    status: 422,
    en: 'A certificate of the supplier was not valid on the day of receipt or when the lot was to be accepted. Record its renewal, then review the hindrances.',
    zh: '收货当日或判定合格时供应商证书无效。请登记续期证书后重新评估。',
  },
  'coa-value-missing': {
    status: 422,
    en: 'The certificate of analysis lacks a value that the specification asks for. Ask the supplier; if it cannot be had, reject the lot.',
    zh: 'COA 缺少规格要求的检测值。请向供应商索取;无法提供则拒收。',
  },
  'coa-value-out-of-limits': {
    status: 422,
    en: 'A value lies outside the limits of the specification. Reject the lot, or open a nonconformance.',
    zh: '检测值超出规格限。请拒收或开立不合格品处理。',
  },
} as const satisfies Messages;
