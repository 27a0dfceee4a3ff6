import { randomUUID } from 'node:crypto';
import { createServer, connect as dial, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { createLog } from '../log/log.ts';
import { until } from '../testing/until.ts';
import { stack } from '../testing/stack.ts';
import type { Run } from './job.ts';
import { startJobs, type RunnerSettings } from './runner.ts';

const log = createLog({ service: 'test', level: 'silent' });

const settings = (over: Partial<RunnerSettings>): RunnerSettings => ({
  service: 'test',
  redisUrl: stack().redis,
  prefix: `${randomUUID()}-`,
  jobs: [],
  queues: [],
  log,
  ...over,
});

test('a job comes round, a wake is handled with its id, and the same attempt is woken once', async () => {
  let rounds = 0;
  const woken: string[] = [];
  const runner = await startJobs(
    settings({
      jobs: [
        {
          name: 'watch',
          every: 50,
          handle: async () => {
            rounds += 1;
          },
        },
      ],
      queues: [{ name: 'deliver', concurrency: 4, handle: async (id) => void woken.push(id) }],
    }),
  );
  await runner.wake('deliver', 'later', { delay: 300, attempt: 1 });
  await runner.wake('deliver', 'later', { delay: 300, attempt: 1 });
  await runner.wake('deliver', 'N:1|a', { attempt: 1 });
  await until(() => rounds >= 3 && woken.length >= 2);
  await runner.stop();
  expect(woken).toEqual(['N:1|a', 'later']);
  await expect(runner.wake('nobody', 'x')).rejects.toThrow('no queue');
});

test('a wake carries the trace that led to it through Redis, and without Redis', async () => {
  const trace = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  const heard: unknown[] = [];
  const queues = [{ name: 'deliver', handle: async (id: string, run: Run) => void heard.push([id, run.trace]) }];
  const runner = await startJobs(settings({ queues }));
  await runner.wake('deliver', 'over Redis', { trace });
  await until(() => heard.length === 1);
  await runner.stop();
  const alone = await startJobs(settings({ queues, redisUrl: 'redis://127.0.0.1:1' }));
  await alone.wake('deliver', 'alone', { trace });
  await alone.wake('deliver', 'untold');
  await until(() => heard.length === 3);
  await alone.stop();
  expect(heard).toEqual([
    ['over Redis', trace],
    ['alone', trace],
    ['untold', undefined],
  ]);
});

test('a job that throws comes round again', async () => {
  let rounds = 0;
  const outcomes: string[] = [];
  const handle = async (): Promise<void> => {
    if (rounds++ === 0) throw new Error('first time');
  };
  const onRun = (_name: string, outcome: string): void => void outcomes.push(outcome);
  const runner = await startJobs(settings({ jobs: [{ name: 'watch', every: 50, handle }], onRun }));
  await until(() => outcomes.includes('done'));
  await runner.stop();
  expect(outcomes[0]).toBe('failed');
});

test('while Redis is away this process goes on alone; when it is back, even empty, all resumes', async () => {
  const redisUrl = stack().redis;
  const proxy = await cuttable(redisUrl);
  const prefix = `${randomUUID()}-`;
  let rounds = 0;
  const woken: string[] = [];
  const runner = await startJobs(
    settings({
      prefix,
      redisUrl: proxy.url,
      jobs: [
        {
          name: 'watch',
          every: 100,
          handle: async () => {
            rounds += 1;
          },
        },
      ],
      queues: [{ name: 'deliver', handle: async (id) => void woken.push(id) }],
    }),
  );
  await until(() => rounds >= 2);

  proxy.cut();
  await until(() => !runner.connected());
  const before = rounds;
  await runner.wake('deliver', 'without-redis');
  await until(() => rounds >= before + 3 && woken.includes('without-redis'));

  const redis = new Redis(redisUrl);
  const keys = await redis.keys(`{${prefix}*`);
  expect(keys.length).toBeGreaterThan(0);
  await redis.del(...keys);
  await proxy.mend();
  await until(() => runner.connected());
  await until(async () => (await redis.keys(`{${prefix}*`)).length > 0);
  const after = rounds;
  await runner.wake('deliver', 'with-redis-again');
  await until(() => rounds >= after + 3 && woken.includes('with-redis-again'), 20_000);
  await runner.stop();
  redis.disconnect();
  proxy.end();
});

/** A way to Redis that can be cut. */
async function cuttable(url: string) {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = dial(Number(port), hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy()).on('close', () => void (near.destroy(), far.destroy()));
    }
    near.pipe(far).pipe(near);
  });
  const listen = (at: number) => new Promise<void>((resolve) => server.listen(at, '127.0.0.1', resolve));
  await listen(0);
  const { port: own } = server.address() as AddressInfo;
  const cut = (): void => {
    server.close();
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  return { url: `redis://127.0.0.1:${own}`, cut, mend: () => listen(own), end: cut };
}
