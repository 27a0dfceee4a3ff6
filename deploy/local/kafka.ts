import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { cached, sha256, withLock } from './cache.ts';
import { parseManifest, refuseUnexpected } from './checksum.ts';
import { type Environment, StackError, type Survey } from './find.ts';
import { aptInstall, isExecutable, lastLines, majorAfter, mayUseApt, onPath, run } from './machine.ts';
import { pins } from './pins.ts';
import type { Command } from './processes.ts';
import type { Place, ServerKind } from './server.ts';

/** A Java to run it with and the folder with the broker's jars. */
export type KafkaProgram = { readonly java: string; readonly jars: string };

const here = path.join(import.meta.dirname, 'kafka');

export const kafka: ServerKind<KafkaProgram> = {
  name: 'kafka',
  survey,
  install,
  prepare,
  command: (program, place) => javaCommand(program, place, 'kafka.Kafka', [propertiesFile(place)]),
  address: (place) => `${place.host}:${place.port}`,
  check,
  readyMs: 60_000,
};

async function survey(env: Environment): Promise<Survey<KafkaProgram>> {
  const java = await findJava(env);
  const jars = installedJars(env);
  if (java !== undefined && jars !== undefined) return { kind: 'present', program: { java, jars }, where: jars };
  const apt = mayUseApt(env);
  const remedy = `Install Java ${pins.kafka.minimumJava} or newer and Maven (Debian, Ubuntu: apt-get install default-jre-headless maven)`;
  if (java === undefined && !apt) {
    return {
      kind: 'missing',
      lacks: `there is no Java ${pins.kafka.minimumJava} or newer to run the broker with`,
      remedy,
    };
  }
  if (jars === undefined && onPath('mvn', env) === undefined && !apt) {
    return {
      kind: 'missing',
      lacks: 'there is no Kafka 4 on this machine and no Maven (mvn) to fetch its jars with',
      remedy,
    };
  }
  return { kind: 'installable' };
}

async function findJava(env: Environment): Promise<string | undefined> {
  const home = env['JAVA_HOME'] ?? '';
  for (const java of [home === '' ? undefined : path.join(home, 'bin', 'java'), onPath('java', env)]) {
    if (java === undefined || !isExecutable(java)) continue;
    const major = majorAfter('version "', (await run(java, ['-version'], env)).stderr) ?? 0;
    if (major >= pins.kafka.minimumJava) return java;
  }
  return undefined;
}

/** Jars of a Kafka of the right generation that is unpacked on this machine. */
function installedJars(env: Environment): string | undefined {
  const script = onPath('kafka-server-start.sh', env);
  const homes = [env['KAFKA_HOME'], script === undefined ? undefined : path.resolve(realpathSync(script), '../..')];
  return homes
    .filter((home) => home !== undefined && home !== '')
    .map((home) => path.join(home ?? '', 'libs'))
    .find((libs) => {
      const server = existsSync(libs)
        ? readdirSync(libs).find((jar) => /^kafka_2\.13-\d.*\.jar$/.test(jar))
        : undefined;
      return server !== undefined && (majorAfter('kafka_2.13-', server) ?? 0) >= pins.kafka.minimumMajor;
    });
}

async function install(env: Environment, cache: string): Promise<KafkaProgram> {
  const manifest = await readFile(path.join(here, 'jars.sha256'), 'utf8');
  const entry = `kafka-${pins.kafka.version}-${createHash('sha256').update(manifest).digest('hex').slice(0, 12)}`;
  const downloaded = existsSync(path.join(cache, entry));
  await withLock(path.join(cache, 'apt.lock'), async () => {
    const packages = [
      ...((await findJava(env)) === undefined ? ['default-jre-headless'] : []),
      ...(downloaded || onPath('mvn', env) !== undefined ? [] : ['maven']),
    ];
    if (packages.length > 0) await aptInstall(packages, env);
  });
  const java = await findJava(env);
  if (java === undefined) {
    throw new StackError(
      `kafka: this distribution's Java is older than ${pins.kafka.minimumJava}; install a newer one.`,
    );
  }
  const jars = await cached(cache, entry, async (staging) => {
    await download(staging, env);
    const names = (await readdir(staging)).sort();
    const digests = await Promise.all(
      names.map(async (name) => [name, await sha256(path.join(staging, name))] as const),
    );
    refuseUnexpected(`kafka: the jars of Kafka ${pins.kafka.version}`, parseManifest(manifest), new Map(digests));
  });
  return { java, jars };
}

