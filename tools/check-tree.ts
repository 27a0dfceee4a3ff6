/** Checks that no tool has a rule for: one MongoDB driver, a lock file without addresses, no path of anyone's machine. */
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { lockFileProblems, type LockFile } from './check/lock-file.ts';
import { textProblems, type Machine } from './check/text.ts';

const output = (command: string, ...args: string[]): string => execFileSync(command, args, { encoding: 'utf8' });

const machine: Machine = {
  checkout: process.cwd(),
  home: homedir(),
  registries: [
    output('npm', 'config', 'get', 'registry'),
    process.env['PIP_INDEX_URL'] ?? '',
    process.env['GOPROXY'] ?? '',
  ]
    .flatMap((value) => value.trim().split(/[,|]/))
    .filter((value) => URL.canParse(value))
    .map((value) => new URL(value).host),
};

const LARGEST = 2 ** 20; // bytes; anything above is data
const files = output('git', 'ls-files', '--cached', '--others', '--exclude-standard')
  .split('\n')
  .filter((path) => path !== '' && statSync(path, { throwIfNoEntry: false })?.isFile());

const problems = [
  ...lockFileProblems(JSON.parse(readFileSync('package-lock.json', 'utf8')) as LockFile),
  ...files
    .filter((path) => path !== 'package-lock.json' && statSync(path).size < LARGEST)
    .flatMap((path) => textProblems(path, readFileSync(path, 'utf8'), machine)),
];

for (const problem of problems) console.log(problem);
console.log(`${files.length} files looked at, ${problems.length} problems`);
process.exitCode = problems.length > 0 ? 1 : 0;
