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
      'identity POST /accounts/:account/unlocks',
      'identity PUT /accounts/:account/roles',
    ],
  },
  'account.read': {
    what: { en: "See accounts and change one's own password", zh: '查看账户及修改本人密码' },
    by: [...INSIDE],
    ways: [
      'identity GET /accounts',
      'identity GET /accounts/:account',
      'identity GET /accounts/me',
      'identity GET /permissions',
      'identity POST /accounts/me/authenticator',
      'identity POST /accounts/me/authenticator/confirmations',
      'identity POST /accounts/me/passwords',
    ],
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
    ways: ['identity GET /security-events'],
  },
  'key.manage': {
    what: { en: 'Rotate and revoke the keys that sign records', zh: '轮换与吊销签名密钥' },
    by: ['administrator'],
    ways: ['identity POST /signing-keys/rotations', 'identity POST /signing-keys/:key/revocations'],
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
