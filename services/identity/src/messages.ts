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
  'deputy-reaches-further': {
    status: 422,
    en: '{account} acts at sites or for markets where {standsFor} does not, and would have those roles there too. Bind {account} to no more than {standsFor} is bound to, or name another deputy.',
    zh: '{account} 的场所或市场范围超出 {standsFor},代理后会在该范围外取得其角色。请将 {account} 的范围限制在 {standsFor} 之内,或指定其他代理人。',
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
  'device-not-there': {
    status: 404,
    en: 'There is no device {device}. Look it up in the list of devices.',
    zh: '设备 {device} 不存在。请在设备列表中核对。',
  },
  'device-id-taken': {
    status: 409,
    en: 'The device id {device} is in use, or was once; an id is never given twice. Choose another id.',
    zh: '设备编号 {device} 已被占用或曾被使用;编号不得重复使用。请选择其他编号。',
  },
  'device-key-taken': {
    status: 409,
    en: 'Another device has this key, and nobody could tell the two apart. Make a new key on this device.',
    zh: '其他设备已使用此密钥,无法区分两台设备。请在本设备上生成新密钥。',
  },
  'device-blocked': {
    status: 409,
    en: 'The device {device} is blocked and stays so. Register it under a new id, with a new key.',
    zh: '设备 {device} 已停用且不可恢复。请以新编号和新密钥重新登记。',
  },
  'provider-unknown': {
    status: 404,
    en: 'There is no outside provider {provider}. Look it up in the list of providers.',
    zh: '外部登录服务 {provider} 不存在。请在列表中核对。',
  },
  'provider-id-taken': {
    status: 409,
    en: 'The provider id {provider} is in use, or was once; an id is never given twice. Choose another id.',
    zh: '登录服务编号 {provider} 已被占用或曾被使用;编号不得重复使用。请选择其他编号。',
  },
  'provider-deactivated': {
    status: 409,
    en: 'The outside provider {provider} is deactivated and lets nobody in. Use another way to log in, or ask an administrator.',
    zh: '外部登录服务 {provider} 已停用。请使用其他登录方式,或联系管理员。',
  },
  'provider-other': {
    status: 422,
    en: 'This would make {provider} another issuer, whose subjects are other people. Connect it under an id of its own.',
    zh: '此更改会使 {provider} 变为另一签发方,其用户为不同的人。请以新编号另行接入。',
  },
  'provider-address-wrong': {
    status: 422,
    en: 'The address {address} is not one that people may be sent to: it needs https, and neither user, query nor fragment. Correct it.',
    zh: '地址 {address} 不可使用:须为 https,且不含用户名、查询参数或片段。请更正。',
  },
  'provider-unreachable': {
    status: 503,
    en: 'The provider does not answer. Try again in a minute, or use another way to log in.',
    zh: '登录服务无响应。请一分钟后重试,或使用其他登录方式。',
  },
  'provider-answer-wrong': {
    status: 403,
    en: 'What the provider answered does not prove who you are. Try again; if it stays so, tell an administrator.',
    zh: '登录服务的答复无法证明您的身份。请重试;如仍出现,请联系管理员。',
  },
  'outside-log-in-over': {
    status: 403,
    en: 'This log-in at the provider is over, or was begun in another browser. Begin again.',
    zh: '此次外部登录已过期,或是在其他浏览器中发起的。请重新登录。',
  },
  'outside-person-unknown': {
    status: 403,
    en: 'The provider knows you, but you have no account here yet. Give an administrator this: {provider}, {subject}.',
    zh: '登录服务已识别您,但您在本系统尚无账户。请将以下信息交给管理员:{provider},{subject}。',
  },
  'outside-grants-none': {
    status: 403,
    en: 'None of your groups at {provider} means a role here. Ask an administrator.',
    zh: '您在 {provider} 的用户组在本系统没有对应角色。请联系管理员。',
  },
  'outside-account-deactivated': {
    status: 403,
    en: 'Your account {account} here is deactivated. Ask an administrator.',
    zh: '您在本系统的账户 {account} 已停用。请联系管理员。',
  },
  'sign-in-outside': {
    status: 403,
    en: 'You log in at {provider}; this password only signs records. Choose {provider} below.',
    zh: '您须通过 {provider} 登录;此密码仅用于签署记录。请在下方选择 {provider}。',
  },
  'subject-linked': {
    status: 409,
    en: 'The subject {subject} is the account {account} already. Unlink it there first.',
    zh: '外部身份 {subject} 已绑定账户 {account}。请先解除绑定。',
  },
  'subject-not-linked': {
    status: 404,
    en: 'The subject {subject} is not linked to the account {account}. Look up its subjects.',
    zh: '外部身份 {subject} 未绑定账户 {account}。请查询其绑定情况。',
  },
  'secret-shown-once': {
    status: 422,
    en: 'An answer with a secret is kept nowhere, so it cannot be repeated. Ask without Idempotency-Key; if the answer is lost, remove that secret and add another.',
    zh: '含密钥的答复不作留存,因此无法重复返回。请勿使用 Idempotency-Key;若答复丢失,请移除该密钥并重新新增。',
  },
  'program-unknown': {
    status: 404,
    en: 'There is no program {program}. Look it up in the list of programs.',
    zh: '第三方程序 {program} 不存在。请在列表中查询。',
  },
  'program-id-taken': {
    status: 409,
    en: 'The id {program} belongs to a program already, or did once. Choose another.',
    zh: '程序编号 {program} 已被占用或曾被使用。请选择其他编号。',
  },
  'program-address-wrong': {
    status: 422,
    en: 'Nobody may be sent back to {address}: it needs https, and neither user nor fragment. Correct it.',
    zh: '返回地址 {address} 不可使用:须为 https,且不含用户名或片段。请更正。',
  },
  'passkey-wrong': {
    status: 403,
    en: 'This passkey is not known here, or could not be checked. Try again, or sign in with your password.',
    zh: '此通行密钥未登记或无法验证。请重试,或使用密码登录。',
  },
  'passkey-there': {
    status: 409,
    en: 'This passkey is there already. Use another device for a second one.',
    zh: '此通行密钥已存在。请用其他设备添加。',
  },
  'passkeys-many': {
    status: 409,
    en: 'There are {most} passkeys already. Remove one that is not used any more.',
    zh: '已有 {most} 个通行密钥。请先移除不再使用的。',
  },
  'review-unknown': {
    status: 404,
    en: 'There is no review {review}. Look it up in the list of reviews.',
    zh: '复核 {review} 不存在。请在复核列表中查询。',
  },
  'review-open-already': {
    status: 409,
    en: 'A review of access is open already. Sign it off first, then begin another.',
    zh: '已有一项访问权限复核尚未完成。请先签署,再发起新的复核。',
  },
  'review-due-past': {
    status: 422,
    en: 'A review cannot be due at {due}, which is over. Give a later day.',
    zh: '截止时间 {due} 已过。请填写更晚的日期。',
  },
  'review-too-large': {
    status: 422,
    en: '{subjects} people, systems and devices are more than the {most} that one review holds. Deactivate those that are not used any more.',
    zh: '复核对象共 {subjects} 个,超过单次复核上限 {most}。请先停用不再使用的对象。',
  },
  'review-signed-already': {
    status: 409,
    en: 'The review {review} is signed; nothing of it changes any more. Begin another.',
    zh: '复核 {review} 已签署,不可更改。请发起新的复核。',
  },
  'review-subject-unknown': {
    status: 422,
    en: '{subject} is not in this review. Refresh it if it has come since.',
    zh: '{subject} 不在此次复核中。如为新增,请先更新复核。',
  },
  'review-own-access': {
    status: 403,
    en: 'Nobody decides about the access of himself or of whom he stands in for ({account}). Ask a second reviewer for this one.',
    zh: '不得复核本人或被代理人({account})的访问权限。请由另一位复核人处理。',
  },
  'review-only-people-reduced': {
    status: 422,
    en: '{subject} is no person: it is kept or deactivated, not reduced.',
    zh: '{subject} 不是人员账户,只能保留或停用,不能缩减。',
  },
  'review-nothing-reduced': {
    status: 422,
    en: 'Of {subject} nothing is reduced. Say which roles or sites are left, or that deputyships end.',
    zh: '{subject} 未作任何缩减。请指明保留的角色或场所,或终止代理。',
  },
  'review-grants-nothing': {
    status: 422,
    en: 'A review takes away and never gives: {subject} does not have {more}. An administrator gives it.',
    zh: '复核只能收回权限,不能授予:{subject} 没有 {more}。授权须由管理员办理。',
  },
  'review-roles-elsewhere': {
    status: 422,
    en: 'What {subject} may do is decided by the groups at {provider}, and would come back at the next log-in. Change it there, or deactivate.',
    zh: '{subject} 的权限由 {provider} 的用户组决定,下次登录即会恢复。请在该处变更,或停用账户。',
  },
  'review-decided-twice': {
    status: 422,
    en: 'One of them is decided twice in this request. Send each once.',
    zh: '同一对象在请求中出现两次。请只提交一次。',
  },
  'review-reason-missing': {
    status: 422,
    en: 'A reason is missing for {subject}; the other decisions are saved. Give one for it too.',
    zh: '{subject} 缺少理由,其他结论已保存。请补充理由。',
  },
  'review-not-complete': {
    status: 409,
    en: '{left} are not decided yet: {subjects}. Decide each of them, then sign.',
    zh: '尚有 {left} 个对象未复核:{subjects}。请逐一复核后再签署。',
  },
  'review-outdated': {
    status: 409,
    en: 'Access changed since it was looked at: {subjects}. Refresh the review and decide these anew.',
    zh: '以下对象的权限已变更:{subjects}。请更新复核并重新作出结论。',
  },
  'review-no-administrator-left': {
    status: 409,
    en: 'No administrator would be left. Keep at least one.',
    zh: '复核后将没有管理员。请至少保留一位。',
  },
} as const satisfies Messages;
