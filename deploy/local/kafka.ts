import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { StackError } from './find.ts';
import { install, type KafkaProgram, survey } from './kafka-install.ts';
import type { Command } from './processes.ts';
import type { Place, ServerKind } from './server.ts';

const logSettings = path.join(import.meta.dirname, 'kafka', 'log4j2.properties');
/** Writing the class archive at the first end of a broker takes Java some seconds. */
const ARCHIVE_MS = 20_000;

export const kafka: ServerKind<KafkaProgram> = {
  name: 'kafka',
  survey,
  install,
  prepare,
  command,
  address: (place) => `${place.host}:${place.port}`,
  check,
  readyMs: 60_000,
};

const propertiesFile = (place: Place) => path.join(place.dir, 'server.properties');

/** Formats the log directory: a KRaft broker does not start on a bare one. */
async function prepare(program: KafkaProgram, place: Place): Promise<Command> {
  await mkdir(path.join(place.dir, 'tmp'), { recursive: true });
  await writeFile(propertiesFile(place), serverProperties(place));
  // One that began with a dash would be taken for an option.
  const clusterId = Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64url').replace(/^-/, 'L');
  const format = ['format', '-t', clusterId, '-c', propertiesFile(place)];
  const briefly = ['-XX:TieredStopAtLevel=1', ...fromArchive(program)];
  return javaCommand(program, place, 'kafka.tools.StorageTool', format, briefly);
}

const fromArchive = ({ classArchive }: KafkaProgram) =>
  classArchive !== undefined && existsSync(classArchive) ? [`-XX:SharedArchiveFile=${classArchive}`] : [];

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

/** The first broker of a machine leaves an archive of its classes; a Java that finds one unfit ignores it. */
function command(program: KafkaProgram, place: Place): Command {
  const archive = program.classArchive;
  const broker = (flags: readonly string[]) =>
    javaCommand(program, place, 'kafka.Kafka', [propertiesFile(place)], flags);
  if (archive === undefined || existsSync(archive)) return broker(fromArchive(program));
  const made = path.join(place.dir, 'classes.jsa');
  return {
    ...broker([`-XX:ArchiveClassesAtExit=${made}`]),
    endsWithinMs: ARCHIVE_MS,
    afterEnd: async () => {
      if (!existsSync(made) || existsSync(archive)) return;
      const whole = `${archive}.${randomUUID()}`;
      await copyFile(made, whole);
      await rename(whole, archive);
    },
  };
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
    `-Dlog4j2.configurationFile=${logSettings}`,
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
