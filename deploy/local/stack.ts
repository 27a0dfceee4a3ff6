import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { cacheDirectory } from './cache.ts';
import { type Control, controlled, type Run, runToEnd } from './control.ts';
import {
  addressVariable,
  chooseSource,
  type Environment,
  type ServerName,
  serverNames,
  type Source,
  StackError,
} from './find.ts';
import { kafka } from './kafka.ts';
import { mongo } from './mongo.ts';
import { claimPorts } from './ports.ts';
import { guardProcess } from './process-guard.ts';
import { redis } from './redis.ts';
import { clearDeadRuns, createRun } from './runs.ts';
import type { Place, ServerKind } from './server.ts';
import { until } from './until.ts';

const HOST = '127.0.0.1';
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
    restart: async (server) => control(server).restart(),
    kill: async (server, signal = 'SIGKILL') => control(server).kill(signal),
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
        `${kind.name} at ${withoutSecret(source.address)} (${addressVariable[kind.name]})`,
        5_000,
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

async function end(started: readonly Control[], run: Run, release: () => void): Promise<void> {
  await Promise.all(started.map((control) => control.stop()));
  await run.ports.release();
  await rm(run.dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  release();
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
