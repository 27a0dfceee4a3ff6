import type { Language } from './language.ts';
import { escaped, page } from './pages.ts';

const WORDS = {
  en: {
    title: 'Let a program act for you?',
    asks: (name: string, maker: string) => `${name}, made by ${maker}, asks to act for you here.`,
    can: 'It could do what your roles allow, and see what you see. It cannot sign: that takes your password each time.',
    end: 'You can take it back at any time, on the page of your account.',
    as: 'You are signed in as',
    allow: 'Allow',
    deny: 'Do not allow',
  },
  zh: {
    title: '是否允许此程序代表您操作?',
    asks: (name: string, maker: string) => `${maker} 的程序 ${name} 请求在本系统中代表您操作。`,
    can: '该程序可执行您的角色所允许的操作,并查看您可见的内容。签署须每次输入您的密码,该程序不能代签。',
    end: '您可随时在“我的账户”页面撤回。',
    as: '当前登录账户',
    allow: '允许',
    deny: '不允许',
  },
} as const satisfies Record<Language, object>;

interface ConsentPage {
  readonly language: Language;
  readonly action: string;
  readonly account: string;
  readonly program: { readonly name: string; readonly maker: string };
}

export function consentPage({ language, action, account, program }: ConsentPage): string {
  const words = WORDS[language];
  const button = (wish: string, label: string): string => `<form method="post" action="${escaped(action)}"><input type="hidden" name="consent" value="${wish}"><button>${label}</button></form>`; // prettier-ignore
  return page(
    language,
    words.title,
    `<p>${escaped(words.asks(program.name, program.maker))}</p><p>${words.can}</p><p>${words.end}</p><p>${words.as}: ${escaped(account)}</p>${button('allow', words.allow)}${button('deny', words.deny)}`,
  );
}
