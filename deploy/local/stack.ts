import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { cacheDirectory } from './cache.ts';
import { chooseSource, type Environment, type ServerName, serverNames, type Source, StackError } from './find.ts';
import { kafka } from './kafka.ts';
import { mongo } from './mongo.ts';
import { claimPorts, type PortBlock } from './ports.ts';
import { type Child, type Command, endChild, signalGroup, startChild } from './processes.ts';
import { redis } from './redis.ts';
import { clearDeadRuns, createRun } from './runs.ts';
import type { Place, ServerKind } from './server.ts';
import { until } from './until.ts';

const HOST = '127.0.0.1';
/** Data is thrown away at stop, so nobody needs a long goodbye; at a restart it is kept. */
const STOP_GRACE_MS = 3_000;
const RESTART_GRACE_MS = 20_000;

export type Addresses = { readonly kafka: string; readonly mongo: string; readonly redis: string };

export type Stack = {
  /** Kafka as `host:port`, MongoDB and Redis as URLs. */
  readonly addresses: Addresses;
  /** Logs of the servers we started, and their data until `stop`. */
  readonly runDir: string;
  /** Process ids of the servers we started. */
  readonly pids: () => Partial<Record<ServerName, number>>;
  /** Ends the server in good order when it runs, starts it on the same port with the same data, waits until it is ready. */
  readonly restart: (server: ServerName) => Promise<void>;
  /** Sends a signal (SIGKILL unless told); waits for the end when the signal brings it. SIGSTOP and SIGCONT pause. */
  readonly kill: (server: ServerName, signal?: NodeJS.Signals) => Promise<void>;
  /** Ends every server we started and removes their data. Safe to call twice. */
  readonly stop: () => Promise<void>;
};

export type StackOptions = {
  /** Checkout whose `.lotwarden/runs` holds the run; the one this file is in unless told. */
  readonly root?: string;
  readonly env?: Environment;
  /** Told in a line what happens; silent unless given. */
  readonly log?: (line: string) => void;
  /** Told when a server ends without having been asked to. */
  readonly onUnexpectedEnd?: (message: string) => void;
  /** Leave SIGINT, SIGTERM and SIGHUP to the caller, who then has to call `stop`. */
  readonly ownSignals?: boolean;
};

type Running = { readonly address: string; readonly control?: Control };
type Control = {
  readonly pid: () => number | undefined;
  readonly restart: () => Promise<void>;
  readonly kill: (signal: NodeJS.Signals) => Promise<void>;
  readonly killNow: () => void;
  readonly stop: () => Promise<void>;
};
type Run = {
  readonly env: Environment;
  readonly dir: string;
  readonly ports: PortBlock;
  readonly log: (line: string) => void;
  readonly onUnexpectedEnd: (message: string) => void;
};

export const checkoutRoot = path.resolve(import.meta.dirname, '../..');

/**
 * Finds or installs Kafka, MongoDB and Redis, starts what was not given by address, and waits until all three work.
 * @throws StackError with a message for people; then nothing is left running, and the logs stay until the next start.
 */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const env = options.env ?? process.env;
  const log = options.log ?? (() => undefined);
  const runsDir = path.join(options.root ?? checkoutRoot, '.lotwarden', 'runs');
  const launches = await allOrNone([
    prepareLaunch(kafka, 0, env),
    prepareLaunch(mongo, 2, env),
    prepareLaunch(redis, 3, env),
  ]);
  const cleared = await clearDeadRuns(runsDir);
  if (cleared.length > 0) log(`removed what ${cleared.length} dead run(s) had left`);

  const started: Control[] = [];
  const ports = await claimPorts(HOST, 4);
  const dir = await createRun(runsDir);
  const run: Run = { env, dir, ports, log, onUnexpectedEnd: options.onUnexpectedEnd ?? log };
  const release = guardProcess(started, options.ownSignals === true ? undefined : () => stop());
  let stopping: Promise<void> | undefined;
  const stop = () => (stopping ??= end(started, run, release));

  try {
    const running = await allOrNone(launches.map((launch) => launch(run, (control) => started.push(control))));
    return assemble(running, dir, stop);
  } catch (error) {
    await Promise.all(started.map((control) => control.stop()));
    await ports.release();
    release();
    throw error;
  }
}

function assemble(running: readonly Running[], runDir: string, stop: () => Promise<void>): Stack {
  const of = (server: ServerName): Running => {
    const found = running[serverNames.indexOf(server)];
    if (found === undefined) throw new StackError(`${server} is not part of this stack`);
    return found;
  };
  const control = (server: ServerName): Control => {
    const found = of(server).control;
    if (found === undefined)
      throw new StackError(`${server} was given by address, so it is not ours to stop or restart`);
    return found;
  };
  return {
    addresses: { kafka: of('kafka').address, mongo: of('mongo').address, redis: of('redis').address },
    runDir,
    pids: () =>
      Object.fromEntries(
        serverNames.flatMap((server) => {
          const pid = of(server).control?.pid();
          return pid === undefined ? [] : [[server, pid]];
        }),
      ),
    restart: (server) => control(server).restart(),
    kill: (server, signal = 'SIGKILL') => control(server).kill(signal),
    stop,
  };
}

