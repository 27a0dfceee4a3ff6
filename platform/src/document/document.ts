import type { Shown } from '../signature/shown-signature.ts';

/** What is printed: made from what a route shows, so that it says neither more nor less than that. */
export interface PrintedDocument {
  readonly title: string;
  readonly parts: readonly Part[];
  /** At the foot of every page: which record it is. */
  readonly foot: string;
}

export type Part =
  | { readonly kind: 'text'; readonly heading?: string; readonly text: string }
  | { readonly kind: 'fields'; readonly heading?: string; readonly fields: readonly (readonly [string, string])[] }
  | {
      readonly kind: 'table';
      readonly heading: string;
      readonly columns: readonly string[];
      readonly rows: readonly (readonly string[])[];
      /** What is told instead of a table without rows. */
      readonly none: string;
    }
  | { readonly kind: 'signatures'; readonly heading: string; readonly signatures: readonly Shown[] };

/** How somebody wants it printed. */
export interface Printing {
  readonly language: 'en' | 'zh';
  /** When it was asked for; ISO 8601. */
  readonly at: string;
}

const WORDS = {
  en: {
    page: (n: number, of: number) => `Page ${String(n)} of ${String(of)}`,
    printed: (at: string) => `Printed ${at}`,
    signed: (at: string) => `on ${at}`,
    reason: 'Reason',
    earlier: 'Signed for an earlier version of this record: it changed since.',
    broken: 'This signature does not hold: its key was revoked.',
    verify: (id: string, hash: string) => `Signature ${id}, record SHA-256 ${hash}`,
    withheld: 'Not shown to this reader',
    unsigned: 'Not signed.',
  },
  zh: {
    page: (n: number, of: number) => `第 ${String(n)} 页,共 ${String(of)} 页`,
    printed: (at: string) => `打印时间 ${at}`,
    signed: (at: string) => `签署时间 ${at}`,
    reason: '理由',
    earlier: '此签名针对该记录的早期版本,记录此后已变更。',
    broken: '此签名无效:密钥已被吊销。',
    verify: (id: string, hash: string) => `签名编号 ${id},记录 SHA-256 ${hash}`,
    withheld: '对当前读者不显示',
    unsigned: '尚未签署。',
  },
} as const;

export const printedWords = (language: Printing['language']) => WORDS[language];

/** A signature in lines: printed name, meaning, time, reason (21 CFR 11.50), and whether it is of this version (11.70). */
export function signatureLines(shown: Shown, language: Printing['language']): { name: string; lines: string[] } {
  const words = WORDS[language];
  const { name, account, meaning, at, reason, ofCurrentVersion, holds, signatureId, recordHash } = shown;
  return {
    name: `${name} (${account})`,
    lines: [
      `${meaning[language]} · ${words.signed(at)}`,
      `${words.reason}: ${reason}`,
      ...(ofCurrentVersion ? [] : [words.earlier]),
      ...(holds === false ? [words.broken] : []),
      ...(signatureId !== null && recordHash !== null ? [words.verify(signatureId, recordHash)] : []),
    ],
  };
}