/** Maven resolves into a repository of its own that is thrown away, so nothing depends on what the machine's holds. */
async function download(staging: string, env: Environment): Promise<void> {
  const work = path.join(staging, '.maven');
  const args = [
    '--batch-mode',
    '--quiet',
    '--file',
    path.join(here, 'pom.xml'),
    `-Dmaven.repo.local=${work}/repository`,
  ];
  const copy = [
    `${pins.kafka.copyPlugin}:copy-dependencies`,
    `-DoutputDirectory=${work}/jars`,
    '-DincludeScope=runtime',
  ];
  const outcome = await run('mvn', [...args, ...copy], env);
  if (outcome.code !== 0) {
    const said = lastLines(
      (outcome.stdout + outcome.stderr)
        .split('\n')
        .filter((line) => line.includes('ERROR'))
        .slice(0, 2)
        .join('\n'),
    );
    throw new StackError(
      `kafka: Maven could not fetch Kafka ${pins.kafka.version}: ${said}. Check that mvn reaches its repository ` +
        '(a mirror or proxy belongs in its settings.xml), or point KAFKA_HOME at an unpacked Kafka 4.',
    );
  }
  for (const jar of await readdir(path.join(work, 'jars')))
    await rename(path.join(work, 'jars', jar), path.join(staging, jar));
  await rm(work, { recursive: true });
}

const propertiesFile = (place: Place) => path.join(place.dir, 'server.properties');

/** Formats the log directory: a KRaft broker does not start on a bare one. */
async function prepare(program: KafkaProgram, place: Place): Promise<Command> {
  await mkdir(path.join(place.dir, 'tmp'), { recursive: true });
  await writeFile(propertiesFile(place), serverProperties(place));
  // One that began with a dash would be taken for an option.
  const clusterId = Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64url').replace(/^-/, 'L');
  return javaCommand(
    program,
    place,
    'kafka.tools.StorageTool',
    ['format', '-t', clusterId, '-c', propertiesFile(place)],
    [
      '-XX:TieredStopAtLevel=1', // it lives for a second
    ],
  );
}

export function serverProperties(place: Place): string {
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@${place.host}:${place.innerPort}`,
    listeners: `PLAINTEXT://${place.host}:${place.port},CONTROLLER://${place.host}:${place.innerPort}`,
    'advertised.listeners': `PLAINTEXT://${place.host}:${place.port}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': path.join(place.dir, 'logs'),
    // Topics come from the contracts; a mistyped name must fail here as it does in production.
    'auto.create.topics.enable': false,
    'num.partitions': 1,
    'default.replication.factor': 1,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 4,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    // One member at a time is the rule here; waiting three seconds for more would only slow each start.
    'group.initial.rebalance.delay.ms': 0,
    // A broker that was killed may register again only when its old session is over.
    'broker.session.timeout.ms': 5_000,
    'broker.heartbeat.interval.ms': 500,
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

function javaCommand(
  program: KafkaProgram,
  place: Place,
  main: string,
  args: readonly string[],
  flags: readonly string[] = [],
): Command {
  const memory = ['-Xms256m', '-Xmx512m', '-XX:+UseSerialGC', '-XX:+ExitOnOutOfMemoryError'];
  const paths = [
    `-Djava.io.tmpdir=${path.join(place.dir, 'tmp')}`,
    `-Dlog4j2.configurationFile=${path.join(here, 'log4j2.properties')}`,
    '-Djava.awt.headless=true',
  ];
  return {
    program: program.java,
    args: [...memory, ...flags, ...paths, '-cp', path.join(program.jars, '*'), main, ...args],
  };
}

/** Ready when a client sees the broker itself in the cluster's metadata. */
async function check(address: string): Promise<void> {
  const client = new Kafka({
    brokers: address.split(','),
    clientId: 'lotwarden-stack',
    logLevel: logLevel.NOTHING,
    connectionTimeout: 2_000,
    requestTimeout: 5_000,
    retry: { retries: 0 },
  });
  const admin = client.admin();
  try {
    await admin.connect();
    const cluster = await admin.describeCluster();
    if (cluster.brokers.length === 0 || cluster.controller === null)
      throw new StackError('kafka: no broker is registered yet');
  } finally {
    await admin.disconnect();
  }
}
