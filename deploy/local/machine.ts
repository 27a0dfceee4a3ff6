import { execFile } from 'node:child_process';
import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { type Environment, StackError } from './find.ts';

export type Outcome = { readonly code: number | string; readonly stdout: string; readonly stderr: string };

/** Runs a program to its end; never throws for its exit code. `code` is 'ENOENT' when there is no such program. */
export function run(program: string, args: readonly string[], env: Environment, cwd?: string): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(
      program,
      [...args],
      { env: { ...env }, maxBuffer: 64 << 20, ...(cwd === undefined ? {} : { cwd }) },
      (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : (error.code ?? error.signal ?? 1), stdout, stderr }),
    );
  });
}

/** First executable file of that name on PATH. */
export function onPath(program: string, env: Environment): string | undefined {
  return (env['PATH'] ?? '')
    .split(path.delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => path.join(folder, program))
    .find(isExecutable);
}

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false; // absent or not ours to run: both mean "not here"
  }
}

/** Debian or Ubuntu (or a child of theirs) where we may install packages. */
export function mayUseApt(env: Environment): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || onPath('apt-get', env) === undefined) return false;
  return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(readFileSync('/etc/os-release', 'utf8'));
}

/**
 * Installs distribution packages; apt verifies them by the distribution's own signatures.
 * @throws StackError naming the packages when apt refuses.
 */
export async function aptInstall(packages: readonly string[], env: Environment): Promise<void> {
  const quiet = { ...env, DEBIAN_FRONTEND: 'noninteractive' };
  const waitForLock = ['-o', 'DPkg::Lock::Timeout=120'];
  // A stale list is no reason to fail as long as the packages are still there, so only the install decides.
  const update = await run('apt-get', [...waitForLock, '-q', 'update'], quiet);
  const install = await run(
    'apt-get',
    [...waitForLock, '-q', '-y', '--no-install-recommends', 'install', ...packages],
    quiet,
  );
  if (install.code === 0) return;
  throw new StackError(
    `apt-get could not install ${packages.join(' ')}: ${lastLines(install.stderr || install.stdout)}` +
      (update.code === 0 ? '' : ` (apt-get update failed before: ${lastLines(update.stderr)})`) +
      `. Install ${packages.length > 1 ? 'them' : 'it'} by hand and try again.`,
  );
}

export function lastLines(text: string, count = 3): string {
  return text.trim().split('\n').slice(-count).join(' | ');
}

/** Major version in the first `N.` or `"N` that follows the given word, undefined when there is none. */
export function majorAfter(word: string, text: string): number | undefined {
  const at = text.indexOf(word);
  const match = at < 0 ? null : /\d+/.exec(text.slice(at + word.length));
  return match ? Number(match[0]) : undefined;
}
