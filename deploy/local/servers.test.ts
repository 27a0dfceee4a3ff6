import { expect, test } from '@jest/globals';
import { cacheDirectory } from './cache.ts';
import { serverProperties } from './kafka.ts';
import { lastLines, majorAfter, onPath } from './machine.ts';
import { missingLibraries, mongodCommand } from './mongo.ts';
import { redisCommand } from './redis.ts';
import { ownerOf, runName } from './runs.ts';

const place = { host: '127.0.0.1', port: 15_001, innerPort: 15_002, dir: '/run/x' };

test('the cache is where the environment says, in its own folder', () => {
  expect(cacheDirectory({ LOTWARDEN_CACHE: '/c', XDG_CACHE_HOME: '/x', HOME: '/h' })).toBe('/c/lotwarden');
  expect(cacheDirectory({ XDG_CACHE_HOME: '/x', HOME: '/h' })).toBe('/x/lotwarden');
  expect(cacheDirectory({ HOME: '/h' })).toBe('/h/.cache/lotwarden');
});

test('every server listens on the loopback only and keeps its data in the run', () => {
  expect(serverProperties(place)).toContain('listeners=PLAINTEXT://127.0.0.1:15001,CONTROLLER://127.0.0.1:15002\n');
  expect(serverProperties(place)).toContain('log.dirs=/run/x/logs\n');
  expect(mongodCommand('mongod', place).args.join(' ')).toMatch(
    /--bind_ip 127\.0\.0\.1 .*--dbpath \/run\/x .*--replSet rs0/,
  );
  expect(redisCommand('redis', place).args.join(' ')).toMatch(/--bind 127\.0\.0\.1 .*--dir \/run\/x /);
});

test('the broker makes no topic by mistake, and Redis evicts nothing', () => {
  expect(serverProperties(place)).toContain('auto.create.topics.enable=false\n');
  expect(redisCommand('redis', place).args.join(' ')).toContain('--appendonly yes --maxmemory-policy noeviction');
});

test('versions are read from what programs say of themselves', () => {
  expect(majorAfter('version "', 'openjdk version "17.0.15" 2025-04-15')).toBe(17);
  expect(majorAfter('db version v', 'db version v6.0.5')).toBe(6);
  expect(majorAfter('kafka_2.13-', 'kafka_2.13-4.1.0.jar')).toBe(4);
  expect(majorAfter('v=', 'Redis server v=7.0.15 sha=0')).toBe(7);
  expect(majorAfter('v=', 'no such program')).toBeUndefined();
});

test('libraries that ldd does not find are named', () => {
  const ldd = '\tlibcurl.so.4 => not found\n\tlibm.so.6 => /lib/libm.so.6 (0x0)\n\tlibssl.so.3 => not found\n';
  expect(missingLibraries(ldd)).toEqual(['libcurl.so.4', 'libssl.so.3']);
});

test('a run names its owner, and other folders name none', () => {
  const name = runName(new Date('2026-11-22T10:00:00.000Z'), 4711, 'abc123');
  expect(name).toBe('20261122T100000-4711-abc123');
  expect([ownerOf(name), ownerOf('notes'), ownerOf('20261122T100000-x-abc')]).toEqual([4711, undefined, undefined]);
});

test('a program is looked for on the given PATH only', () => {
  expect(onPath('sh', { PATH: '/nowhere:/bin' })).toBe('/bin/sh');
  expect(onPath('sh', { PATH: '/nowhere' })).toBeUndefined();
  expect(onPath('sh', {})).toBeUndefined();
});

test('a message quotes the end of what a program said', () => {
  expect(lastLines('1\n2\n3\n4\n')).toBe('2 | 3 | 4');
});