type Launch = (run: Run, started: (control: Control) => void) => Promise<Running>;

/** Looks where a server comes from; the rest waits until it is known for all of them. */
async function prepareLaunch<P>(kind: ServerKind<P>, portIndex: number, env: Environment): Promise<Launch> {
  const source = await chooseSource(kind.name, env, () => kind.survey(env));
  return async (run, started) => {
    const since = performance.now();
    const seconds = () => ((performance.now() - since) / 1000).toFixed(1);
    if (source.kind === 'given') {
      await until(
        `${kind.name} at ${withoutSecret(source.address)}`,
        10_000,
        () => kind.check(source.address),
        () => undefined,
      );
      run.log(`${kind.name}: ${withoutSecret(source.address)} answers`);
      return { address: source.address };
    }
    const program = await programOf(kind, source, run);
    const place: Place = {
      host: HOST,
      port: run.ports.port(portIndex + 1),
      innerPort: run.ports.port(portIndex + 2),
      dir: path.join(run.dir, kind.name),
    };
    const preparation = await kind.prepare(program, place);
    if (preparation !== undefined) await runToEnd(`${kind.name}-prepare`, preparation, run);
    const control = controlled(kind, kind.command(program, place), place, run);
    started(control);
    await control.restart();
    run.log(`${kind.name}: ready on ${place.host}:${place.port} after ${seconds()} s`);
    return { address: kind.address(place), control };
  };
}

async function programOf<P>(kind: ServerKind<P>, source: Exclude<Source<P>, { kind: 'given' }>, run: Run): Promise<P> {
  if (source.kind === 'program') {
    run.log(`${kind.name}: using ${source.where}`);
    return source.program;
  }
  const cache = cacheDirectory(run.env);
  await mkdir(cache, { recursive: true });
  return kind.install(run.env, cache);
}

async function runToEnd(name: string, command: Command, run: Run): Promise<void> {
  const child = startChild(name, command, run.dir, run.env);
  const { code } = await child.exited;
  if (code !== 0) throw new StackError(child.ending() ?? `${name} failed; see ${child.logFile}`);
}

/** One server of ours: started again and again on the same place. */
function controlled<P>(kind: ServerKind<P>, command: Command, place: Place, run: Run): Control {
  let child: Child | undefined;
  let closed = false;
  const asked = new WeakSet<Child>();
  const alive = () => (child !== undefined && child.ending() === undefined ? child : undefined);
  const end = async (graceMs: number) => {
    const current = alive();
    if (current === undefined) return;
    asked.add(current);
    await endChild(current, graceMs);
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

async function end(started: readonly Control[], run: Run, release: () => void): Promise<void> {
  await Promise.all(started.map((control) => control.stop()));
  await run.ports.release();
  await rm(run.dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  release();
}

/** Takes the servers down with this process: at its exit in any case, at a signal in good order. */
function guardProcess(started: readonly Control[], stopAtSignal: (() => Promise<void>) | undefined): () => void {
  const atExit = () => started.forEach((control) => control.killNow());
  process.on('exit', atExit);
  const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
  const atSignal = (signal: NodeJS.Signals) => {
    const code = signals[signal as keyof typeof signals];
    stopAtSignal?.().then(
      () => process.exit(code),
      () => process.exit(code), // the exit guard kills what is left
    );
  };
  const heard = stopAtSignal === undefined ? [] : (Object.keys(signals) as (keyof typeof signals)[]);
  heard.forEach((signal) => process.on(signal, atSignal));
  return () => {
    process.off('exit', atExit);
    heard.forEach((signal) => process.off(signal, atSignal));
  };
}

/** Waits for all, so that one message tells everything that is wrong. */
async function allOrNone<R>(promises: readonly Promise<R>[]): Promise<R[]> {
  const settled = await Promise.allSettled(promises);
  const reasons = settled.flatMap((result) => (result.status === 'rejected' ? [result.reason as Error] : []));
  const fault = reasons.find((reason) => !(reason instanceof StackError));
  if (fault !== undefined) throw fault;
  if (reasons.length > 0) throw new StackError([...new Set(reasons.map((reason) => reason.message))].join('\n'));
  return settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

function withoutSecret(address: string): string {
  return address.replace(/\/\/[^@/]*@/, '//…@');
}
