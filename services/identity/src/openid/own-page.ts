import type { Language } from './language.ts';
import type { Passkey } from '../account/account.ts';
import { escaped, page, passkeyForm } from './pages.ts';

const WORDS = {
  en: {
    title: 'Your account',
    password: 'Password',
    presentPassword: 'Present password',
    outside: 'You log in at {provider}. For signatures choose a password of your own here; it opens nothing else.',
    signing: 'Password for signatures, at least 12 characters',
    choose: 'Choose it',
    again: 'Log in at {provider} once more to choose it',
    newPassword: 'New password, at least 12 characters',
    change: 'Change password',
    changed: 'The password is changed; other browsers are signed out.',
    second: 'Second factor',
    confirmed: 'An authenticator is in use. If it is lost, ask an administrator to reset it.',
    none: 'None yet. With an authenticator app, log-in and signatures ask for its code too.',
    add: 'Add an authenticator',
    scan: 'Scan this with the app, or type the secret in. Then enter the code that it shows.',
    secret: 'Secret',
    code: 'Code of the authenticator',
    confirm: 'Confirm',
    added: 'The authenticator is in use from now on.',
    recovery:
      'Without it, each of these codes signs you in once; it signs no record. They are shown only now: write them down and keep them apart.',
    passkeys: 'Passkeys',
    passkeyWhy:
      'A key on your phone, computer or security key, opened by its PIN or your finger. It signs you in without a password; records are signed with the password and the code.',
    passkeyName: 'What you call it',
    passkeyAdd: 'Add a passkey',
    passkeyFailed: 'No passkey was made. Try again.',
    passkeyRemove: 'Remove',
    addedOn: 'added',
    passkey: 'Your passkeys are changed.',
    programs: 'Programs that act for you',
    endConsent: 'Take back',
    consent: 'The program acts for you no more; what it has ends within 15 minutes.',
    sessions: 'Signed in',
    here: 'this browser',
    endOthers: 'Sign out all others',
    ended: 'All others are signed out.',
    signOut: 'Sign out here',
    signedOut: 'You are signed out.',
    since: 'since',
  },
  zh: {
    title: '我的账户',
    password: '密码',
    presentPassword: '当前密码',
    outside: '您通过 {provider} 登录。请在此设定仅用于签署的密码;该密码不能用于登录。',
    signing: '签署密码(至少 12 个字符)',
    choose: '设定',
    again: '请先通过 {provider} 重新登录,再进行设定',
    newPassword: '新密码(至少 12 个字符)',
    change: '修改密码',
    changed: '密码已修改,其他浏览器已退出登录。',
    second: '第二验证因素',
    confirmed: '身份验证器已启用。如已丢失,请联系管理员重置。',
    none: '尚未启用。添加身份验证器后,登录和签署时还须输入其验证码。',
    add: '添加身份验证器',
    scan: '请用应用扫描此二维码或手动输入密钥,然后输入显示的验证码。',
    secret: '密钥',
    code: '验证码',
    confirm: '确认',
    added: '身份验证器已启用。',
    recovery: '无法使用身份验证器时,以下每个恢复码可登录一次,但不能用于签署。恢复码仅显示一次:请抄写并另行保管。',
    passkeys: '通行密钥',
    passkeyWhy: '保存在手机、电脑或安全密钥中,以 PIN 或指纹开启。可免密码登录;签署记录仍须密码和验证码。',
    passkeyName: '名称',
    passkeyAdd: '添加通行密钥',
    passkeyFailed: '未创建通行密钥。请重试。',
    passkeyRemove: '移除',
    addedOn: '添加于',
    passkey: '通行密钥已更改。',
    programs: '代表您操作的程序',
    endConsent: '撤回',
    consent: '该程序不再代表您操作;已有的访问将在 15 分钟内失效。',
    sessions: '登录状态',
    here: '当前浏览器',
    endOthers: '退出其他所有登录',
    ended: '其他登录均已退出。',
    signOut: '退出当前登录',
    signedOut: '您已退出登录。',
    since: '登录于',
  },
} as const satisfies Record<Language, Record<string, string>>;

/** What is told at the top of the page once it has happened. */
export type Done = 'changed' | 'ended' | 'passkey' | 'consent';

export interface OwnPage {
  readonly language: Language;
  /** Where its forms are posted to. */
  readonly action: string;
  /** Shows that a form is from this page in this browser. */
  readonly csrf: string;
  readonly account: string;
  readonly name: string;
  readonly authenticator: 'none' | 'offered' | 'confirmed';
  /** What the browser is asked for to add one, and those that are there; undefined where there can be none. */
  readonly passkeys?: { readonly add: string; readonly those: readonly Passkey[] } | undefined;
  /** Programs of others, which the person lets act for him. */
  readonly programs: readonly { readonly program: string; readonly name: string }[];
  readonly sessions: readonly { readonly since: string; readonly here: boolean }[];
  /** Where the person logs in, if not here, and whether that was a moment ago; null once there is a password for signatures. */
  readonly outside: { readonly provider: string; readonly fresh: boolean; readonly again: string } | null;
  /** The secret of an authenticator that was offered just now, and its picture (SVG of our own making). */
  readonly offer?: { readonly secret: string; readonly picture: string } | undefined;
  /** Of the authenticator that was confirmed just now. */
  readonly recovery?: readonly string[] | undefined;
  readonly problem?: string | undefined;
  readonly done?: Done | undefined;
}

