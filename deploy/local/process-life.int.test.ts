import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { cached, withLock } from './cache.ts';
import { claimPorts } from './ports.ts';
import { endChild, processAlive, startChild } from './processes.ts';
import { clearDeadRuns, runName } from './runs.ts';
import { until } from './until.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lotwarden-local-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const gone = (pid: number) =>
  until(
    `end of ${pid}`,
    5_000,
    async () => expect(processAlive(pid)).toBe(false),
    () => undefined,
  );

/** A process id that belongs to nobody any more. */
async function deadPid(): Promise<number> {
  const child = spawn('true');
  await once(child, 'exit');
  return child.pid!;
}

test('a child that ignores SIGTERM is killed after its time', async () => {
  const deaf = { program: 'sh', args: ['-c', 'trap "" TERM; echo ready; while :; do sleep 1; done'] };
  const child = startChild('deaf', deaf, folder, process.env);
  const isReady = async () => expect(await readFile(child.logFile, 'utf8')).toContain('ready');
  await until('the child', 5_000, isReady, child.ending);
  await endChild(child, 200);
  expect(child.ending()).toMatch(/^deaf ended by SIGKILL\. Its last words: ready/);
});

// Linux: the kernel does it.
test('a child dies with an owner that was killed outright', async () => {
  const script = path.join(folder, 'owner.ts');
  const processes = path.join(import.meta.dirname, 'processes.ts');
  await writeFile(
    script,
    `import { startChild } from ${JSON.stringify(processes)};
     console.log(startChild('child', { program: 'sleep', args: ['600'] }, ${JSON.stringify(folder)}, process.env).pid);`,
  );
  const owner = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'] },
  });
  const [said] = (await once(owner.stdout, 'data')) as [Buffer];
  const child = Number(said.toString());
  expect(processAlive(child)).toBe(true);
  owner.kill('SIGKILL');
  await gone(child);
});

test('what a run without owner left is ended and removed, and a live run is left alone', async () => {
  const dead = path.join(folder, runName(new Date(), await deadPid(), 'dead00'));
  const live = path.join(folder, runName(new Date(), process.pid, 'a11ce0'));
  await Promise.all([mkdir(dead), mkdir(live)]);
  const orphan = startChild('kafka', { program: 'sleep', args: ['600'] }, dead, process.env);
  const working = startChild('kafka', { program: 'sleep', args: ['600'] }, live, process.env);
  // a process id that has gone to a stranger meanwhile
  await writeFile(path.join(dead, 'mongo.pid'), String(process.pid));

  expect(await clearDeadRuns(folder)).toEqual([path.basename(dead)]);

  await gone(orphan.pid);
  expect([existsSync(dead), existsSync(live), processAlive(working.pid)]).toEqual([false, true, true]);
  await endChild(working, 1_000);
});

test('a cache entry is filled once by two at a time, and one that failed leaves nothing', async () => {
  let fills = 0;
  const fill = async (staging: string) => {
    fills += 1;
    await writeFile(path.join(staging, 'file'), 'x');
  };
  await Promise.all([cached(folder, 'entry', fill), cached(folder, 'entry', fill)]);
  expect(fills).toBe(1);

  const refused = cached(folder, 'other', async (staging) => {
    await writeFile(path.join(staging, 'file'), 'y');
    throw new Error('not what is pinned');
  });
  await expect(refused).rejects.toThrow('not what is pinned');
  expect(existsSync(path.join(folder, 'other'))).toBe(false);
});

test('the lock of a dead holder is taken over', async () => {
  const lock = path.join(folder, 'x.lock');
  await writeFile(lock, String(await deadPid()));
  expect(await withLock(lock, async () => 'done')).toBe('done');
  expect(existsSync(lock)).toBe(false);
});

test('two runs never get the same ports, even when they draw the same number', async () => {
  const draws = [0.5, 0.5, 0.25];
  const first = await claimPorts('127.0.0.1', 4, () => 0.5);
  const second = await claimPorts('127.0.0.1', 4, () => draws.pop() ?? 0.75);
  const third = await claimPorts('127.0.0.1', 4, () => draws.shift() ?? 0.75);
  expect(new Set([first.port(1), second.port(1), third.port(1)]).size).toBe(3);
  await Promise.all([first.release(), second.release(), third.release()]);
});
