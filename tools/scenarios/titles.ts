import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');

interface Title {
  readonly file: string;
  readonly title: string;
}

/** The names of the tests in the files that a pattern finds. */
export const titlesIn = (pattern: string): Title[] =>
  globSync(pattern, { cwd: ROOT, exclude: (path) => path.includes('node_modules') }).flatMap((file) =>
    [...readFileSync(join(ROOT, file), 'utf8').matchAll(/^test(?:\.each\(.*\))?\('(.*?)', /gm)].map(
      ([, title = '']) => ({ file, title }),
    ),
  );
