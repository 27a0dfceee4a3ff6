import type { Messages } from '@lotwarden/platform/messages';

/** What a person reads about a code of this service. */
export const messages = {
  'lot-unknown': {
    status: 404,
    en: 'Production has not declared lot {lot}. Wait for it, or check the number.',
    zh: '生产系统尚未申报批次 {lot}。请等待或核对编号。',
  },
  'lot-not-finished-goods': {
    status: 409,
    en: 'Lot {lot} is no finished goods; only these carry serials.',
    zh: '批次 {lot} 不是成品;只有成品赋序列号。',
  },
  'product-without-gtin': {
    status: 409,
    en: 'Product {product} of lot {lot} has no device identifier. Specify a revision with a GTIN.',
    zh: '批次 {lot} 的产品 {product} 没有产品标识。请在产品版本中填写 GTIN。',
  },
  'gtin-of-other-product': {
    status: 422,
    en: 'GTIN {gtin} is not that of lot {lot}; its product has {wanted}.',
    zh: 'GTIN {gtin} 与批次 {lot} 不符;其产品为 {wanted}。',
  },
  'serial-already-commissioned': {
    status: 409,
    en: 'Some of these serials under {gtin} were given before; no serial is given twice. For lot {lot} begin at {next}, or ask for a quantity.',
    zh: '{gtin} 下部分序列号此前已赋予,不可重复。批次 {lot} 请从 {next} 开始,或改按数量申请。',
  },
  'serial-prefix-ambiguous': {
    status: 422,
    en: 'Prefix {prefix} ends in a digit: two serials could print the same text. Make the digit part of the number.',
    zh: '前缀 {prefix} 以数字结尾,可能印出相同的序列号。请将该数字并入号码。',
  },
  'serial-too-long': {
    status: 422,
    en: 'A serial has at most {max} characters, prefix and number together. Shorten one of them.',
    zh: '序列号(前缀与号码合计)最多 {max} 个字符。请缩短。',
  },
  'serial-range-invalid': {
    status: 422,
    en: 'The serials are no range: first to last within the width, no negative numbers, no more than a million at once.',
    zh: '序列号段无效:起止须在位数范围内且非负,每次不超过一百万。',
  },
  'serials-exhausted': {
    status: 409,
    en: 'Under {gtin} with prefix "{prefix}" only {left} numbers are left after the last one. Take another prefix or width, or name a free range.',
    zh: '{gtin} 前缀“{prefix}”下末号之后仅余 {left} 个号码。请更换前缀或位数,或指定空闲号段。',
  },
  'serial-invalid': {
    status: 422,
    en: 'Serial {serial} under {gtin} does not end in a number. Scan it again.',
    zh: '{gtin} 的序列号 {serial} 不以数字结尾。请重新扫描。',
  },
  'serial-unknown': {
    status: 404,
    en: 'Serial {serial} under {gtin} was never given here. It may be foreign or counterfeit: set the unit apart.',
    zh: '{gtin} 的序列号 {serial} 从未在此赋码,可能为外来或伪造:请隔离该单件。',
  },
  'serial-in-other-lot': {
    status: 409,
    en: 'An operation names a unit under one lot that is in another. It stays there until it is moved; find out which record is wrong, and void that.',
    zh: '工序引用的单件属于其他批次,单件保持原批次。请查明哪份记录有误并作废。',
  },
  'serial-not-in-lot': {
    status: 409,
    en: 'An operation names a unit that is in no lot any more (scrapped). Check the unit in hand, and void the wrong record.',
    zh: '工序引用的单件已不在任何批次(已报废)。请核对实物并作废错误记录。',
  },
  'serial-not-commissioned': {
    status: 409,
    en: 'An operation names a serial that was not given to a unit. It waits: commission the serial, or void the wrong record.',
    zh: '工序引用的序列号尚未赋予,系统将等待。请赋码或作废错误记录。',
  },
  'serials-of-scrap-unknown': {
    status: 409,
    en: 'Units of a serialised lot were scrapped without saying which. Have their serials reported: until then the lot shows too many.',
    zh: '报废了已赋码批次的单件但未说明序列号。请补报;此前该批次数量偏多。',
  },
  'serial-moved-on': {
    status: 409,
    en: 'An operation was voided, but units that it moved have moved on since. They stay where they are: check them, or void what moved them on, and they go back.',
    zh: '工序已作废,但其移动的单件此后又有移动,现保持原处。请核实;若后续工序也作废,单件将退回。',
  },
  'serial-named-twice': {
    status: 422,
    en: 'Some serials of lot {lot} are named more than once. Name each unit once.',
    zh: '批次 {lot} 的部分序列号重复。每件只列一次。',
  },
  'serial-not-of-lot': {
    status: 422,
    en: 'Unit {serial} is not of lot {lot}. Look it up (GET /serials/…) and pack it under the lot it is of.',
    zh: '单件 {serial} 不属于批次 {lot}。请查询其批次后再装箱。',
  },
  'lot-not-serialised': {
    status: 409,
    en: 'Lot {lot} has no serials yet. Commission them first (POST /lots/…/serials).',
    zh: '批次 {lot} 尚未赋码。请先赋序列号(POST /lots/…/serials)。',
  },
  'label-version-not-printed': {
    status: 409,
    en: 'No labels of version {labelVersion} were printed for lot {lot}. Print them, or name the right version.',
    zh: '批次 {lot} 未打印 {labelVersion} 版标签。请打印或填写正确版本。',
  },
  'labels-missing': {
    status: 409,
    en: 'Lot {lot} has {units} units but {printed} labels. Print the rest before the check can pass.',
    zh: '批次 {lot} 共 {units} 件,但仅打印 {printed} 张标签。请补打后再通过检查。',
  },
  'labels-not-pieces': {
    status: 422,
    en: '{value} {unit} are no labels: a whole number of pieces (EA), at least one.',
    zh: '{value} {unit} 不是标签数量:须为正整数,单位 EA。',
  },
  'label-sample-too-large': {
    status: 422,
    en: '{sampled} labels of lot {lot} cannot have been checked: {printed} of this version were printed. Correct the number, or record the re-print first.',
    zh: '批次 {lot} 不可能抽查 {sampled} 张标签:该版本仅打印 {printed} 张。请更正数量或先登记补打。',
  },
  'sscc-invalid': {
    status: 422,
    en: '{container} is no SSCC: 18 digits with a correct check digit. Leave it out to have one made.',
    zh: '{container} 不是有效的 SSCC(18 位含正确校验位)。可留空由系统生成。',
  },
  'gs1-key-invalid': {
    status: 422,
    en: '{key} is no GS1 key: digits only.',
    zh: '{key} 不是有效的 GS1 代码:只能为数字。',
  },
  'container-unknown': {
    status: 404,
    en: 'No such container, or it was opened: {container}. Pack it first.',
    zh: '包装 {container} 不存在或已拆开。请先装箱。',
  },
  'container-not-empty': {
    status: 409,
    en: 'Container {container} holds something. Open it before packing it again.',
    zh: '包装 {container} 非空。请先开箱再装。',
  },
  'container-not-sealed': {
    status: 409,
    en: 'Container {container} is not sealed. Seal it before it goes into another one.',
    zh: '包装 {container} 未封箱。请先封箱再装入外包装。',
  },
  'container-level-wrong': {
    status: 422,
    en: 'Container {container} is not of a lower level than {level}. Units go into cartons, cartons into cases, cases onto pallets.',
    zh: '包装 {container} 的层级不低于 {level}。顺序为:单件→盒→箱→托盘。',
  },
  'container-without-contents': {
    status: 422,
    en: 'Container {container} would be empty. Name units or sealed containers.',
    zh: '包装 {container} 没有内容。请指定单件或已封包装。',
  },
  'container-already-packed': {
    status: 409,
    en: 'Container {container} is in {parent} already. Open {parent} first.',
    zh: '包装 {container} 已在 {parent} 内。请先拆开 {parent}。',
  },
  'container-inside-another': {
    status: 409,
    en: 'Container {container} is inside {parent}. Open {parent} first.',
    zh: '包装 {container} 在 {parent} 内。请先拆开 {parent}。',
  },
  'sscc-exhausted': {
    status: 409,
    en: 'All container numbers under the company prefix {companyPrefix} are used. Have operations set another one.',
    zh: '厂商识别代码 {companyPrefix} 下的包装编号已用尽。请运维更换代码。',
  },
  'unit-already-packed': {
    status: 409,
    en: 'A unit lies in container {container} already. Open that one first.',
    zh: '单件已在包装 {container} 中。请先开箱取出。',
  },
} as const satisfies Messages;
