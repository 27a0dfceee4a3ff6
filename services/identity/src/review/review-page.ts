import { isRole, roles } from '@lotwarden/platform/roles';
import type { Language } from '../openid/language.ts';
import { escaped, page } from '../openid/pages.ts';
import { factText } from './fact-text.ts';
import type { Decision, KnownReview } from './review.ts';
import { keyOf, type Subject } from './subject.ts';

const WORDS = {
  en: {
    title: 'Who has access',
    none: 'No review is open.',
    begin: 'Begin a review',
    why: 'Reason',
    due: 'due',
    overdue: 'overdue since',
    decided: 'decided',
    left: 'Still to decide',
    own: 'Your own access, or that of whom you stand in for: another reviewer decides it.',
    outdated: 'Access changed since it was looked at:',
    refresh: 'Look at these anew',
    person: 'Person',
    system: 'Service account',
    device: 'Device',
    provider: 'Outside log-in',
    roles: 'Roles',
    sites: 'Sites',
    all: 'all',
    seen: 'Last seen',
    never: 'never',
    verdict: 'Decision',
    later: 'not yet',
    keep: 'Keep',
    reduce: 'Only what is ticked',
    deactivate: 'Deactivate',
    deputies: 'end deputyships',
    reason: 'Reason',
    save: 'Save decisions',
    saved: 'The decisions are saved.',
    done: 'Decisions',
    change: 'change',
    sign: 'Sign off',
    signWhy:
      'Everybody is decided. With your signature you confirm that access was reviewed; what was decided is done at once.',
    account: 'Account',
    password: 'Password',
    code: 'Code of the authenticator',
    signed: 'The review is signed.',
    signedBy: 'Signed by',
    outcome: 'Done',
    isDone: 'yes',
    meaning: 'Reviewed who has access',
    forbidden: 'Your roles do not include the review of access. Ask an administrator.',
    last: 'Last review',
  },
  zh: {
    title: '访问权限复核',
    none: '目前没有进行中的复核。',
    begin: '发起复核',
    why: '原因',
    due: '截止',
    overdue: '已逾期,截止于',
    decided: '已复核',
    left: '待复核',
    own: '本人或被代理人的权限须由另一位复核人处理。',
    outdated: '以下对象的权限已变更:',
    refresh: '更新这些对象',
    person: '人员',
    system: '服务账户',
    device: '设备',
    provider: '外部登录',
    roles: '角色',
    sites: '场所',
    all: '全部',
    seen: '最近使用',
    never: '从未',
    verdict: '结论',
    later: '暂不',
    keep: '保留',
    reduce: '仅保留勾选的角色',
    deactivate: '停用',
    deputies: '终止代理',
    reason: '理由',
    save: '保存结论',
    saved: '结论已保存。',
    done: '复核结论',
    change: '修改',
    sign: '签署',
    signWhy: '所有对象均已复核。签署即确认已完成访问权限复核,结论将立即执行。',
    account: '账户',
    password: '密码',
    code: '验证码',
    signed: '复核已签署。',
    signedBy: '签署人',
    outcome: '执行结果',
    isDone: '已执行',
    meaning: '已复核访问权限',
    forbidden: '您的角色不含访问权限复核。请联系管理员。',
    last: '最近一次复核',
  },
} as const satisfies Record<Language, Record<string, string>>;

type Words = (typeof WORDS)[Language];

export interface ReviewPage {
  readonly language: Language;
  /** Where its forms are posted to. */
  readonly action: string;
  readonly csrf: string;
  readonly account: string;
  /** Whether the account has an authenticator, whose code signing asks for. */
  readonly withCode: boolean;
  /** The last one; undefined = there never was one. */
  readonly review: { readonly id: string; readonly known: KnownReview; readonly overdue: boolean } | undefined;
  /** To be decided now, by whoever looks. */
  readonly asked: readonly Subject[];
  /** Of the open ones, those that another has to decide. */
  readonly own: readonly Subject[];
  /** What is other than it was looked at. */
  readonly outdated: readonly string[];
  readonly problem?: string | undefined;
  readonly done?: 'saved' | 'signed' | undefined;
}

export const forbiddenPage = (language: Language): string =>
  page(language, WORDS[language].title, `<p role="alert">${WORDS[language].forbidden}</p>`);

export function reviewPage(shown: ReviewPage): string {
  const { language, problem, done, review } = shown;
  const words = WORDS[language];
  const told = `${problem === undefined ? '' : `<p role="alert">${escaped(problem)}</p>`}${done === undefined ? '' : `<p role="status">${words[done]}</p>`}`;
  const body = review?.known.status === 'open' ? openReview(shown, review.known, words) : noneOpen(shown, words);
  return page(language, words.title, `${told}${body}`, { wide: true });
}

function noneOpen(shown: ReviewPage, words: Words): string {
  const { review } = shown;
  const last = review ? `<h2>${words.last}</h2>${heading(shown, words)}${signedBy(review.known, words)}${decisions(shown, review.known, words)}` : ''; // prettier-ignore
  return `<p>${words.none}</p>${form(shown, 'begin', field('reason', words.why, ''), words.begin)}${last}`;
}

