import { type Environment, StackError } from './find.ts';
import type { PortBlock } from './ports.ts';
import { type Child, type Command, endChild, signalGroup, startChild } from './processes.ts';
import type { Place, ServerKind } from './server.ts';
import { until } from './until.ts';

/** Data is thrown away at stop, so nobody needs a long goodbye; at a restart it is kept. */
const STOP_GRACE_MS = 3_000;
const RESTART_GRACE_MS = 20_000;

export type Control = {
  readonly pid: () => number | undefined;
  readonly restart: () => Promise<void>;
  readonly kill: (signal: NodeJS.Signals) => Promise<void>;
  readonly killNow: () => void;
  readonly stop: () => Promise<void>;
};

/** What the servers of one run share. */
export type Run = {
  readonly env: Environment;
  readonly dir: string;
  readonly ports: PortBlock;
  readonly log: (line: string) => void;
  readonly onUnexpectedEnd: (message: string) => void;
};

/** Runs a server's preparation, with its output beside the servers' logs. */
export async function runToEnd(name: string, command: Command, run: Run): Promise<void> {
  const child = startChild(name, command, run.dir, run.env);
  const { code } = await child.exited;
  if (code !== 0) throw new StackError(child.ending() ?? `${name} failed; see ${child.logFile}`);
}

/** One server of ours: started again and again on the same place. */
export function controlled<P>(kind: ServerKind<P>, command: Command, place: Place, run: Run): Control {
  let child: Child | undefined;
  let closed = false;
  const asked = new WeakSet<Child>();
  const alive = () => (child !== undefined && child.ending() === undefined ? child : undefined);
  const end = async (graceMs: number) => {
    const current = alive();
    if (current === undefined) return;
    asked.add(current);
    await endChild(current, Math.max(graceMs, command.endsWithinMs ?? 0));
    if ((await current.exited).signal !== 'SIGKILL') await command.afterEnd?.();
  };
  return {
    pid: () => alive()?.pid,
    restart: async () => {
      await end(RESTART_GRACE_MS);
      if (closed) throw new StackError(`${kind.name}: the stack was stopped`);
      const next = startChild(kind.name, command, run.dir, run.env);
      child = next;
      await until(kind.name, kind.readyMs, () => kind.check(kind.address(place), place), next.ending);
      void next.exited.then(() => {
        if (!asked.has(next)) run.onUnexpectedEnd(next.ending() ?? `${kind.name} ended`);
      });
    },
    kill: async (signal) => {
      const current = alive();
      if (current === undefined) throw new StackError(`${kind.name} does not run`);
      if (['SIGSTOP', 'SIGCONT'].includes(signal)) return signalGroup(current.pid, signal);
      asked.add(current);
      signalGroup(current.pid, signal);
      await current.exited;
    },
    killNow: () => {
      const current = alive();
      if (current !== undefined) signalGroup(current.pid, 'SIGKILL');
    },
    stop: async () => {
      closed = true;
      await end(STOP_GRACE_MS);
    },
  };
}
