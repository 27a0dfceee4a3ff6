import type { Messages } from '@lotwarden/platform/messages';

/** What a person reads about a code of this service. Violations carry the same codes. */
export const messages = {
  'site-unknown': {
    status: 404,
    en: 'No such site. Register it first (POST /sites).',
    zh: '场所不存在。请先登记场所(POST /sites)。',
  },
  'site-already-registered': {
    status: 409,
    en: 'Site {site} is registered with other data. Use another id, or read what is there (GET /sites).',
    zh: '场所 {site} 已用其他资料登记。请改用其他编号,或先查询该场所。',
  },
  'location-already-registered': {
    status: 409,
    en: 'Place {location} is registered as another kind than {kind}. Use another name for the new place.',
    zh: '库位 {location} 已登记为其他类型,而非 {kind}。请为新库位使用其他名称。',
  },
  'lot-unknown': {
    status: 404,
    en: 'The warehouse knows no lot {lot}. Check the number; if it was just received or declared, try again in a moment.',
    zh: '仓库没有批次 {lot} 的记录。请核对批号;如刚刚入库或登记,请稍后重试。',
  },
  'quantity-not-available': {
    status: 409,
    en: 'Lot {lot} has {available} free at {site}; {asked} was asked for. Correct the quantity, or look where the rest lies (GET /stock).',
    zh: '批次 {lot} 在 {site} 可用数量为 {available},请求 {asked}。请更正数量,或查询其余库存(GET /stock)。',
  },
  'stock-negative': {
    status: 409,
    en: 'More left than the books had of the lot. Count the place, and look for a receipt or an operation that was not reported.',
    zh: '出库数量超过账面数量。请盘点库位,并查找未上报的入库或工序。',
  },
  'stock-at-other-site': {
    status: 409,
    en: 'Goods were used at one site that the books had at another. Record the transfer, or correct the site of the operation.',
    zh: '物料在一处使用,但账面在另一处。请补录调拨,或更正工序所在场所。',
  },
  'serials-required': {
    status: 422,
    en: 'Units of lot {lot} carry serials; name those that go. Scan them, or ship their sealed containers.',
    zh: '批次 {lot} 的产品带有序列号,请指明发出的序列号。请扫描,或按已封箱容器发货。',
  },
  'serial-count-mismatch': {
    status: 422,
    en: 'The serials of lot {lot} and its quantity differ ({detail}). Scan again or correct the quantity.',
    zh: '批次 {lot} 的序列号数量与发货数量不一致({detail})。请重新扫描或更正数量。',
  },
  'serial-not-in-custody': {
    status: 409,
    en: 'Some of these serials of lot {lot} are not here. Scan again; GET /stock/{lot} shows those that are.',
    zh: '批次 {lot} 的部分序列号不在库。请重新扫描;可用 GET /stock/{lot} 查询在库序列号。',
  },
  'serial-picked': {
    status: 409,
    en: 'Some of these units of lot {lot} are picked for another shipment. Send others, or put them back (POST /picks/…/put-backs).',
    zh: '批次 {lot} 的部分产品已为其他发货单拣货。请改发其他产品,或先退回(POST /picks/…/put-backs)。',
  },
  'pick-already-made': {
    status: 409,
    en: 'Shipment {shipment} has other goods of lot {lot} picked. Put them back first (POST /picks/{shipment}/put-backs).',
    zh: '发货单 {shipment} 已拣取批次 {lot} 的其他货物。请先退回(POST /picks/{shipment}/put-backs)。',
  },
  'pick-unknown': {
    status: 404,
    en: 'Nothing is picked for shipment {shipment}. Pick first (POST /picks), or look what has left (GET /shipments/…).',
    zh: '发货单 {shipment} 没有已拣货物。请先拣货(POST /picks),或查询已发货物。',
  },
  'serial-in-quarantine': {
    status: 409,
    en: 'Some of these units of lot {lot} came back and are in quarantine. Send others, or have them reworked first.',
    zh: '批次 {lot} 的部分产品为退货,处于隔离状态。请改发其他产品,或先返工处理。',
  },
  'container-unknown': {
    status: 409,
    en: 'Nobody knows what is in container {container}. Have it packed and sealed in serialization first.',
    zh: '容器 {container} 的内容未知。请先在序列化服务中装箱并封箱。',
  },
  'container-not-sealed': {
    status: 409,
    en: 'Container {container} is not sealed. Seal it, or ship its units one by one.',
    zh: '容器 {container} 未封箱。请先封箱,或按单件发货。',
  },
  'container-contents-differ': {
    status: 409,
    en: 'The containers {containers} hold {there} of lot {lot}, the lines say otherwise. Correct the lines: a container ships whole.',
    zh: '容器 {containers} 内批次 {lot} 的数量为 {there},与明细不符。请更正明细:容器须整箱发出。',
  },
  'seal-differs': {
    status: 409,
    en: 'Container {container} has the seal {found}, the papers name {named}. It was opened since, or it is another one: check its contents and correct the papers.',
    zh: '容器 {container} 的封签为 {found},单据为 {named}。容器可能被重新打开或并非同一容器:请核对内容并更正单据。',
  },
  'shipment-already-dispatched': {
    status: 409,
    en: 'Shipment {shipment} was dispatched with other content. Use another number, or read what is there (GET /shipments/…).',
    zh: '发货单 {shipment} 已以其他内容发出。请使用其他编号,或先查询该发货单。',
  },
  'shipment-unknown': {
    status: 404,
    en: 'No such shipment. Search by custodian or lot (GET /shipments).',
    zh: '发货单不存在。请按收货方或批次查询(GET /shipments)。',
  },
  'shipment-to-other-consignee': {
    status: 409,
    en: 'The goods were reported at another consignee than they were dispatched to. Ask the carrier; both are warned in a recall.',
    zh: '货物实际收货方与发货时不一致。请向承运人核实;召回时双方都会收到通知。',
  },
  'order-unknown': {
    status: 409,
    en: 'No signed order {order}. Have it signed first (POST /movement-orders).',
    zh: '没有已签署的移动指令 {order}。请先签署(POST /movement-orders)。',
  },
  'order-for-other-goods': {
    status: 409,
    en: 'Order {order} says {ordered} for {field}, not {asked}. Name the order for these goods, or have one signed.',
    zh: '移动指令 {order} 的 {field} 为 {ordered},而非 {asked}。请填写对应指令,或另行签署。',
  },
  'order-used-up': {
    status: 409,
    en: 'Order {order} has {left} left; {asked} was asked for. Move less, or have another order signed.',
    zh: '移动指令 {order} 剩余数量为 {left},请求 {asked}。请减少数量,或另行签署指令。',
  },
  'order-already-signed': {
    status: 409,
    en: 'Order {order} was signed with other content. Use another number, or read what is there (GET /movement-orders).',
    zh: '移动指令 {order} 已以其他内容签署。请使用其他编号,或先查询(GET /movement-orders)。',
  },
  'destination-not-for-purpose': {
    status: 422,
    en: 'Goods do not go to {destination} for {purpose}. Correct one of the two.',
    zh: '以 {purpose} 为目的的货物不能送往 {destination}。请更正其一。',
  },
  'line-told-again': {
    status: 409,
    en: 'A second message told the same goods of a lot again. Both are counted; ask the WMS whether it is one movement or two, and correct the books by a count.',
    zh: '另一条消息再次上报相同批次与数量。两次均已计入;请向 WMS 核实是一次还是两次,并经盘点更正账面。',
  },
  'order-missing': {
    status: 422,
    en: 'Goods go out for {purpose} by a signed order only. Name the order.',
    zh: '以 {purpose} 为目的的出库须有签署的指令。请填写指令编号。',
  },
  'serial-already-in-custody': {
    status: 409,
    en: 'A unit came back that never left by the books. Look for a shipment that was not reported.',
    zh: '退回的产品在账面上从未出库。请查找未上报的发货。',
  },
  'return-already-received': {
    status: 409,
    en: 'Return {return} was received with other content. Use another number, or read what is there (GET /returns/…).',
    zh: '退货单 {return} 已以其他内容登记。请使用其他编号,或先查询该退货单。',
  },
  'return-unknown': {
    status: 404,
    en: 'No such return. Search by party or lot (GET /returns).',
    zh: '退货单不存在。请按退货方或批次查询(GET /returns)。',
  },
  'destruction-already-recorded': {
    status: 409,
    en: 'Destruction {destruction} was recorded with other content. Use another number, or read what is there (GET /destructions/…).',
    zh: '销毁单 {destruction} 已以其他内容登记。请使用其他编号,或先查询该销毁单。',
  },
  'destruction-unknown': {
    status: 404,
    en: 'No such destruction. Search by lot (GET /destructions).',
    zh: '销毁单不存在。请按批次查询(GET /destructions)。',
  },
  'lot-not-accepted': {
    status: 409,
    en: 'Lot {lot} is {status}; only accepted or own-made lots are issued. Wait for its inspection, or take another lot.',
    zh: '批次 {lot} 状态为 {status};仅合格或自制批次可发料。请等待检验,或改用其他批次。',
  },
  'quarantine-needs-order': {
    status: 409,
    en: 'Lot {lot} lies in quarantine at {from} (as does everything at a place that is not registered). Name the signed order that lets it out.',
    zh: '批次 {lot} 位于隔离区 {from}(未登记的库位视为隔离区)。请填写签署的解除指令编号。',
  },
  'site-not-clear': {
    status: 422,
    en: 'Lot {lot} lies at several sites or at none; {location} does not say which. Name the site.',
    zh: '批次 {lot} 分布于多个场所或无库存,{location} 无法确定场所。请填写场所。',
  },
} as const satisfies Messages;
