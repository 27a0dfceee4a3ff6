import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { StackError } from '../local/find.ts';
import { claimPorts } from '../local/ports.ts';
import { endChild, signalGroup, startChild, type Child } from '../local/processes.ts';
import { checkoutRoot, type Addresses } from '../local/stack.ts';
import { until } from '../local/until.ts';

/** Each fetches its own token with its own secret; so do the outside systems. */
const MACHINES = [
  ...['receiving', 'mes-bridge', 'qms', 'serialization', 'warehouse', 'field', 'traceability', 'recall'],
  ...['notification', 'identity', 'console', 'system-mes', 'system-wms', 'system-lims'],
] as const;

const READY_MS = 60_000;
const HEAP_MB = 320;
/** A little longer than the services give themselves. */
const STOP_MS = 30_000;

/** Everything this run made up: nobody else can sign in, seal or sign with it. */
export interface Secrets {
  readonly administrator: string;
  readonly keys: string;
  readonly endpoints: string;
  readonly clients: Readonly<Record<string, string>>;
}

export const makeSecrets = (): Secrets => {
  const secret = () => randomBytes(24).toString('base64url');
  return {
    administrator: secret(),
    keys: secret(),
    endpoints: secret(),
    clients: Object.fromEntries(MACHINES.map((id) => [id, secret()])),
  };
};

/** One installation: servers, the names it uses on them, and its secrets. Services may run in one process or in many. */
export interface Installation {
  readonly addresses: Addresses;
  /** Before topics and groups, and before databases; empty where the servers are this run's own. */
  readonly topicPrefix: string;
  readonly databasePrefix: string;
  readonly gateway: string;
  readonly secrets: Secrets;
  readonly environment: Readonly<Record<string, string>>;
  /** Gives the gateway's port back. */
  readonly release: () => Promise<void>;
}

export interface InstallationOptions {
  readonly addresses: Addresses;
  /** Whether others use these servers too. */
  readonly shared: boolean;
  /** Until when a party has to answer a class I notice, in hours: a story cannot wait for a day. */
  readonly answerHours: number;
  /** Services that others must find though they run in a process of their own, and find again when it was killed. */
  readonly apart?: readonly string[];
  readonly extra?: Readonly<Record<string, string>>;
}

/** Chooses ports, names and secrets for services that are still to be started. */
export async function prepareInstallation(options: InstallationOptions): Promise<Installation> {
  const { addresses, shared, answerHours, apart = [], extra = {} } = options;
  const run = randomBytes(3).toString('hex');
  const ports = await claimPorts('127.0.0.1', 1 + apart.length);
  const port = ports.port(1);
  const fixed = apart.flatMap((name, at) => {
    const variable = name.replaceAll('-', '_').toUpperCase();
    const own = String(ports.port(2 + at));
    return [
      [`${variable}_PORT`, own],
      [`${variable}_URL`, `http://127.0.0.1:${own}`],
    ] as const;
  });
  const gateway = `http://127.0.0.1:${port}`;
  const secrets = makeSecrets();
  const topicPrefix = shared ? `demo-${run}.` : '';
  const databasePrefix = shared ? `demo-${run}-` : '';
  const environment = {
    KAFKA_BROKERS: addresses.kafka,
    MONGO_URL: addresses.mongo,
    REDIS_URL: addresses.redis,
    TOPIC_PREFIX: topicPrefix,
    DATABASE_PREFIX: databasePrefix,
    LOG_LEVEL: 'info',
    CONSOLE_PORT: String(port),
    OIDC_ISSUER: `${gateway}/openid`,
    SIGNING_KEYS_URL: `${gateway}/api/identity/signing-keys`,
    IDENTITY_ADMINISTRATOR_PASSWORD: secrets.administrator,
    KEY_SECRET: secrets.keys,
    ENDPOINT_KEY: secrets.endpoints,
    ...Object.fromEntries(MACHINES.map((id) => [variableOf(id), secrets.clients[id] ?? ''])),
    INBOUND_SOURCES: 'mes.inbound.v1=MES-SZ1|MES-SU2,lims.inbound.v1=LIMS-1,wms.inbound.v1=WMS-SZ1|WMS-SU2',
    // The distributors of the story are small servers on this machine.
    ALLOW_LOOPBACK: 'true',
    ANSWER_URL: `${gateway}/api/notification/answers`,
    ESCALATE_AFTER: '2000',
    RECALL_ANSWER_HOURS_CLASS_I: String(answerHours),
    ...Object.fromEntries(fixed),
    ...extra,
  };
  return { addresses, topicPrefix, databasePrefix, gateway, secrets, environment, release: ports.release };
}

/**
 * Collections, indexes and topics belong to the installation and are there before its services: one run of the same
 * program that makes them and ends, as a job does elsewhere.
 */
export async function layOut({ environment }: Pick<Installation, 'environment'>, runDir: string): Promise<void> {
  const child = startChild('lay-out', program({ ...environment, SERVICE: 'all', LAY_OUT: 'only' }), runDir, around());
  const { code } = await child.exited;
  if (code !== 0)
    throw new StackError(child.ending() ?? `the installation could not be laid out: see ${child.logFile}`);
}

