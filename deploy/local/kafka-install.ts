import { createHash } from 'node:crypto';
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { cached, sha256, withLock } from './cache.ts';
import { parseManifest, refuseUnexpected } from './checksum.ts';
import { type Environment, StackError, type Survey } from './find.ts';
import { aptInstall, isExecutable, lastLines, majorAfter, mayUseApt, onPath, run } from './machine.ts';
import { pins } from './pins.ts';

/**
 * A Java to run it with, the folder with the broker's jars, and where an archive of its loaded classes is kept or may be
 * made, which halves the work of a start.
 */
export type KafkaProgram = { readonly java: string; readonly jars: string; readonly classArchive?: string };

const here = path.join(import.meta.dirname, 'kafka');

export async function survey(env: Environment): Promise<Survey<KafkaProgram>> {
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

export async function install(env: Environment, cache: string): Promise<KafkaProgram> {
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
  const runtime = createHash('sha256')
    .update((await run(java, ['-version'], env)).stderr)
    .digest('hex');
  return { java, jars, classArchive: `${jars}-java-${runtime.slice(0, 12)}.jsa` };
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