function openReview(shown: ReviewPage, known: KnownReview, words: Words): string {
  const { asked, own, outdated } = shown;
  const stale = outdated.length === 0 ? '' : `<p role="alert">${words.outdated} ${outdated.map(escaped).join(', ')}</p>${form(shown, 'refresh', '', words.refresh)}`; // prettier-ignore
  const rows = asked.map((subject, n) => row(subject, n, known, shown.language, words)).join('');
  const toDecide = asked.length === 0 ? '' : `<h2>${words.left}</h2>${form(shown, 'decide', rows, words.save)}`;
  const others = own.length === 0 ? '' : `<p>${words.own} ${own.map(({ name, id }) => `${escaped(name)} (${escaped(id)})`).join(', ')}</p>`; // prettier-ignore
  const isReady = known.decisions.length === known.subjects.length && outdated.length === 0;
  const sign = `<h2>${words.sign}</h2><p>${words.signWhy}</p>${form(shown, 'sign', `<input hidden name="username" autocomplete="username" value="${escaped(shown.account)}">${field('password', words.password, 'type="password" autocomplete="current-password"')}${shown.withCode ? field('code', words.code, 'autocomplete="one-time-code" autocapitalize="none" spellcheck="false"') : ''}${field('reason', words.why, '')}`, words.sign)}`;
  return `${heading(shown, words)}${stale}${toDecide}${others}${isReady ? sign : ''}${decisions(shown, known, words)}`;
}

function heading({ review }: ReviewPage, words: Words): string {
  if (!review) return '';
  const { id, known, overdue } = review;
  return `<p><strong>${escaped(id)}</strong> · ${overdue ? words.overdue : words.due} ${known.due.slice(0, 10)} · ${String(known.decisions.length)}/${String(known.subjects.length)} ${words.decided}</p>`;
}

const signedBy = ({ signature }: KnownReview, words: Words): string =>
  signature
    ? `<p>${words.signedBy} ${escaped(signature.signerName)} (${escaped(signature.signer)}), ${words.meaning}, ${escaped(signature.signedAt)}: ${escaped(signature.reason)}</p>`
    : '';

function row(subject: Subject, n: number, known: KnownReview, language: Language, words: Words): string {
  const { kind, id, name } = subject;
  const at = `${String(n)}.`;
  const before = known.decisions.find((decision) => decision.subject === keyOf(subject));
  const option = (value: string, label: string): string => `<option value="${value}"${before?.verdict === value ? ' selected' : ''}>${label}</option>`; // prettier-ignore
  const isPerson = kind === 'person';
  const rolesLeft = before?.roles ?? subject.roles;
  const held = isPerson
    ? subject.roles
        .map(
          (role) =>
            `<label class="tick"><input type="checkbox" name="${at}role" value="${escaped(role)}"${rolesLeft.includes(role) ? ' checked' : ''}>${roleName(role, language)}</label>`,
        ) // prettier-ignore
        .join('')
    : subject.roles.map((role) => roleName(role, language)).join(', ');
  const facts = subject.facts.map((fact) => escaped(factText(fact, language))).join('; ');
  const stands = subject.facts.some(({ fact }) => fact === 'stands-for');
  return `<fieldset><legend>${words[kind]}: ${escaped(name)} (${escaped(id)})</legend><input type="hidden" name="${at}subject" value="${escaped(keyOf(subject))}">
<p>${words.sites}: ${subject.sites === null ? words.all : subject.sites.map(escaped).join(', ')}${isPerson ? ` · ${words.seen}: ${subject.lastSeenAt?.slice(0, 10) ?? words.never}` : ''}${facts === '' ? '' : `<br>${facts}`}</p>
<div>${words.roles}: ${held}</div>
<label>${words.verdict}<select name="${at}verdict"><option value="">${words.later}</option>${option('keep', words.keep)}${isPerson ? option('reduce', words.reduce) : ''}${option('deactivate', words.deactivate)}</select></label>
${stands ? `<label class="tick"><input type="checkbox" name="${at}deputies" value="end"${before?.endDeputyships ? ' checked' : ''}>${words.deputies}</label>` : ''}<label>${words.reason}<input name="${at}reason" maxlength="300" value="${escaped(before?.reason ?? '')}"></label></fieldset>`;
}

function decisions({ action, language }: ReviewPage, known: KnownReview, words: Words): string {
  if (known.decisions.length === 0) return '';
  const byKey = new Map(known.subjects.map((subject) => [keyOf(subject), subject]));
  const outcomes = new Map(known.carriedOut.map(({ subject, outcome }) => [subject, outcome]));
  const isOpen = known.status === 'open';
  const line = (decision: Decision): string => {
    const subject = byKey.get(decision.subject);
    const left = decision.roles ? `: ${decision.roles.map((role) => roleName(role, language)).join(', ')}` : '';
    const last = isOpen
      ? `<a href="${escaped(action)}?subject=${encodeURIComponent(decision.subject)}">${words.change}</a>`
      : outcomeOf(outcomes.get(decision.subject), words);
    return `<tr><td>${escaped(subject?.name ?? '')}<br>${escaped(decision.subject)}</td><td>${words[decision.verdict]}${left}</td><td>${escaped(decision.reason)}</td><td>${escaped(decision.by)}</td><td>${last}</td></tr>`;
  };
  return `<h2>${words.done}</h2><table><thead><tr><th></th><th>${words.verdict}</th><th>${words.reason}</th><th>${words.account}</th><th>${isOpen ? '' : words.outcome}</th></tr></thead><tbody>${known.decisions.map(line).join('')}</tbody></table>`;
}

const outcomeOf = (outcome: string | undefined, words: Words): string =>
  outcome === 'done' ? words.isDone : escaped(outcome ?? '');

const roleName = (role: string, language: Language): string => escaped(isRole(role) ? roles[role][language] : role);

const field = (name: string, label: string, rest: string): string =>
  `<label>${label}<input name="${name}" required maxlength="300" ${rest}></label>`;

const form = ({ action, csrf }: ReviewPage, wish: string, fields: string, button: string): string =>
  `<form method="post" action="${escaped(action)}"><input type="hidden" name="csrf" value="${escaped(csrf)}"><input type="hidden" name="do" value="${wish}">${fields}<button>${button}</button></form>`;
