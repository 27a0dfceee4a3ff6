import { createHash } from 'node:crypto';
import type { Language } from './language.ts';

const STYLE = `
:root{color-scheme:light dark;font-family:system-ui,"Noto Sans SC","PingFang SC","Microsoft YaHei",sans-serif}
body{margin:0;min-height:100vh;display:grid;place-items:center;background:Canvas;color:CanvasText}
main{width:min(22rem,calc(100vw - 2rem));padding:2rem;border:1px solid GrayText;border-radius:.5rem}
h1{font-size:1.25rem;margin:0 0 1rem}
label{display:block;margin:0 0 1rem}
input{display:block;width:100%;box-sizing:border-box;margin-top:.25rem;padding:.5rem;font:inherit}
button{width:100%;padding:.6rem;font:inherit;cursor:pointer}
h2{font-size:1rem;margin:1.5rem 0 .5rem;padding-top:1rem;border-top:1px solid GrayText}
code{overflow-wrap:anywhere;user-select:all}
[hidden]{display:none}
form+form{margin-top:.5rem}
svg{display:block;width:12rem;height:12rem;margin:0 auto 1rem}
[role=status]{margin:0 0 1rem;padding:.5rem;border-left:.25rem solid #2e7d32}
[role=alert]{margin:0 0 1rem;padding:.5rem;border-left:.25rem solid #b00020}
`;

/** No scripts, nothing from elsewhere, in no frame; the form may only lead back to us and on to `targets`. */
export function contentSecurityPolicy(targets: readonly string[] = []): string {
  const style = createHash('sha256').update(STYLE).digest('base64');
  return [
    "default-src 'none'",
    `style-src 'sha256-${style}'`,
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
    failed: 'This did not work',
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
    failed: '操作未成功',
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
}

export function logInPage({ language, action, account, problem, choose, expired, withCode }: LogInForm): string {
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
</form>`,
  );
}

export function errorPage(language: Language, reason: string): string {
  const words = WORDS[language];
  return page(language, words.failed, `<p role="alert">${escaped(reason)}</p><p>${words.again}</p>`);
}

export const page = (language: Language, title: string, body: string): string =>
  `<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${STYLE}</style></head>
<body><main><h1>${title}</h1>
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
