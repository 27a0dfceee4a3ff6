import { mkdir, symlink } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { connect as secureConnect } from 'node:tls';
import { withLock } from './cache.ts';
import { type Environment, StackError, type Survey } from './find.ts';
import { aptInstall, majorAfter, mayUseApt, onPath, run } from './machine.ts';
import { pins } from './pins.ts';
import type { Command } from './processes.ts';
import type { Place, ServerKind } from './server.ts';

export const redis: ServerKind<string> = {
  name: 'redis',
  survey,
  install,
  prepare,
  command: redisCommand,
  address: (place) => `redis://${place.host}:${place.port}`,
  check,
  readyMs: 15_000,
};

async function survey(env: Environment): Promise<Survey<string>> {
  const found = await findRedis(env);
  if (found !== undefined) return { kind: 'present', program: found, where: found };
  if (mayUseApt(env)) return { kind: 'installable' };
  const why =
    process.platform === 'linux' ? 'we may not install one (that takes root on Debian or Ubuntu)' : 'this is not Linux';
  return {
    kind: 'missing',
    lacks: `there is no redis-server on the PATH, and ${why}`,
    remedy: `Install Redis ${pins.redis.minimumMajor} or newer (apt-get install redis-server, brew install redis)`,
  };
}

/**
 * Debian and Ubuntu ship one binary under several names: redis-check-rdb of redis-tools is redis-server when called so.
 * Installing redis-tools alone leaves no Redis service running on the machine.
 */
async function install(env: Environment, cache: string): Promise<string> {
  await withLock(path.join(cache, 'apt.lock'), async () => {
    if ((await findRedis(env)) === undefined) await aptInstall(['redis-tools'], env);
  });
  const found = await findRedis(env);
  if (found !== undefined) return found;
  throw new StackError('redis: redis-tools was installed and holds no server; run apt-get install redis-server.');
}

async function findRedis(env: Environment): Promise<string | undefined> {
  for (const [program, teller] of [
    ['redis-server', 'redis-server'],
    ['redis-check-rdb', 'redis-cli'], // of one package; the first would take --version for a file
  ] as const) {
    const file = onPath(program, env);
    if (file === undefined) continue;
    const version = (await run(teller, ['--version'], env)).stdout;
    if ((majorAfter('v=', version) ?? majorAfter('redis-cli ', version) ?? 0) >= pins.redis.minimumMajor) return file;
  }
  return undefined;
}

/** The binary decides by its name what it is, so it is called through a link with the right one. */
async function prepare(program: string, place: Place): Promise<undefined> {
  await mkdir(place.dir, { recursive: true });
  await symlink(program, linkIn(place));
}

const linkIn = (place: Place) => path.join(place.dir, 'redis-server');

export function redisCommand(_program: string, place: Place): Command {
  const listen = ['--bind', place.host, '--port', String(place.port), '--dir', place.dir, '--daemonize', 'no'];
  // BullMQ's jobs may not be evicted, and outlive a restart.
  return {
    program: linkIn(place),
    args: [...listen, '--appendonly', 'yes', '--maxmemory-policy', 'noeviction', '--save', ''],
  };
}

/** Asks PING by hand: this workspace needs no Redis client for anything else. */
async function check(address: string): Promise<void> {
  const url = new URL(address);
  const secret = [url.username, url.password].filter((part) => part !== '').map(decodeURIComponent);
  const commands = [...(secret.length > 0 ? [['AUTH', ...secret]] : []), ['PING']];
  const port = Number(url.port === '' ? '6379' : url.port);
  const reply = await exchange(url.hostname, port, url.protocol === 'rediss:', commands.map(encode).join(''), '+PONG');
  if (!reply.includes('+PONG')) throw new StackError(`redis: it answers ${reply.trim() || 'nothing'} to a PING`);
}

const encode = (command: readonly string[]) =>
  `*${command.length}\r\n${command.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`).join('')}`;

function exchange(host: string, port: number, tls: boolean, request: string, last: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = tls ? secureConnect({ host, port, servername: host }) : connect(port, host);
    let reply = '';
    const done = () => {
      resolve(reply);
      socket.destroy();
    };
    socket.setTimeout(2_000, () => socket.destroy(new Error(`no answer from ${host}:${port} within 2 s`)));
    socket.once('error', reject);
    socket.once('end', done);
    socket.on('data', (chunk: Buffer) => {
      reply += chunk.toString('latin1');
      if (reply.includes(last) || /^-/m.test(reply)) done();
    });
    socket.write(request);
  });
}
