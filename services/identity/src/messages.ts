import type { Messages } from '@lotwarden/platform/messages';

export const messages = {
  'account-unknown': {
    status: 404,
    en: 'There is no account {account}. Check the id in the list of accounts.',
    zh: '账户 {account} 不存在。请在账户列表中核对编号。',
  },
  'account-id-taken': {
    status: 409,
    en: 'The account id {account} belongs to somebody already, or did once; an id is never given twice. Choose another id.',
    zh: '账户编号 {account} 已被占用或曾被使用;编号不得重复使用。请选择其他编号。',
  },
  'account-id-reserved': {
    status: 422,
    en: 'The id {account} names a service or system. Choose another id for this person.',
    zh: '编号 {account} 为系统或服务保留。请为该人员选择其他编号。',
  },
  'account-deactivated': {
    status: 409,
    en: 'The account {account} is deactivated and stays so. Open a new account for the person under a new id.',
    zh: '账户 {account} 已停用且不可恢复。请以新编号为该人员开立新账户。',
  },
  'account-own': {
    status: 409,
    en: 'Nobody can do this to the own account. Ask another administrator.',
    zh: '不能对自己的账户执行此操作。请联系其他管理员。',
  },
  'account-locked': {
    status: 429,
    en: 'Too many wrong passwords: the account is locked until {until}. Wait, or ask an administrator to unlock it.',
    zh: '密码错误次数过多,账户已锁定至 {until}。请等待,或联系管理员解锁。',
  },
  'credentials-required': {
    status: 401,
    en: 'A session alone does not sign: give account and password again (21 CFR 11.200).',
    zh: '仅凭登录会话不能签署:请再次输入账户和密码(21 CFR 11.200)。',
  },
  'credentials-wrong': {
    status: 401,
    en: 'Account or password is wrong. Check both; after several wrong passwords the account is locked for a while.',
    zh: '账户或密码错误。请核对;多次错误后账户将被锁定一段时间。',
  },
  'password-temporary': {
    status: 403,
    en: 'This password was given by somebody else and only lets you choose your own. Sign in once and choose a new password, then repeat.',
    zh: '此密码由他人设置,仅可用于设定您自己的密码。请先登录并设定新密码,然后重试。',
  },
  'password-expired': {
    status: 403,
    en: 'This password is too old and only lets you choose a new one. Sign in once and choose it, then repeat.',
    zh: '密码已过期,仅可用于设定新密码。请先登录并设定新密码,然后重试。',
  },
  'password-used-before': {
    status: 422,
    en: 'You have had this password before. Choose one that you did not have lately.',
    zh: '此密码近期已使用过。请选择其他密码。',
  },
  'deputy-of-oneself': {
    status: 422,
    en: '{account} cannot stand in for itself. Name another person.',
    zh: '{account} 不能作为自己的代理人。请指定他人。',
  },
  'deputy-time-invalid': {
    status: 422,
    en: 'A deputyship from {from} until {until} cannot be: it ends after it begins, in the future, and after at most {most} days. Correct the times.',
    zh: '代理时间 {from} 至 {until} 无效:结束须晚于开始、在将来,且最长 {most} 天。请更正。',
  },
  'break-glass-not-yours': {
    status: 403,
    en: 'The account {account} is not named for emergencies. Ask an administrator, or whoever runs the installation (IDENTITY_BREAK_GLASS_ACCOUNTS).',
    zh: '账户 {account} 未被列入紧急访问名单。请联系管理员或系统运维人员(IDENTITY_BREAK_GLASS_ACCOUNTS)。',
  },
  'second-factor-required': {
    status: 401,
    en: 'This account has an authenticator: give its code too.',
    zh: '此账户已启用身份验证器:请同时输入验证码。',
  },
  'second-factor-wrong': {
    status: 401,
    en: 'The code of the authenticator is wrong, or was used already. Wait for the next one; check the clock of the device.',
    zh: '验证码错误或已使用。请等待下一个验证码,并检查设备时间。',
  },
  'second-factor-missing': {
    status: 403,
    en: 'Your role signs with password and authenticator, and you have none. Add one (POST /accounts/me/authenticator), then sign.',
    zh: '您的角色须以密码和身份验证器签署,而您尚未添加。请先添加(POST /accounts/me/authenticator)再签署。',
  },
  'second-factor-there': {
    status: 409,
    en: 'The account {account} has an authenticator. If it is lost, ask an administrator to reset it.',
    zh: '账户 {account} 已有身份验证器。如已丢失,请联系管理员重置。',
  },
  'second-factor-none': {
    status: 409,
    en: 'There is no authenticator of {account} that waits to be confirmed. Add one first.',
    zh: '账户 {account} 没有待确认的身份验证器。请先添加。',
  },
  'password-same': {
    status: 422,
    en: 'The new password is the one you have. Choose another.',
    zh: '新密码与当前密码相同。请选择其他密码。',
  },
  'password-too-weak': {
    status: 422,
    en: 'A password has {least} to 200 characters and does not contain the account id. Choose a longer one, a short sentence for example.',
    zh: '密码长度须为 {least} 至 200 个字符,且不得包含账户编号。请选择更长的密码,例如一句短语。',
  },
  'signature-unknown': {
    status: 404,
    en: 'There is no signature {signature}. Check its id in the record that it belongs to.',
    zh: '签名 {signature} 不存在。请在所属记录中核对编号。',
  },
  'signing-key-unknown': {
    status: 404,
    en: 'There is no signing key {key}. The keys there are stand under /signing-keys.',
    zh: '签名密钥 {key} 不存在。现有密钥见 /signing-keys。',
  },
  'person-required': {
    status: 403,
    en: 'Only people sign, with their own token. Sign in as the person who signs.',
    zh: '只有人员可使用本人的令牌签署。请以签署人身份登录。',
  },
  'signer-other': {
    status: 403,
    en: 'The token belongs to {caller}, the credentials to {account}. Sign in as the person who signs.',
    zh: '令牌属于 {caller},而凭据属于 {account}。请以签署人身份登录。',
  },
  'signature-meaning-not-yours': {
    status: 403,
    en: 'Signing with the meaning "{meaning}" needs one of the roles {roles}. Ask somebody who has it.',
    zh: '以 "{meaning}" 含义签署需要角色 {roles} 之一。请由具备该角色的人员签署。',
  },
  'machine-unknown': {
    status: 404,
    en: 'There is no service account {machine}. Check the id in the list of service accounts.',
    zh: '服务账户 {machine} 不存在。请在服务账户列表中核对编号。',
  },
  'machine-id-taken': {
    status: 409,
    en: 'The id {machine} belongs to a service account already, or did once; an id is never given twice. Choose another id.',
    zh: '编号 {machine} 已被服务账户占用或曾被使用;编号不得重复使用。请选择其他编号。',
  },
  'machine-deactivated': {
    status: 409,
    en: 'The service account {machine} is deactivated and stays so. Open a new one under a new id.',
    zh: '服务账户 {machine} 已停用且不可恢复。请以新编号开立新的服务账户。',
  },
  'machine-party-wrong': {
    status: 422,
    en: "A partner's system needs the party that it speaks for, and no other has one; the role is {role}. Give the party, or leave it out.",
    zh: '合作方系统必须指定其所属的合作方,其他系统不得指定;当前角色为 {role}。请补充或删除合作方。',
  },
  'machine-secrets-two': {
    status: 409,
    en: 'The service account {machine} has two secrets already. Remove the one that its system no longer uses, then ask again.',
    zh: '服务账户 {machine} 已有两个密钥。请先移除其系统不再使用的密钥,再重新申请。',
  },
  'machine-secret-unknown': {
    status: 404,
    en: 'The service account {machine} has no secret {secret}. Look up the ids of its secrets.',
    zh: '服务账户 {machine} 没有密钥 {secret}。请查询其密钥编号。',
  },
  'machine-secret-last': {
    status: 409,
    en: 'This is the last secret of the service account {machine}. Add a new one first, or deactivate the account.',
    zh: '这是服务账户 {machine} 的最后一个密钥。请先新增密钥,或停用该账户。',
  },
  'secret-shown-once': {
    status: 422,
    en: 'An answer with a secret is kept nowhere, so it cannot be repeated. Ask without Idempotency-Key; if the answer is lost, remove that secret and add another.',
    zh: '含密钥的答复不作留存,因此无法重复返回。请勿使用 Idempotency-Key;若答复丢失,请移除该密钥并重新新增。',
  },
} as const satisfies Messages;