const variableOf = (machine: string): string => `${machine.replaceAll('-', '_').toUpperCase()}_CLIENT_SECRET`;

/** Services in one process of their own. */
export interface ServiceProcess {
  readonly pid: number;
  readonly logFile: string;
  /** Milliseconds from the start until all were ready. */
  readonly readyMs: number;
  readonly addresses: Readonly<Record<string, string>>;
  /** Resident memory in bytes now, and the most it ever was; undefined where the system does not tell. */
  readonly memory: () => { readonly now: number; readonly peak: number } | undefined;
  readonly kill: () => Promise<void>;
  /** Orderly; throws when it does not end with 0. */
  readonly stop: () => Promise<void>;
  /** Why it ended; undefined while it runs. */
  readonly ending: () => string | undefined;
}

/** `SERVICE=<names>`, started and ready. */
export async function startServices(
  names: string,
  { environment }: Pick<Installation, 'environment'>,
  runDir: string,
): Promise<ServiceProcess> {
  const began = performance.now();
  const name = `services-${names.replaceAll(',', '-')}`;
  const before = logged(path.join(runDir, `${name}.log`)).length;
  const child = startChild(name, program({ ...environment, SERVICE: names }), runDir, around());
  const ready = () => {
    const line = logged(child.logFile)
      .slice(before)
      .split('\n')
      .find((text) => text.startsWith('{"ready"') && text.endsWith('}'));
    if (line === undefined) return Promise.reject(new StackError(`see ${child.logFile}`));
    return Promise.resolve((JSON.parse(line) as { ready: Record<string, string> }).ready);
  };
  try {
    const addresses = await until(`SERVICE=${names}`, READY_MS, ready, child.ending);
    return running(child, performance.now() - began, addresses);
  } catch (error) {
    signalGroup(child.pid, 'SIGKILL');
    throw error;
  }
}

/**
 * All services, together in one process but for those that are to have one of their own: so that a person, or a test, can
 * take one away and see what the others say.
 */
export async function startAll(
  installation: Pick<Installation, 'environment'>,
  runDir: string,
  apart: readonly string[] = [],
): Promise<{ readonly services: ServiceProcess; readonly apart: ReadonlyMap<string, ServiceProcess> }> {
  const all = MACHINES.filter((name) => !name.startsWith('system-'));
  const stranger = apart.find((name) => !all.some((known) => known === name));
  if (stranger !== undefined)
    throw new StackError(`APART: there is no service ${stranger}; there are ${all.join(', ')}`);
  const together = apart.length === 0 ? 'all' : all.filter((name) => !apart.includes(name)).join(',');
  const starting = await Promise.allSettled(
    [together, ...apart].map((names) => startServices(names, installation, runDir)),
  );
  const running = starting.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const [services, ...own] = running;
  if (!services || running.length < starting.length) {
    await Promise.all(running.map((one) => one.kill()));
    throw starting.find((one) => one.status === 'rejected')?.reason;
  }
  return { services, apart: new Map(apart.flatMap((name, at) => (own[at] ? [[name, own[at]] as const] : []))) };
}

/** The services' program with these settings. */
const program = (env: Readonly<Record<string, string>>) => ({
  program: process.execPath,
  args: [
    '--disable-warning=TimeoutNegativeWarning',
    '--disable-warning=ExperimentalWarning',
    // Garbage is fetched before the machine feels it; what is alive is a third of this.
    `--max-old-space-size=${HEAP_MB}`,
    ...['--import', path.join(checkoutRoot, 'platform/src/telemetry.ts')],
    path.join(checkoutRoot, 'services/main.ts'),
  ],
  env,
});

const around = () => ({
  ...passedOn(),
  NODE_COMPILE_CACHE: path.join(checkoutRoot, 'node_modules/.cache/compile'),
});

/** Where telemetry goes is the caller's to say; nothing else of its environment reaches the services. */
const passedOn = (): Record<string, string | undefined> =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => /^(PATH|OTEL_\w+|LOTWARDEN_\w+)$/.test(name)));

function running(child: Child, readyMs: number, addresses: Readonly<Record<string, string>>): ServiceProcess {
  return {
    pid: child.pid,
    logFile: child.logFile,
    readyMs,
    addresses,
    ending: child.ending,
    memory: () => memoryOf(child.pid),
    kill: async () => {
      signalGroup(child.pid, 'SIGKILL');
      await child.exited;
    },
    stop: async () => {
      const early = child.ending();
      if (early !== undefined) throw new StackError(early);
      await endChild(child, STOP_MS);
      const { code } = await child.exited;
      if (code !== 0) throw new StackError(child.ending() ?? 'the services did not end in good order');
    },
  };
}

function logged(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return '';
  }
}

/** From /proc (proc(5): VmRSS and VmHWM in kB). */
function memoryOf(pid: number): { now: number; peak: number } | undefined {
  const status = logged(`/proc/${pid}/status`);
  const bytes = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) * 1024;
  return status === '' ? undefined : { now: bytes('VmRSS'), peak: bytes('VmHWM') };
}
