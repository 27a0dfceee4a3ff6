import { createHash } from 'node:crypto';
import { PASSKEY_SCRIPT, PASSKEY_SCRIPT_HASH } from '../passkey/passkey-form.ts';
import type { Language } from './language.ts';

const STYLE = `
:root{color-scheme:light dark;font-family:system-ui,"Noto Sans SC","PingFang SC","Microsoft YaHei",sans-serif}
body{margin:0;min-height:100vh;display:grid;place-items:center;background:Canvas;color:CanvasText}
main{width:min(22rem,calc(100vw - 2rem));padding:2rem;border:1px solid GrayText;border-radius:.5rem}
main.wide{width:min(60rem,calc(100vw - 2rem));box-sizing:border-box}
.wide button{width:auto;padding:.6rem 1.5rem}
fieldset{margin:0 0 1rem;border:1px solid GrayText;border-radius:.25rem}
select{display:block;margin-top:.25rem;padding:.4rem;font:inherit}
fieldset label{margin:.5rem 0}
.tick{display:inline-block;margin:.25rem 1rem .25rem 0}
.tick input{display:inline;width:auto;margin:0 .4rem 0 0}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.4rem;border-bottom:1px solid GrayText;overflow-wrap:anywhere}
h1{font-size:1.25rem;margin:0 0 1rem}
label{display:block;margin:0 0 1rem}
input{display:block;width:100%;box-sizing:border-box;margin-top:.25rem;padding:.5rem;font:inherit}
button{width:100%;padding:.6rem;font:inherit;cursor:pointer}
.way{display:block;margin-top:.75rem;padding:.6rem;border:1px solid GrayText;border-radius:.25rem;text-align:center;color:inherit}
h2{font-size:1rem;margin:1.5rem 0 .5rem;padding-top:1rem;border-top:1px solid GrayText}
details{margin:0 0 1rem}
summary{margin:0 0 .5rem;cursor:pointer}
code{overflow-wrap:anywhere;user-select:all}
[hidden]{display:none}
form+form{margin-top:.5rem}
svg{display:block;width:12rem;height:12rem;margin:0 auto 1rem}
[role=status]{margin:0 0 1rem;padding:.5rem;border-left:.25rem solid #2e7d32}
[role=alert]{margin:0 0 1rem;padding:.5rem;border-left:.25rem solid #b00020}
`;

