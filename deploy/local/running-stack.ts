import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { ServerName } from './find.ts';
import { processAlive } from './processes.ts';

/** What `make stack-up` leaves in .lotwarden/stack.json. */
export type RunningStack = {
  readonly kafka: string;
  readonly mongo: string;
  readonly redis: string;
  readonly pids: { readonly supervisor: number } & Partial<Record<ServerName, number>>;
  readonly runDir: string;
};

export const stackFile = (root: string) => path.join(root, '.lotwarden', 'stack.json');

/** The stack that `make stack-up` started in this checkout, undefined when there is none or it has died. */
export function runningStack(root: string): RunningStack | undefined {
  const file = stackFile(root);
  if (!existsSync(file)) return undefined;
  const stack = JSON.parse(readFileSync(file, 'utf8')) as RunningStack;
  return Object.values(stack.pids).every(processAlive) ? stack : undefined;
}
