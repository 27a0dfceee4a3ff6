import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import type { Messages } from '../messages.ts';

const THROWN = /new (?:Rejected|Conflict|Transient)\(\s*'([^']+)'/g;
const QUESTION = /\{([a-zA-Z]\w*)\}/g;

/** Codes thrown under `folder` (production code) that have no words, or words nobody can use. Empty when all is well. */
export async function faultyMessages(folder: URL, messages: Messages): Promise<string[]> {
  const faults: string[] = [];
  for await (const file of glob('**/*.ts', { cwd: folder })) {
    if (/\.test\.ts$|(^|\/)(testing|test)\//.test(file)) continue;
    for (const [, code = ''] of readFileSync(new URL(file, folder), 'utf8').matchAll(THROWN))
      if (!Object.hasOwn(messages, code)) faults.push(`${file}: '${code}' has no message`);
  }
  for (const [code, { en, zh }] of Object.entries(messages)) {
    if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(code)) faults.push(`${code} is not kebab-case`);
    if (!/\p{Script=Han}/u.test(zh)) faults.push(`${code}: no Chinese`);
    const [english, chinese] = [en, zh].map((words) =>
      [...words.matchAll(QUESTION)]
        .map(([name]) => name)
        .sort()
        .join(),
    );
    if (english !== chinese)
      faults.push(`${code}: the languages tell different facts (${english ?? ''} / ${chinese ?? ''})`);
  }
  return faults;
}