/** No script but our own, nothing from elsewhere, in no frame; the form may only lead back to us and on to `targets`. */
export function contentSecurityPolicy(targets: readonly string[] = []): string {
  const style = createHash('sha256').update(STYLE).digest('base64');
  return [
    "default-src 'none'",
    `style-src 'sha256-${style}'`,
    `script-src ${PASSKEY_SCRIPT_HASH}`,
    `form-action ${["'self'", ...targets].join(' ')}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
}

const WORDS = {
  en: {
    title: 'Sign in to Lotwarden',
    account: 'Account',
    password: 'Password',
    signIn: 'Sign in',
    choose: 'Choose your own password',
    chooseWhy: 'Somebody else knows this password. Enter it once more, and a new one of at least 12 characters.',
    chooseExpired: 'This password is too old. Enter it once more, and a new one of at least 12 characters.',
    codeWhy: 'This account has an authenticator. Enter the password once more, and the code that it shows.',
    code: 'Code of the authenticator, or a recovery code',
    newPassword: 'New password',
    save: 'Save and sign in',
    outside: 'Sign in with',
    failed: 'This did not work',
    passkey: 'Sign in with a passkey',
    passkeyFailed: 'No passkey was shown. Try again, or use your password.',
    again: 'Go back to the program that sent you here and sign in again.',
  },
  zh: {
    title: '登录 Lotwarden',
    account: '账户',
    password: '密码',
    signIn: '登录',
    choose: '请设定您自己的密码',
    chooseWhy: '此密码由他人设置。请再次输入该密码,并设定至少 12 个字符的新密码。',
    chooseExpired: '此密码已过期。请再次输入该密码,并设定至少 12 个字符的新密码。',
    codeWhy: '此账户已启用身份验证器。请再次输入密码及验证码。',
    code: '验证码或恢复码',
    newPassword: '新密码',
    save: '保存并登录',
    outside: '使用以下方式登录:',
    failed: '操作未成功',
    passkey: '使用通行密钥登录',
    passkeyFailed: '未出示通行密钥。请重试,或使用密码登录。',
    again: '请返回来源程序重新登录。',
  },
} as const satisfies Record<Language, Record<string, string>>;

export interface LogInForm {
  readonly language: Language;
  /** Where it is posted to. */
  readonly action: string;
  readonly account: string;
  /** What was wrong with the last try. */
  readonly problem?: string | undefined;
  /** Asks for a new password too. */
  readonly choose: boolean;
  /** Why it does: the present one is too old; else somebody else knows it. */
  readonly expired?: boolean;
  /** Asks for the code of an authenticator too. */
  readonly withCode?: boolean;
  /** What the browser is asked for if somebody has a passkey; undefined where there can be none. */
  readonly passkey?: string | undefined;
  /** Other ways in: providers outside. */
  readonly outside: readonly { readonly name: string; readonly href: string }[];
}

export function logInPage(form: LogInForm): string {
  const { language, action, account, problem, choose, expired, withCode, passkey, outside } = form;
  const words = WORDS[language];
  const why = choose ? (expired ? words.chooseExpired : words.chooseWhy) : withCode ? words.codeWhy : undefined;
  const field = (name: string, label: string, rest: string) =>
    `<label>${label}<input name="${name}" required maxlength="200" ${rest}></label>`;
  return page(
    language,
    choose ? words.choose : words.title,
    `${problem === undefined ? '' : `<p role="alert">${escaped(problem)}</p>`}${why === undefined ? '' : `<p>${why}</p>`}
<form method="post" action="${escaped(action)}">
${field('account', words.account, `value="${escaped(account)}" autocomplete="username" autocapitalize="none" spellcheck="false" autofocus`)}
${field('password', words.password, 'type="password" autocomplete="current-password"')}
${withCode ? field('code', words.code, 'autocomplete="one-time-code" autocapitalize="none" spellcheck="false"') : ''}
${choose ? field('newPassword', words.newPassword, 'type="password" autocomplete="new-password" minlength="12"') : ''}
<button>${choose ? words.save : words.signIn}</button>
</form>${choose || withCode ? '' : `${passkey === undefined ? '' : passkeyForm('use', { action, options: passkey, failed: words.passkeyFailed, button: words.passkey })}${outside.map(({ name, href }) => `<a class="way" href="${escaped(href)}">${words.outside} ${escaped(name)}</a>`).join('')}`}`,
  );
}

/** A form that the script fills with what the browser gives. Its script comes with it. */
export const passkeyForm = (
  kind: 'add' | 'use',
  form: {
    readonly action: string;
    readonly options: string;
    readonly failed: string;
    readonly button: string;
    readonly fields?: string;
  },
): string =>
  `<form method="post" action="${escaped(form.action)}" data-passkey="${kind}" data-options="${escaped(form.options)}">${form.fields ?? ''}<input type="hidden" name="passkey"><p role="alert" data-failed hidden>${form.failed}</p><button>${form.button}</button></form><script>${PASSKEY_SCRIPT}</script>`;

export function errorPage(language: Language, reason: string): string {
  const words = WORDS[language];
  return page(language, words.failed, `<p role="alert">${escaped(reason)}</p><p>${words.again}</p>`);
}

export const page = (
  language: Language,
  title: string,
  body: string,
  { wide = false }: { readonly wide?: boolean } = {},
): string =>
  `<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${STYLE}</style></head>
<body><main${wide ? ' class="wide"' : ''}><h1>${title}</h1>
${body}
</main></body>
</html>
`;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '');
