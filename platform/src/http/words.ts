import type { Language } from '../messages.ts';

/** Between the words of the two languages; nobody types it. */
const BETWEEN = '\u001f';

/**
 * What is wrong with a field, in both languages, where a schema says it in words of its own:
 *
 *     z.string().regex(/^[A-Z]{3}$/, words('three capital letters', '三个大写字母'))
 */
export const words = (en: string, zh: string): string => `${en}${BETWEEN}${zh}`;

/** What zod says itself is in the language of the caller already. */
export function wordsIn(language: Language, message: string): string {
  const [en = '', zh = en] = message.split(BETWEEN);
  return language === 'zh' ? zh : en;
}