export function ownPage(own: OwnPage): string {
  const { language, account, name, problem, done } = own;
  const words = WORDS[language];
  return page(
    language,
    words.title,
    `<p>${escaped(name)} · ${escaped(account)}</p>
${problem === undefined ? '' : `<p role="alert">${escaped(problem)}</p>`}${done === undefined ? '' : `<p role="status">${words[done]}</p>`}
${secondFactor(own)}
<h2>${words.password}</h2>
${own.outside ? signingPassword(own, own.outside) : form(own, 'password', `${field('password', words.presentPassword, CURRENT)}${own.authenticator === 'confirmed' ? field('code', words.code, CODE) : ''}${field('newPassword', words.newPassword, NEW)}`, words.change)}
${passkeySection(own)}
${programSection(own)}
<h2>${words.sessions}</h2>
<ul>${own.sessions.map(({ since, here }) => `<li>${words.since} <time>${escaped(since.slice(0, 16).replace('T', ' '))} UTC</time>${here ? ` (${words.here})` : ''}</li>`).join('')}</ul>
${own.sessions.length > 1 ? form(own, 'end-others', '', words.endOthers) : ''}
${form(own, 'sign-out', '', words.signOut)}`,
  );
}

export const signedOutPage = (language: Language): string =>
  page(language, WORDS[language].title, `<p role="status">${WORDS[language].signedOut}</p>`);

const CURRENT = 'type="password" autocomplete="current-password"';
const NEW = 'type="password" autocomplete="new-password" minlength="12"';
const CODE = 'autocomplete="one-time-code" autocapitalize="none" spellcheck="false"';

function secondFactor(own: OwnPage): string {
  const words = WORDS[own.language];
  const title = `<h2>${words.second}</h2>`;
  if (own.recovery)
    return `${title}<p role="status">${words.added}</p><p>${words.recovery}</p><ul>${own.recovery.map((code) => `<li><code>${escaped(code)}</code></li>`).join('')}</ul>`;
  if (own.authenticator === 'confirmed') return `${title}<p>${words.confirmed}</p>`;
  const shown = own.offer
    ? `${own.offer.picture}<p>${words.scan}</p><p>${words.secret}: <code>${escaped(own.offer.secret)}</code></p>`
    : `<p>${words.none}</p>`;
  const confirm = form(own, 'confirm', field('code', words.code, CODE), words.confirm);
  const add = form(own, 'add', field('password', words.presentPassword, CURRENT), words.add);
  // One that was offered can be confirmed yet; its secret is not shown twice, a new one takes its place.
  return `${title}${shown}${own.authenticator === 'offered' ? confirm : ''}${own.offer ? '' : add}`;
}

function programSection(own: OwnPage): string {
  const words = WORDS[own.language];
  if (own.programs.length === 0) return '';
  const one = ({ program, name }: OwnPage['programs'][number]): string =>
    `<p>${escaped(name)}</p>${form(own, 'end-consent', `<input type="hidden" name="program" value="${escaped(program)}">`, words.endConsent)}`;
  return `<h2>${words.programs}</h2>${own.programs.map(one).join('')}`;
}

/** None for whoever logs in elsewhere: there is where passkeys of his belong. */
function passkeySection(own: OwnPage): string {
  const { passkeys, outside, authenticator, action, csrf } = own;
  if (!passkeys || outside) return '';
  const words = WORDS[own.language];
  const shown = `${field('password', words.presentPassword, CURRENT)}${authenticator === 'confirmed' ? field('code', words.code, CODE) : ''}`;
  const those = passkeys.those.map(({ id, name, addedAt }) => `<details><summary>${escaped(name)} · ${words.addedOn} ${addedAt.slice(0, 10)}</summary>${form(own, 'remove-passkey', `<input type="hidden" name="id" value="${escaped(id)}">${shown}`, words.passkeyRemove)}</details>`); // prettier-ignore
  const hidden = `<input type="hidden" name="csrf" value="${escaped(csrf)}"><input type="hidden" name="do" value="add-passkey">`;
  const fields = `${hidden}${field('name', words.passkeyName, 'autocomplete="off"')}${shown}`;
  return `<h2>${words.passkeys}</h2><p>${words.passkeyWhy}</p>${those.join('')}${passkeyForm('add', { action, options: passkeys.add, failed: words.passkeyFailed, button: words.passkeyAdd, fields })}`;
}

/** Whoever logs in elsewhere has no password to show: the log-in there, a moment ago, is shown instead. */
function signingPassword(own: OwnPage, { provider, fresh, again }: NonNullable<OwnPage['outside']>): string {
  const words = WORDS[own.language];
  const said = (text: string): string => escaped(text.replace('{provider}', provider));
  const choose = form(own, 'sign-with', field('newPassword', words.signing, NEW), words.choose);
  return `<p>${said(words.outside)}</p>${fresh ? choose : `<a class="way" href="${escaped(again)}">${said(words.again)}</a>`}`;
}

const field = (name: string, label: string, rest: string): string =>
  `<label>${label}<input name="${name}" required maxlength="200" ${rest}></label>`;

const form = ({ action, csrf, account }: OwnPage, wish: string, fields: string, button: string): string =>
  `<form method="post" action="${escaped(action)}"><input type="hidden" name="csrf" value="${escaped(csrf)}"><input type="hidden" name="do" value="${wish}">${fields.includes('type="password"') ? `<input hidden autocomplete="username" value="${escaped(account)}">` : ''}${fields}<button>${button}</button></form>`;
