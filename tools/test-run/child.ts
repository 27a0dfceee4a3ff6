import { spawn } from 'node:child_process';

export interface Ended {
  /** null: killed, because its time was over or the whole run was stopped. */
  exitCode: number | null;
  /** What it printed, when it was not shown at once. */
  output: string;
}

export interface ChildOptions {
  /** Milliseconds; then it is killed with all its children. */
  timeLimit: number;
  env?: NodeJS.ProcessEnv;
  /** Print as it comes, instead of keeping it. */
  show?: boolean;
  signal: AbortSignal;
}

/** Runs one Node program to its end, in a process group of its own, so that nothing of it outlives its time. */
export function runNode(
  args: readonly string[],
  { timeLimit, env, show = false, signal }: ChildOptions,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      detached: true,
      env: { ...process.env, ...env },
      stdio: show ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout?.on('data', (text: Buffer) => (output += text.toString()));
    child.stderr?.on('data', (text: Buffer) => (output += text.toString()));

    const killAll = () => {
      if (child.pid !== undefined) killGroup(child.pid);
    };
    const timer = setTimeout(() => {
      output += `\nkilled after ${timeLimit / 1000} s\n`;
      killAll();
    }, timeLimit);
    signal.addEventListener('abort', killAll, { once: true });
    if (signal.aborted) killAll();

    child.once('error', reject);
    child.once('close', (exitCode) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', killAll);
      killAll(); // what it left behind
      resolve({ exitCode, output });
    });
  });
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // ESRCH: nobody is left
  }
}
