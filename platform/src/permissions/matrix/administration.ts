import { INSIDE, PEOPLE } from '../roles.ts';
import type { Operations } from '../operation.ts';

/** Accounts, signatures, and how services do. */
export const administration = {
  'account.manage': {
    what: { en: 'Open, change and deactivate accounts', zh: '开立、变更与停用账户' },
    by: ['administrator'],
    ways: [
      'identity POST /accounts',
      'identity DELETE /accounts/:account/deputyships/:person',
      'identity POST /accounts/:account/authenticator-resets',
      'identity POST /accounts/:account/break-glass-closures',
      'identity POST /accounts/:account/deactivations',
      'identity POST /accounts/:account/deputyships',
      'identity POST /accounts/:account/passwords',
      'identity POST /accounts/:account/session-ends',
      'identity POST /accounts/:account/unlocks',
      'identity POST /providers/:provider/subjects',
      'identity POST /providers/:provider/subjects/removals',
      'identity PUT /accounts/:account/bounds',
      'identity PUT /accounts/:account/roles',
    ],
  },
  'account.read': {
    what: { en: 'See accounts and who may do what', zh: '查看账户及权限矩阵' },
    by: [...INSIDE],
    ways: [
      'identity GET /accounts',
      'identity GET /accounts/:account',
      'identity GET /accounts/:account/subjects',
      'identity GET /permissions',
    ],
  },
  'account.own': {
    what: { en: "See to one's own account: password, authenticator", zh: '维护本人账户:密码、身份验证器' },
    by: [...PEOPLE, 'viewer', 'auditor'],
    ownParty: true,
    ways: [
      'identity GET /accounts/me',
      'identity POST /accounts/me/authenticator',
      'identity POST /accounts/me/authenticator/confirmations',
      'identity POST /accounts/me/passwords',
    ],
  },
  'access.review': {
    what: { en: 'Review who has access; nobody reviews his own', zh: '定期复核访问权限(不得复核本人)' },
    by: ['administrator', 'quality-manager', 'regulatory'],
    ways: [
      'identity GET /access-reviews/:review/signature-request',
      'identity POST /access-reviews',
      'identity POST /access-reviews/:review/decisions',
      'identity POST /access-reviews/:review/refreshes',
    ],
  },
  'access-review.sign': {
    what: { en: 'Sign off a review of access; what was decided is carried out', zh: '签署访问权限复核并执行结论' },
    by: ['administrator', 'quality-manager', 'regulatory'],
    signed: ['review-access'],
    ways: ['identity POST /access-reviews/:review/signatures'],
  },
  'access-review.read': {
    what: { en: 'See reviews of access and what was decided', zh: '查看访问权限复核' },
    by: ['administrator', 'quality-manager', 'regulatory', 'auditor'],
    ways: [
      'identity GET /access-reviews',
      'identity GET /access-reviews/:review',
      'identity GET /access-reviews/:review/subjects',
    ],
  },
  'program.manage': {
    what: { en: 'Register programs of others, which act for whoever consents', zh: '登记与停用第三方程序' },
    by: ['administrator'],
    ways: ['identity POST /programs', 'identity POST /programs/:program/deactivations'],
  },
  'program.read': {
    what: { en: 'See programs of others', zh: '查看第三方程序' },
    by: ['administrator', 'regulatory', 'auditor'],
    ways: ['identity GET /programs', 'identity GET /programs/:program'],
  },
  'machine.manage': {
    what: { en: 'Open service accounts of outside systems and change their secrets', zh: '开立服务账户及更换密钥' },
    by: ['administrator'],
    ways: [
      'identity DELETE /machines/:machine/secrets/:secret',
      'identity POST /machines',
      'identity POST /machines/:machine/deactivations',
      'identity POST /machines/:machine/secrets',
    ],
  },
  'device.manage': {
    what: { en: 'Register and block scanners and terminals', zh: '登记与停用设备' },
    site: true,
    by: ['administrator'],
    ways: ['identity POST /devices', 'identity POST /devices/:device/blocks', 'identity POST /devices/:device/keys'],
  },
  'device.read': {
    what: { en: 'See registered devices', zh: '查看设备' },
    by: ['administrator', 'regulatory', 'auditor'],
    ways: ['identity GET /devices', 'identity GET /devices/:device'],
  },
  'provider.manage': {
    what: {
      en: 'Say at which outside providers people log in, and what their groups mean',
      zh: '接入外部登录服务及设置用户组权限',
    },
    by: ['administrator'],
    ways: [
      'identity POST /providers',
      'identity POST /providers/:provider/deactivations',
      'identity PUT /providers/:provider',
    ],
  },
  'provider.read': {
    what: { en: 'See at which outside providers people log in', zh: '查看外部登录服务' },
    by: ['administrator', 'regulatory', 'auditor'],
    ways: ['identity GET /providers', 'identity GET /providers/:provider'],
  },
  'machine.read': {
    what: { en: 'See service accounts and what they may do at the brokers', zh: '查看服务账户及其消息权限' },
    by: ['administrator', 'regulatory', 'auditor'],
    ways: ['identity GET /machines', 'identity GET /machines/:machine'],
  },
  'break-glass.open': {
    what: { en: 'Open access in an emergency, if named for it', zh: '开启紧急访问(须列入名单)' },
    by: [...PEOPLE],
    ways: ['identity POST /accounts/me/break-glass'],
  },
  'security.read': {
    what: { en: 'See refusals, locks, changes of rights and access in emergencies', zh: '查看安全事件' },
    by: ['administrator', 'regulatory', 'auditor'],
    ways: ['identity GET /security-events', 'identity GET /token-keys'],
  },
  'security.report': {
    what: { en: 'Tell what a service refused', zh: '上报服务拒绝的请求' },
    by: ['service'],
    ways: ['identity POST /security-events/reports'],
  },
  'key.manage': {
    what: { en: 'Rotate and revoke the keys that sign records and tokens', zh: '轮换与吊销签名密钥' },
    by: ['administrator'],
    ways: [
      'identity POST /signing-keys/rotations',
      'identity POST /signing-keys/:key/revocations',
      'identity POST /token-keys/rotations',
      'identity POST /token-keys/:key/revocations',
    ],
  },
  'signature.read': {
    what: { en: 'See signatures and whether they hold', zh: '查看签名及其有效性' },
    by: [...INSIDE],
    ways: ['identity GET /signatures', 'identity GET /signatures/:signature'],
  },
  'record.sign': {
    what: { en: 'Sign records', zh: '签署记录' },
    by: [...PEOPLE],
    ways: ['identity POST /signatures'],
  },
  'operations.redrive': {
    what: { en: 'Let parked messages go on or pass them over', zh: '放行或略过搁置的消息' },
    by: ['administrator'],
    ways: ['* POST /operations/pass-over', '* POST /operations/redrive'],
  },
  'operations.read': {
    what: { en: 'See how services do: invariants, parked messages', zh: '查看服务运行:不变量、搁置消息' },
    by: ['administrator', 'auditor', 'service'],
    ways: [
      '* GET /operations/dead-letters',
      '* GET /operations/invariants',
      '* GET /operations/missing',
      '* GET /operations/parked',
      '* GET /operations/passed-over',
      '* GET /operations/watermarks',
    ],
  },
} as const satisfies Operations;
