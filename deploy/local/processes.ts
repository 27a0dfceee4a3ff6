import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Environment, StackError } from './find.ts';
import { lastLines, onPath } from './machine.ts';

export type Command = {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Environment;
  /** Milliseconds it is given to end when it needs longer than most. */
  readonly endsWithinMs?: number;
  /** Called after it ended in good order, while its data is still there. */
  readonly afterEnd?: () => Promise<void>;
};

export type Child = {
  readonly pid: number;
  readonly logFile: string;
  /** Resolves once, when the process has ended. */
  readonly exited: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  /** Undefined while it runs. */
  readonly ending: () => string | undefined;
};

/**
 * Starts a server in a process group of its own, so that a Ctrl-C at the terminal reaches us and not it. On Linux the
 * kernel also kills it when we die without a chance to (`setpriv --pdeathsig`).
 */
export function startChild(name: string, command: Command, runDir: string, env: Environment): Child {
  const logFile = path.join(runDir, `${name}.log`);
  const setpriv = process.platform === 'linux' ? onPath('setpriv', env) : undefined;
  const [program, args] =
    setpriv === undefined
      ? [command.program, command.args]
      : [setpriv, ['--pdeathsig', 'KILL', '--', command.program, ...command.args]];
  const log = openSync(logFile, 'a');
  const child = spawn(program, [...args], {
    cwd: runDir,
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...env, ...command.env },
  });
  closeSync(log);
  if (child.pid === undefined) throw new StackError(`${name}: ${program} could not be started; see ${logFile}`);
  writeFileSync(path.join(runDir, `${name}.pid`), String(child.pid));
  return watch(name, child, child.pid, logFile);
}

function watch(name: string, child: ChildProcess, pid: number, logFile: string): Child {
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', () => resolve({ code: null, signal: null }));
  });
  const ending = () => {
    if (child.exitCode === null && child.signalCode === null) return undefined;
    const how = child.signalCode === null ? `with code ${child.exitCode}` : `by ${child.signalCode}`;
    const hint = child.signalCode === 'SIGILL' ? ' This processor lacks instructions it needs (AVX).' : '';
    return `${name} ended ${how}.${hint} Its last words: ${lastLines(readFileSync(logFile, 'utf8'))} (${logFile})`;
  };
  return { pid, logFile, exited, ending };
}

/** SIGTERM, then SIGKILL after the grace time (milliseconds), to the whole group; returns when it has ended. */
export async function endChild(child: Child, graceMs: number): Promise<void> {
  signalGroup(child.pid, 'SIGTERM');
  signalGroup(child.pid, 'SIGCONT'); // one that was stopped for a test would not hear it
  const timer = new AbortController();
  const tooLate = wait(graceMs, undefined, { signal: timer.signal }).then(
    () => signalGroup(child.pid, 'SIGKILL'),
    () => undefined, // ended in time
  );
  await child.exited;
  timer.abort();
  await tooLate;
}

/** Signals a process group; one that is gone already is what we wanted. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Whether the process still runs; one that has ended and waits for its parent to notice does not. */
export function processAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return !isZombie(pid);
}

function isZombie(pid: number): boolean {
  try {
    // `pid (name) state …`; the name may hold brackets itself
    return /\) Z [^)]*$/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false; // a system without /proc, or gone between the two questions, which the next one will see
  }
}
